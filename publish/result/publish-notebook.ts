import {existsSync, rmSync} from "node:fs";
import {mkdir, rmdir} from "node:fs/promises";
import {basename, dirname, extname, resolve} from "node:path";
import {PublishError} from "../errors.js";
import {PLOTLY_MIME} from "../notebook/nbformat.js";
import {readNotebookText} from "../notebook/read-notebook.js";
import {runNotebook} from "../notebook/run-notebook.js";
import type {RunEvent, RunOutcome} from "../notebook/run-outcome.js";
import {withFigurePainter} from "../render/figure-painter.js";
import {type AheadPainter, aheadPainter} from "../render/paint-ahead.js";
import {nowMs} from "../timers.js";
import {writeError, writeWhole} from "../whole-file.js";
import type {PublishEffects, PublishRequest, PublishResult} from "./publish-request.js";
import {type ResultPaths, resultPaths} from "./result-folder.js";
import {writeResult} from "./result-writer.js";
import {createRunLog, type RunLog} from "./run-log.js";

const realEffects: PublishEffects = {
  runNotebook,
  writeFile: writeWhole,
  withPainter: withFigurePainter,
};

/**
 * Runs a notebook and publishes what came of it: the page, the executed notebook, its pictures, its
 * logs and a record, every file written whole. `success.txt` comes last and only when every cell
 * ran, all output arrived and everything could be shown. A run that failed is published too, under
 * a banner, without the marker and without touching `publishTo`.
 *
 * @throws PublishError `bad-notebook` or `bad-parameter` before anything ran, with the folder as it
 *   was; `write-failed` when a file could not be written, without a marker
 */
export async function publishNotebook(
  request: PublishRequest,
  effects: PublishEffects = realEffects,
): Promise<PublishResult> {
  checkStableNames(request);
  const {notebookPath, now = nowMs} = request;
  const source = await readNotebookText(notebookPath);
  const name = request.name ?? basename(notebookPath, extname(notebookPath));
  const {index = 0} = request;
  const paths = resultPaths(request.dstDir, {name, index, startedAt: now()});
  const log = createRunLog(now);
  return effects.withPainter(async (ownPainter) => {
    const painter = aheadPainter(request.painter ?? ownPainter);
    const {runNotebook: run, writeFile} = effects;
    const outcome = await runInFolder(paths, {run, request, log, painter});
    return writeResult(outcome, {name, source, request, paths, log, painter, writeFile});
  });
}

function checkStableNames({publishTo}: PublishRequest): void {
  for (const name of publishTo?.stableNames ?? []) {
    if (name !== "" && basename(name) === name) continue;
    const found = `expected a file name, found "${name}"`;
    const message = `stable name: ${found}; leave folders to publishTo.dir`;
    throw new PublishError("bad-parameter", message);
  }
}

interface RunInFolder {
  readonly run: PublishEffects["runNotebook"];
  readonly request: PublishRequest;
  readonly log: RunLog;
  readonly painter: AheadPainter;
}

/** The folder is there before work begins; marker and pictures of an earlier run are not. */
async function runInFolder(
  {folder, success, figures}: ResultPaths,
  {run, request, log, painter}: RunInFolder,
): Promise<RunOutcome> {
  const made = missingFolders(resolve(folder));
  const begin = once(() => {
    rmSync(success, {force: true});
    rmSync(figures, {recursive: true, force: true});
  });
  try {
    await mkdir(folder, {recursive: true}).catch((cause) => {
      throw writeError(folder, cause);
    });
    const onEvent = (event: RunEvent) => {
      begin();
      log.addEvent(event);
      paintFiguresOf(event, painter);
      request.onEvent?.(event);
    };
    const outcome = await run({...request, onEvent});
    begin();
    return outcome;
  } catch (error) {
    await removeEmpty(made);
    throw error;
  }
}

/** The folder and those above it that are not there, the deepest first. */
function missingFolders(folder: string): string[] {
  const above = dirname(folder);
  if (existsSync(folder) || above === folder) return [];
  return [folder, ...missingFolders(above)];
}

/** One that something is in stays, and so do those above it. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rmdir(folder).catch(() => {}); // the run's error says more
}

/** Figures are painted while later cells run, which hides most of the browser's time. */
function paintFiguresOf(event: RunEvent, painter: AheadPainter): void {
  if (event.type !== "cell-ended") return;
  const cell = event.notebook.cells[event.cell.index];
  if (cell?.cell_type !== "code") return;
  for (const output of cell.outputs) {
    const figure = "data" in output ? output.data[PLOTLY_MIME] : undefined;
    if (figure !== undefined) painter.paintAhead(figure);
  }
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
}
