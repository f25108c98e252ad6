import {rmSync} from "node:fs";
import type {RunEvent, UsedParameter} from "../notebook/run-outcome.js";
import {removeHalfWritten} from "../whole-file.js";
import {removeEarlierPages} from "./earlier-pages.js";
import {toEventLine} from "./log/event-line.js";
import {openLiveFile} from "./log/live-file.js";
import {configFiles, writeConfig} from "./record/config-files.js";
import type {Provenance} from "./record/provenance.js";
import {runningRecord} from "./record/run-record.js";
import type {ResultContext} from "./result-context.js";

/** A result folder in which a run has begun. */
export interface BegunResult {
  /** Record and config are on disk: the first cell may run. */
  readonly ready: Promise<void>;
  addEvent(event: RunEvent): void;
  /** @throws PublishError `write-failed` when anything so far could not be written */
  end(): Promise<void>;
}

/**
 * Makes the folder say that a run goes on: marker, pages and pictures of an earlier one go
 * first, then its record gives way to one that reads `running`, and the logs begin.
 *
 * @throws PublishError `write-failed`
 */
export function beginResult(
  event: RunEvent,
  context: ResultContext & {readonly provenance: Promise<Provenance>},
): BegunResult {
  const {log, name, now, paths, request} = context;
  rmSync(paths.success, {force: true});
  rmSync(paths.pageLog, {force: true});
  removeEarlierPages(paths.folder, {name, index: request.index ?? 0});
  rmSync(paths.figures, {recursive: true, force: true});
  const events = openLiveFile(paths.events);
  const runLog = openLiveFile(paths.runLog);
  log.attach(runLog);
  const parameters = event.type === "run-started" ? event.parameters : undefined;
  const ready = writeBeginning(context, parameters);
  ready.catch(() => {}); // told by end
  return {
    ready,
    addEvent: (next) => events.add(toEventLine(next, now())),
    end: async () => {
      log.attach(null);
      events.close();
      runLog.close();
      await ready;
    },
  };
}

async function writeBeginning(
  {provenance, ...context}: ResultContext & {readonly provenance: Promise<Provenance>},
  parameters: readonly UsedParameter[] | undefined,
): Promise<void> {
  const {attempt, name, paths, request, runnerLog, source, startedAt, writeFile} = context;
  const {notebookPath} = request;
  for (const folder of [paths.folder, request.dstDir]) await removeHalfWritten(folder);
  const beginning = {name, notebookPath, source, startedAt, provenance: await provenance};
  await writeFile(paths.record, `${JSON.stringify(runningRecord(beginning), null, 2)}\n`);
  if (parameters !== undefined) {
    await writeConfig(configFiles(parameters, request), paths, writeFile);
  }
  await runnerLog.add(`${name} ${request.index ?? 0}: attempt ${attempt} started`);
}
