import {join, resolve} from "node:path";
import {withFigurePainter} from "../../../publish/render/picture/figure-painter.js";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import type {SiteRequest} from "../../../publish/site/site.js";
import {taggedModel} from "../../reconcile/discovery/reconciliation-layout.js";
import {parseEndDate} from "../../report/investor/end-date.js";
import {type InvestorQuery, loadInvestorPnl} from "../../report/investor/investor-pnl.js";
import type {EpochMs} from "../../time/epoch.js";
import {publishWithIndex} from "../publish-with-index.js";
import {NOTEBOOK_LIMIT_MS, notebookPath} from "../reconcile/steps/run-notebook.js";
import type {SharedPublishing} from "../shared-publishing.js";
import {paintPictures} from "./investor-pictures.js";
import {
  checkPlans,
  finishReplacement,
  planReplacement,
  type ReplacementPlan,
  replacePictures,
} from "./replace-pictures.js";

/** Which pictures are made, and where they go. */
export interface InvestorPlotsRequest {
  readonly query: InvestorQuery;
  readonly tag?: string | undefined;
  readonly dstDir: string;
  /** Also put them there, for example `pnl_for_investors`; nothing is copied without. */
  readonly copyTo?: string | undefined;
  /** Say what would happen and write nothing. */
  readonly isDryRun: boolean;
  /** Now: a live part that is older than it should be is refused. */
  readonly now: EpochMs;
  /** Also publish the page with the same numbers, below `dstDir`. */
  readonly hasPage: boolean;
  /** The page also goes there, as `{model}[.{tag}].historical_pnl.html`. */
  readonly site?: SiteRequest | undefined;
  readonly signal?: AbortSignal;
}

/** What was made, or would be. */
export interface InvestorPlots {
  /** One for each folder of pictures. */
  readonly plans: readonly ReplacementPlan[];
  /** What has to be said of the data. */
  readonly notes: readonly string[];
  /** The page; undefined when it was not asked for, or in a dry run. */
  readonly page: PublishResult | undefined;
}

/**
 * Makes the pictures of cumulative PnL, and the page with the same numbers, and puts the pictures
 * in the place of older ones: only when nothing speaks against any of it, and never when the page
 * failed.
 *
 * @throws ReckonError `bad-data` for a history or run that cannot be used; `failed` when older
 *   pictures must not be replaced, or the disk refuses
 */
export async function makeInvestorPlots(request: InvestorPlotsRequest): Promise<InvestorPlots> {
  const {query, dstDir, copyTo, isDryRun, hasPage} = request;
  const dirs = [dstDir, ...(copyTo === undefined ? [] : [copyTo])];
  if (!isDryRun) {
    dirs.forEach(finishReplacement); // whatever becomes of the new ones, the old ones are one set
  }
  return await withFigurePainter(async (painter) => {
    const pnl = await loadInvestorPnl(query);
    const painted = await paintPictures(pnl, painter);
    const {newestRun, notes} = pnl;
    const now = Math.min(request.now, parseEndDate(query.endDate ?? ""));
    const set = {
      model: taggedModel({model: query.model, tag: request.tag}),
      painted,
      newestRun,
      now,
    };
    const plans = dirs.map((dir) => planReplacement(dir, set));
    if (isDryRun) {
      return {plans, notes, page: undefined};
    }
    checkPlans(plans);
    const page = hasPage ? await publishPage(request, {painter}) : undefined;
    if (page === undefined || page.exitCode === 0) {
      replacePictures(plans, painted);
    }
    return {plans, notes, page};
  });
}

async function publishPage(
  request: InvestorPlotsRequest,
  shared: SharedPublishing,
): Promise<PublishResult> {
  const {query, tag, dstDir, site, signal} = request;
  const {model, runDir = "", olderRunDirs = [], historyDir = ""} = query;
  const fullPath = (path: string): string => (path === "" ? "" : resolve(path));
  return await publishWithIndex({
    notebookPath: notebookPath("historical-pnl-for-investors"),
    dstDir: join(dstDir, "historical_pnl_for_investors"),
    parameters: {
      ...query,
      dataDir: fullPath(query.dataDir),
      historyDir: fullPath(historyDir),
      runDir: fullPath(runDir),
      olderRunDirs: olderRunDirs.map(fullPath),
    },
    timeouts: {notebookMs: NOTEBOOK_LIMIT_MS},
    ...(site === undefined
      ? {}
      : {publishTo: {site, stableNames: [`${taggedModel({model, tag})}.historical_pnl.html`]}}),
    ...(signal === undefined ? {} : {signal}),
    ...shared,
  });
}
