import {dirname, join, resolve} from "node:path";
import type {Foreseen} from "../../../publish/kernel/kernel.js";
import {foreseeRun} from "../../../publish/notebook/foresee-run.js";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import type {SiteRequest} from "../../../publish/site/site.js";
import {taggedModel} from "../../reconcile/discovery/reconciliation-layout.js";
import type {HealthCheck, HealthLimits} from "../../report/observer/health-checks.js";
import type {PlacedRun} from "../../report/observer/observed-run.js";
import {RunFolder} from "../../runlog/reading/run-folder.js";
import {type EpochMs, formatStamp} from "../../time/epoch.js";
import {publishWithIndex} from "../publish-with-index.js";
import {prodRunDir} from "../reconcile/prod-run.js";
import type {ReconciliationRequest} from "../reconcile/request.js";
import {NOTEBOOK_LIMIT_MS, notebookPath} from "../reconcile/steps/run-notebook.js";
import {type SharedPublishing, withBrowserAhead} from "../shared-publishing.js";
import {writeRunPicture} from "./run-picture.js";

/** Which run is observed, when, and where the page goes. */
export interface ObserveRequest {
  /** The run folder. */
  readonly runDir: string;
  readonly model: string;
  readonly tag?: string | undefined;
  readonly runMode: string;
  /** The run's interval, for folders that do not say. */
  readonly placed?: Pick<PlacedRun, "start" | "end">;
  /** Now: it names the result folder, and the data's age is counted from it. */
  readonly now: EpochMs;
  /** The dated folder goes here; by default beside the run folder. */
  readonly dstDir?: string | undefined;
  /** Folder of the SQL store that is asked for positions and balance. */
  readonly dataDir?: string | undefined;
  readonly limits?: Omit<HealthLimits, "asOf">;
  /** Also puts the page there, under the names of the model's newest run. */
  readonly site?: SiteRequest | undefined;
  /** Also paints the picture for investors into the dated folder. */
  readonly savesPlots: boolean;
  /** Paths on the page are shown from here. */
  readonly pathRoot?: string;
}

/** One alert of a run: a check that failed. */
export type Alert = Omit<HealthCheck, "status">;

/** What observing a run left behind. */
export interface ObservedPage {
  /** The dated folder. */
  readonly dir: string;
  readonly page: PublishResult;
  /** Empty when the run is well. */
  readonly alerts: readonly Alert[];
  /** The picture for investors; undefined when it was not asked for or no bar was recorded. */
  readonly picture: string | undefined;
}

/**
 * Publishes the PnL observer of a run that is running or has ended, in full whatever it finds:
 * guards that fail are alerts. A page that failed replaces none under a name that stays.
 *
 * @throws ReckonError `bad-data` when there is no such run
 */
export async function publishObserver(
  request: ObserveRequest,
  shared: SharedPublishing = {},
): Promise<ObservedPage> {
  return await withBrowserAhead(shared, (sharing) => publishShared(request, sharing));
}

async function publishShared(
  request: ObserveRequest,
  shared: SharedPublishing,
): Promise<ObservedPage> {
  const {runDir, model, runMode, now, savesPlots, pathRoot} = request;
  const run = new RunFolder(runDir);
  const place = request.dstDir ?? join(dirname(runDir), "pnl_realtime_observer_notebook");
  const dir = join(place, formatStamp(now));
  const publishing = publishWithIndex({
    ...runOf(request),
    dstDir: dir,
    timeouts: {notebookMs: NOTEBOOK_LIMIT_MS},
    ...(pathRoot === undefined ? {} : {pathRoot}),
    ...(request.site === undefined
      ? {}
      : {
          publishTo: {
            site: request.site,
            stableNames: [
              `${taggedModel(request)}.${runMode}.last_5minutes.html`,
              `${model}.last_5minutes.html`,
            ],
          },
        }),
    ...shared,
  });
  const painting = savesPlots ? writeRunPicture(run, dir, shared) : Promise.resolve(undefined);
  const [page, picture] = await Promise.all([publishing, painting]);
  const {alerts = []} = page.outcome.results as {alerts?: readonly Alert[]};
  return {dir, page, alerts, picture};
}

/** What the kernel of this observation will be asked for. */
export function foreseeObserver(request: ObserveRequest): Promise<Foreseen> {
  return foreseeRun(runOf(request));
}

/** The notebook, and what it is told. */
function runOf(request: ObserveRequest) {
  return {notebookPath: notebookPath("pnl-observer"), parameters: parametersOf(request)};
}

function parametersOf(request: ObserveRequest): Record<string, string | number> {
  const {runDir, model, runMode, tag = "", now, dataDir, placed, limits = {}} = request;
  const stamp = (time: EpochMs | undefined): string =>
    time === undefined ? "" : formatStamp(time);
  const given = Object.entries(limits).filter(([, limit]) => typeof limit === "number");
  return {
    runDir: resolve(runDir),
    model,
    tag,
    runMode,
    startTimestamp: stamp(placed?.start),
    endTimestamp: stamp(placed?.end),
    asOf: formatStamp(now),
    dataDir: dataDir === undefined ? "" : resolve(dataDir),
    ...(Object.fromEntries(given) as Record<string, number>),
  };
}

/** Observing a run as it ended, beside its reconciliation. */
export function observationOf(request: ReconciliationRequest): ObserveRequest {
  const {model, tag, runMode, end, dstRootDir} = request;
  return {
    runDir: prodRunDir(request),
    model,
    tag,
    runMode,
    now: end,
    site: {place: join(dstRootDir, "pages")},
    savesPlots: false,
    pathRoot: dirname(resolve(dstRootDir)),
  };
}
