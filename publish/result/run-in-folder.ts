import {resolve} from "node:path";
import type {KernelSource} from "../kernel/kernel.js";
import {withKernel} from "../kernel/with-kernel.js";
import {PLOTLY_MIME} from "../notebook/file/nbformat.js";
import type {RunEvent, RunOptions, RunOutcome} from "../notebook/run-outcome.js";
import type {AheadPainter} from "../render/picture/paint-ahead.js";
import {warmPage} from "../render/warm-page.js";
import {sleep} from "../timers.js";
import type {PublishEffects} from "./publish-request.js";
import type {Provenance} from "./record/provenance.js";
import {type BegunResult, beginResult} from "./result-beginning.js";
import type {ResultContext} from "./result-context.js";

/** By then the kernel's process has begun. */
const kernelSpawnMs = 50;

/**
 * Runs the notebook beside its result folder. Nothing there changes until everything about the
 * request was checked; then marker, pages and record of an earlier run go before the first cell
 * runs, and the logs grow from there on.
 *
 * @throws PublishError of the run
 */
export async function runInFolder(
  context: ResultContext,
  {readProvenance, runNotebook}: PublishEffects,
): Promise<{readonly outcome: RunOutcome; readonly provenance: Provenance}> {
  const {log, painter, request} = context;
  const provenance = readProvenance(request.notebookPath);
  let begun: BegunResult | undefined;
  try {
    const onEvent = (event: RunEvent) => {
      begun ??= beginResult(event, {...context, provenance});
      begun.addEvent(event);
      log.addEvent(event);
      paintFiguresOf(event, painter);
      if (event.type === "run-started") warmPageLater();
      request.onEvent?.(event);
    };
    const kernels = after(() => begun?.ready, request.kernels);
    const outcome = await runNotebook({...runOptions(context), kernels, onEvent});
    await begun?.end();
    return {outcome, provenance: await provenance};
  } catch (error) {
    await begun?.end().catch(() => {}); // the run's error says more
    throw error;
  }
}

/** The environment names where the config lies, for notebooks that read it from there. */
function runOptions({paths, request}: ResultContext): RunOptions {
  const {allowErrors = false, dstDir, index = 0, keepGoing = allowErrors} = request;
  const env = {
    __NOTEBOOK_CONFIG_PATH__: resolve(paths.configJson),
    __CONFIG_IDX__: String(index),
    __CONFIG_DST_DIR__: resolve(dstDir),
  };
  return {...request, keepGoing, savePath: paths.notebook, env: {...env, ...request.env}};
}

/** Kernels that run no cell before the folder says that a run has begun. */
function after(
  ready: () => Promise<void> | undefined,
  kernels: KernelSource = withKernel,
): KernelSource {
  return (options, use) =>
    kernels(options, async (kernel) => {
      await ready();
      return use(kernel);
    });
}

/** The kernel starts meanwhile, in a process of its own. */
function warmPageLater(): void {
  sleep(kernelSpawnMs)
    .then(warmPage)
    .catch(() => {}); // the run's own page will tell
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
