import {rmSync} from "node:fs";
import type {KernelSource} from "../../../publish/kernel/kernel.js";
import {KernelPool} from "../../../publish/kernel/pool/kernel-pool.js";
import {type PoolEffects, realPoolEffects} from "../../../publish/kernel/pool/pool-effects.js";
import {withFigurePainter} from "../../../publish/render/picture/figure-painter.js";
import type {Clock} from "../../time/clock.js";
import type {EpochMs} from "../../time/epoch.js";
import {reconciliationKernels} from "../reconcile/steps/run-notebook.js";
import type {SharedPublishing} from "../shared-publishing.js";
import {
  foreseeObserver,
  type ObservedPage,
  type ObserveRequest,
  publishObserver,
} from "./publish-observer.js";

/** How a run is followed. */
export interface Following {
  readonly clock: Clock;
  /** From one beginning to the next; a refresh that takes longer is followed at once. */
  readonly everyMs: number;
  /** Dated folders of this following that are kept; the pages on a site stay. */
  readonly keep: number;
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** The run to look at, asked anew each time: tomorrow's run follows today's. */
  readonly find: (now: EpochMs) => ObserveRequest;
  readonly onRefreshed: (page: ObservedPage) => void;
  /** A refresh that could not be made, for example because no run has begun yet: the next may. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Publishes the observer again and again until the signal comes, each time in a kernel that was
 * started ahead, with one browser.
 */
export async function followRun(following: Following): Promise<void> {
  const {clock, everyMs, signal, onFault} = following;
  const dated: string[] = [];
  await withWarmKernels(following, (kernels) =>
    withFigurePainter(async (painter) => {
      while (!signal.aborted) {
        const begun = clock.now();
        try {
          dated.push(await refresh(following, begun, {kernels, painter, signal}));
          forget(dated, following.keep);
        } catch (error) {
          if (!signal.aborted) {
            onFault(error);
          }
        }
        await clock.sleepUntil(begun + everyMs, signal).catch(() => undefined);
      }
    }),
  );
}

/** How long a kernel may take to get ready, beside the refresh that it is not for. */
const WARM_MS = 60_000;

/**
 * Kernels that have loaded this package, read the run once and translated the observer's cells
 * before they are asked for: most of what a refresh in a fresh kernel takes.
 */
async function withWarmKernels(
  {find, clock, signal}: Following,
  use: (kernels: KernelSource) => Promise<void>,
): Promise<void> {
  const {cwd} = reconciliationKernels(1);
  const start: PoolEffects["start"] = async (options) => {
    const kernel = await realPoolEffects.start(options);
    const wanted = found(() => find(clock.now()));
    const code = warmingCode(wanted?.runDir ?? "");
    await kernel.execute(code, {onOutput: () => undefined, timeoutMs: WARM_MS, signal});
    const foreseen = wanted && (await foreseeObserver(wanted).catch(() => undefined));
    if (foreseen !== undefined) kernel.getReady(foreseen);
    return kernel;
  };
  // One at a time: the next gets ready when the refresh is done, not beside it.
  const pool = new KernelPool({cwd, maxKernels: 1, ahead: 1, signal}, {...realPoolEffects, start});
  try {
    await use((wanted, useKernel) => pool.use(wanted, useKernel));
  } finally {
    await pool.close();
  }
}

/** The run to look at; undefined where there is none yet, which its refresh will tell. */
function found(find: () => ObserveRequest): ObserveRequest | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}

/** Leaves no name behind; where there is no run yet, the package is loaded all the same. */
function warmingCode(dir: string): string {
  const read = `(reckon) => reckon.loadObservedRun(${JSON.stringify(dir)})`;
  const reading = `await import("reckon").then(${read}).then(() => undefined, () => undefined);`;
  return `import "reckon";\n${reading}`; // the first line is what loads the types
}

async function refresh(
  {find, onRefreshed}: Following,
  now: EpochMs,
  shared: SharedPublishing,
): Promise<string> {
  const observed = await publishObserver(find(now), shared);
  onRefreshed(observed);
  return observed.dir;
}

/** Removes the oldest of the dated folders that this following made. */
function forget(dated: string[], keep: number): void {
  for (const dir of dated.splice(0, Math.max(0, dated.length - keep))) {
    rmSync(dir, {recursive: true, force: true});
  }
}
