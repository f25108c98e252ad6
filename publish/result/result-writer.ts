import {join, relative} from "node:path";
import {pathToFileURL} from "node:url";
import {exitCodeOf, type RunOutcome} from "../notebook/run-outcome.js";
import {formatNotebook} from "../notebook/write-notebook.js";
import type {FigurePainter} from "../render/figure-painter.js";
import {paintFigures} from "../render/figures.js";
import type {WriteFile} from "../whole-file.js";
import type {PublishRequest, PublishResult, PublishStatus} from "./publish-request.js";
import type {ResultPaths} from "./result-folder.js";
import {makePage, parameterValues} from "./result-page.js";
import type {RunLog} from "./run-log.js";
import {type Artefact, sha256, toRunRecord} from "./run-record.js";

/** Everything that writing a result needs beside the outcome. */
export interface ResultContext {
  readonly name: string;
  /** The notebook file as it was read. */
  readonly source: string;
  readonly request: PublishRequest;
  readonly paths: ResultPaths;
  readonly log: RunLog;
  readonly painter: FigurePainter;
  readonly writeFile: WriteFile;
}

/** Writes one file of the result and remembers it for the record. */
interface Writer {
  readonly artefacts: readonly Artefact[];
  write(path: string, content: string | Uint8Array): Promise<void>;
}

/**
 * Writes the whole result of a run, the success marker last.
 *
 * @throws PublishError `write-failed`; there is no marker then
 */
export async function writeResult(
  outcome: RunOutcome,
  context: ResultContext,
): Promise<PublishResult> {
  const {paths, request} = context;
  const writer = createWriter(paths.folder, context.writeFile);
  await writer.write(paths.notebook, formatNotebook(outcome.notebook));
  await writeConfig(outcome, context, writer);
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
    exitCode: publishExitCode(ended),
    outcome,
    paths,
    link,
    copies: copies.paths,
    problems,
  };
}

/** What a command that published a notebook exits with. */
function publishExitCode(status: PublishStatus): number {
  if (status === "render-failed") return 8;
  return status === "publish-failed" ? 9 : exitCodeOf[status];
}

function statusOf({status}: RunOutcome, problems: readonly string[]): PublishStatus {
  return status === "ok" && problems.length > 0 ? "render-failed" : status;
}

function createWriter(folder: string, writeFile: WriteFile): Writer {
  const artefacts: Artefact[] = [];
  return {
    artefacts,
    async write(path, content) {
      await writeFile(path, content);
      const local = relative(folder, path).replaceAll("\\", "/");
      artefacts.push({path: local, bytes: Buffer.byteLength(content), sha256: sha256(content)});
    },
  };
}

async function writeConfig(
  outcome: RunOutcome,
  {request, paths}: ResultContext,
  writer: Writer,
): Promise<void> {
  const values = parameterValues(outcome);
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
  const {configJson = values, configText = lines.join("")} = request;
  await writer.write(paths.configJson, `${JSON.stringify(configJson, null, 2)}\n`);
  await writer.write(paths.configText, configText);
}

async function writePage(
  outcome: RunOutcome,
  {name, request, paths, log, painter}: ResultContext,
  writer: Writer,
) {
  const {gitCommit, notebookPath, pathRoot} = request;
  const painted = await paintFigures(outcome.notebook, painter);
  for (const [figure, png] of painted.pictures) {
    await writer.write(join(paths.figures, `${figure}.png`), png);
  }
  const origin = {notebookPath, gitCommit, pathRoot};
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

interface Ending extends ResultContext {
  readonly status: PublishStatus;
  readonly problems: readonly string[];
  readonly link: string;
}

/** Logs, then the record that lists all files, then the marker. */
async function closeResult(outcome: RunOutcome, ending: Ending, writer: Writer): Promise<void> {
  const {name, source, request, paths, log, status, problems, link, writeFile} = ending;
  const {gitCommit, notebookPath} = request;
  const exitCode = publishExitCode(status);
  for (const problem of problems) log.add(`problem: ${problem}`);
  if (outcome.failure !== null) log.add(`failed: ${outcome.failure.message}`);
  log.add(`ended: ${status}, exit code ${exitCode}; page ${link}`);
  await writer.write(paths.runLog, log.text());
  const {artefacts} = writer;
  const ended = {status, exitCode, problems, artefacts, gitCommit};
  const record = toRunRecord({name, notebookPath, source, outcome, ...ended});
  await writeFile(paths.record, `${JSON.stringify(record, null, 2)}\n`);
  await writeFile(
    paths.runnerLog,
    `${name}: attempt 1: ${status}, exit code ${exitCode}\n${link}\n`,
  );
  if (status === "ok") await writeFile(paths.success, "success\n");
}
