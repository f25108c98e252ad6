import {existsSync} from "node:fs";
import {readFile, rm} from "node:fs/promises";
import {join, relative} from "node:path";
import {pathToFileURL} from "node:url";
import {formatNotebook} from "../notebook/file/write-notebook.js";
import {exitCodeOf, type RunOutcome} from "../notebook/run-outcome.js";
import {type Pictures, paintFigures} from "../render/picture/figures.js";
import {sha256} from "../sha256.js";
import {withheldNotes} from "../site/publish-page.js";
import {settlesWithin} from "../timers.js";
import type {WriteFile} from "../whole-file.js";
import type {PublishRequest, PublishResult, PublishStatus} from "./publish-request.js";
import {configFiles, writeConfig} from "./record/config-files.js";
import {type Artefact, toRunRecord} from "./record/run-record.js";
import type {EndedContext} from "./result-context.js";
import type {ResultPaths} from "./result-folder.js";
import {makePage} from "./result-page.js";
import {publishShown} from "./site-publishing.js";

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
  const shown = {outcome, status, ...page};
  const {published, problem} = await publishShown(context, shown);
  for (const note of withheldNotes(published)) context.log.add(note);
  const links = published === null ? [] : [published.link, ...published.pointers];
  await writer.write(paths.pageLog, `${[link, ...links].join("\n")}\n`);
  const end = {
    status: status === "ok" && problem !== null ? ("publish-failed" as const) : status,
    problems: problem === null ? page.problems : [...page.problems, problem],
  };
  await closeResult(outcome, {...context, ...end, link}, writer);
  const {status: ended, problems} = end;
  return {
    status: ended,
    exitCode: publishExitCode(ended, request),
    outcome,
    paths,
    link,
    published,
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

/** Somebody waits to see what went wrong: the page of a failed run comes before its pictures. */
const picturePatienceMs = 300;
const noPictures: Pictures = {pictures: new Map(), problems: []};

async function writePage(
  outcome: RunOutcome,
  {name, request, paths, log, painter, provenance, writeFile}: EndedContext,
  writer: Writer,
) {
  const {notebookPath, pathRoot} = request;
  const common = {name, outcome, notebookPath, provenance, pathRoot, logText: log.text};
  const painting = paintFigures(outcome.notebook, painter);
  if (outcome.status !== "ok" && !(await settlesWithin(painting, picturePatienceMs))) {
    await writeFile(paths.page, makePage({...common, painted: noPictures}).html);
  }
  const painted = await painting;
  for (const [figure, png] of painted.pictures) {
    await writer.write(join(paths.figures, `${figure}.png`), png);
  }
  const input = {...common, painted};
  const page = makePage(input);
  await writer.write(paths.page, page.html);
  return {
    ...page,
    pictures: painted.pictures,
    share: (base: string) => makePage({...input, share: {base}}),
  };
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
  // A run that writes no marker leaves none either, whoever put it there.
  if (status !== "ok") await rm(paths.success, {force: true});
  const {artefacts} = writer;
  const {notebookPath} = request;
  const record = toRunRecord({...ending, notebookPath, outcome, exitCode, artefacts});
  await writeFile(paths.record, `${JSON.stringify(record, null, 2)}\n`);
  const ended = `attempt ${attempt} ended: ${status}, exit code ${exitCode}`;
  await ending.runnerLog.add(`${name} ${request.index ?? 0}: ${ended}; ${link}`);
  if (status === "ok") await writeFile(paths.success, "success\n");
}
