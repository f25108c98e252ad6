import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join, relative} from "node:path";
import {pathToFileURL} from "node:url";
import {exitCodeOf, type RunOutcome} from "../notebook/run-outcome.js";
import {formatNotebook} from "../notebook/write-notebook.js";
import {paintFigures} from "../render/figures.js";
import type {AheadPainter} from "../render/paint-ahead.js";
import type {WriteFile} from "../whole-file.js";
import {configFiles, writeConfig} from "./config-files.js";
import type {Provenance} from "./provenance.js";
import type {PublishRequest, PublishResult, PublishStatus} from "./publish-request.js";
import type {ResultPaths} from "./result-folder.js";
import {makePage} from "./result-page.js";
import type {RunLog} from "./run-log.js";
import {type Artefact, sha256, toRunRecord} from "./run-record.js";
import type {RunnerLog} from "./runner-log.js";

/** Everything that writing a result needs beside the outcome. */
export interface ResultContext {
  readonly name: string;
  /** The notebook file as it was read. */
  readonly source: string;
  readonly request: PublishRequest;
  readonly paths: ResultPaths;
  readonly log: RunLog;
  readonly painter: AheadPainter;
  readonly writeFile: WriteFile;
  readonly runnerLog: RunnerLog;
  /** Counts from 1. */
  readonly attempt: number;
  /** Epoch milliseconds of this attempt. */
  readonly startedAt: number;
  readonly now: () => number;
}

/** What is known once the run is over. */
export interface EndedContext extends ResultContext {
  readonly provenance: Provenance;
}

/** Writes one file of the result and remembers it for the record. */
interface Writer {
  readonly artefacts: readonly Artefact[];
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Remembers a file that is there already. */
  note(path: string): Promise<void>;
}

/**
 * Writes the whole result of a run, the success marker last.
 *
 * @throws PublishError `write-failed`; there is no marker then
 */
export async function writeResult(
  outcome: RunOutcome,
  context: EndedContext,
): Promise<PublishResult> {
  const {paths, request} = context;
  const writer = createWriter(paths, context.writeFile);
  await writer.write(paths.notebook, formatNotebook(outcome.notebook));
  const config = configFiles(outcome.parameters, request);
  await writeConfig(config, paths, (path, content) => writer.write(path, content));
  await writer.write(paths.results, `${JSON.stringify(outcome.results, null, 2)}\n`);
  const page = await writePage(outcome, context, writer);
  const link = pathToFileURL(paths.page).href;
  const status = statusOf(outcome, page.problems);
  const copies =
    status === "ok" ? await publishCopies(page.html, request, context.writeFile) : none;
  const links = [paths.page, ...copies.paths].map((path) => pathToFileURL(path).href);
  await writer.write(paths.pageLog, `${links.join("\n")}\n`);
  const end = {
    status: copies.problem === null ? status : ("publish-failed" as const),
    problems: copies.problem === null ? page.problems : [...page.problems, copies.problem],
  };
  await closeResult(outcome, {...context, ...end, link}, writer);
  const {status: ended, problems} = end;
  return {
    status: ended,
    exitCode: publishExitCode(ended, request),
    outcome,
    paths,
    link,
    copies: copies.paths,
    problems,
  };
}

/** What a command that published a notebook exits with. */
function publishExitCode(status: PublishStatus, {allowErrors}: PublishRequest): number {
  if (status === "cell-failed" && allowErrors === true) return 0;
  if (status === "render-failed") return 8;
  return status === "publish-failed" ? 9 : exitCodeOf[status];
}

function statusOf({status}: RunOutcome, problems: readonly string[]): PublishStatus {
  return status === "ok" && problems.length > 0 ? "render-failed" : status;
}

function createWriter({figures, folder, ...paths}: ResultPaths, writeFile: WriteFile): Writer {
  const artefacts: Artefact[] = [];
  const steady = [paths.configJson, paths.configText, paths.results];
  const add = (path: string, content: string | Uint8Array) =>
    artefacts.push({
      path: relative(folder, path).replaceAll("\\", "/"),
      bytes: Buffer.byteLength(content),
      sha256: sha256(content),
      volatile: !(steady.includes(path) || path.startsWith(figures)),
    });
  return {
    artefacts,
    async write(path, content) {
      await writeFile(path, content);
      add(path, content);
    },
    async note(path) {
      if (existsSync(path)) add(path, await readFile(path));
    },
  };
}

async function writePage(
  outcome: RunOutcome,
  {name, request, paths, log, painter, provenance}: EndedContext,
  writer: Writer,
) {
  const {notebookPath, pathRoot} = request;
  const painted = await paintFigures(outcome.notebook, painter);
  for (const [figure, png] of painted.pictures) {
    await writer.write(join(paths.figures, `${figure}.png`), png);
  }
  const origin = {notebookPath, provenance, pathRoot};
  const page = makePage({name, outcome, painted, ...origin, logText: log.text});
  await writer.write(paths.page, page.html);
  return page;
}

interface Copies {
  readonly paths: readonly string[];
  readonly problem: string | null;
}

const none: Copies = {paths: [], problem: null};

async function publishCopies(
  html: string,
  {publishTo}: PublishRequest,
  writeFile: WriteFile,
): Promise<Copies> {
  const paths: string[] = [];
  try {
    for (const name of publishTo?.stableNames ?? []) {
      const path = join(publishTo?.dir ?? "", name);
      await writeFile(path, html);
      paths.push(path);
    }
    return {paths, problem: null};
  } catch (error) {
    return {paths, problem: error instanceof Error ? error.message : String(error)};
  }
}

interface Ending extends EndedContext {
  readonly status: PublishStatus;
  readonly problems: readonly string[];
  readonly link: string;
}

/** Logs, then the record that lists all files, then the marker. */
async function closeResult(outcome: RunOutcome, ending: Ending, writer: Writer): Promise<void> {
  const {attempt, link, log, name, paths, problems, request, status, writeFile} = ending;
  const exitCode = publishExitCode(status, request);
  for (const problem of problems) log.add(`problem: ${problem}`);
  if (outcome.failure !== null) log.add(`failed: ${outcome.failure.message}`);
  log.add(`ended: ${status}, exit code ${exitCode}; page ${link}`);
  await writer.write(paths.runLog, log.text());
  await writer.note(paths.events);
  const {artefacts} = writer;
  const {notebookPath} = request;
  const record = toRunRecord({...ending, notebookPath, outcome, exitCode, artefacts});
  await writeFile(paths.record, `${JSON.stringify(record, null, 2)}\n`);
  const ended = `attempt ${attempt} ended: ${status}, exit code ${exitCode}`;
  await ending.runnerLog.add(`${name} ${request.index ?? 0}: ${ended}; ${link}`);
  if (status === "ok") await writeFile(paths.success, "success\n");
}
