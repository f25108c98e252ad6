import {dirname, resolve} from "node:path";
import {messageOf, PublishError} from "../errors.js";
import type {Kernel, KernelFacts} from "../kernel/kernel.js";
import {importFolder} from "../kernel/package-root.js";
import {withKernel} from "../kernel/with-kernel.js";
import {monotonicMs, nowMs} from "../timers.js";
import {withoutRunNotes} from "./clean/strip.js";
import {isPassedOver} from "./file/cell-tags.js";
import {cellNumbers} from "./file/cell-title.js";
import type {Notebook} from "./file/nbformat.js";
import {readNotebook} from "./file/read-notebook.js";
import {withRunMark} from "./file/run-mark.js";
import {NotebookRun} from "./notebook-run.js";
import {NotebookSaver} from "./notebook-saver.js";
import {prepareRun} from "./prepare-run.js";
import {exitCodeOf, type KernelReport, type RunOptions, type RunOutcome} from "./run-outcome.js";
import {scrubbedKernel} from "./secrets/scrubbed-kernel.js";
import {Scrubber} from "./secrets/scrubber.js";

/**
 * Runs a notebook in a kernel of its own and returns what came of it. The file is only read.
 *
 * Cells run in order until one fails; those tagged `skip` are passed over, one tagged
 * `raises-exception` must fail, and `timeout=5s` sets a cell's own deadline. Text is merged and
 * folded as a terminal would show it. A rejection or timer that fails on its own counts as a
 * failure of its cell.
 *
 * @throws PublishError `bad-notebook` or `bad-parameter`, before any kernel is started;
 *   `write-failed` when it could not be saved at `savePath`
 */
export async function runNotebook(options: RunOptions): Promise<RunOutcome> {
  const startedAt = nowMs();
  const start = monotonicMs();
  const source = withoutRunNotes(await readNotebook(options.notebookPath));
  const {notebook, parameters, secrets} = await prepareRun(source, options);
  const run = new NotebookRun(notebook, options);
  run.emit({type: "run-started", parameters, ...countsOf(notebook, options)});
  const kernel = await runInKernel(run, options, secrets);
  run.rethrow();
  return {
    status: run.status,
    exitCode: exitCodeOf[run.status],
    notebook: withRunMark(run.notebook, run.status),
    cells: run.cells,
    failure: run.failure,
    parameters,
    results: run.output.results(),
    startedAt,
    durationMs: monotonicMs() - start,
    kernel,
  };
}

function countsOf(notebook: Notebook, options: RunOptions) {
  const runs = notebook.cells.filter(
    ({cell_type, metadata}) => cell_type === "code" && !isPassedOver(metadata.tags ?? [], options),
  );
  return {codeCells: runs.length, cells: Math.max(0, ...cellNumbers(notebook).map(Number))};
}

/** Null when no kernel started; the run then says why. */
async function runInKernel(
  run: NotebookRun,
  options: RunOptions,
  secrets: Readonly<Record<string, string>>,
): Promise<KernelReport | null> {
  const {cwd = importFolder(dirname(resolve(options.notebookPath))), signal} = options;
  const env = {...options.env, ...secrets};
  const hidden = Object.values(secrets);
  const scrubber = hidden.length === 0 ? null : new Scrubber(hidden);
  const clean = (text: string) => scrubber?.text(text) ?? text;
  const onStartFailed = (attempt: number, message: string) =>
    run.emit({type: "kernel-start-failed", attempt, message: clean(message)});
  const {kernels = withKernel, timeouts: {startMs} = {}} = options;
  let used: {kernel: Kernel; facts: KernelFacts | null} | undefined;
  try {
    await kernels({cwd, env, signal, startMs, onStartFailed}, async (bare) => {
      const kernel = scrubber === null ? bare : scrubbedKernel(bare, scrubber);
      run.emit({type: "kernel-started", pid: kernel.pid, durationMs: kernel.startMs});
      kernel.hear(({name, text}) => run.emit({type: "kernel-output", name, text}));
      used = {kernel, facts: null};
      used = {kernel, facts: await runSaved(run, kernel, options)};
    });
  } catch (error) {
    if (!(error instanceof PublishError) || error.code === "write-failed") {
      throw error;
    }
    run.fail(
      error.code === "interrupted" ? "interrupted" : "kernel-not-started",
      clean(error.message),
    );
  }
  return used === undefined ? null : reportOf(used.kernel, used.facts);
}

/** Runs the cells, and keeps the notebook on the disk meanwhile where that was asked for. */
async function runSaved(run: NotebookRun, kernel: Kernel, options: RunOptions) {
  const {savePath: path, saveEveryMs: everyMs} = options;
  if (path === undefined) {
    return await run.run(kernel);
  }
  const saver = new NotebookSaver({
    path,
    everyMs,
    snapshot: () => run.snapshot(),
    onFailed: (error) => run.emit({type: "save-failed", message: messageOf(error)}),
  });
  await saver.begin();
  const facts = await run
    .run(kernel, () => saver.want())
    .catch(async (error: unknown) => {
      await saver.end().catch(() => {}); // the first error says more
      throw error;
    });
  await saver.end();
  return facts;
}

async function reportOf(kernel: Kernel, facts: KernelFacts | null): Promise<KernelReport> {
  const {pid, startMs, versions} = kernel;
  const peakRssBytes = facts?.peakRssBytes ?? null;
  const [end, rawTail] = [await kernel.ended, kernel.rawTail()];
  kernel.hear(() => {}); // the run is over: a process that left the group may write on
  return {versions, pid, startMs, peakRssBytes, end, rawTail};
}
