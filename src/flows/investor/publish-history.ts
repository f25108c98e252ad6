import {dirname, join, resolve} from "node:path";

import type {PublishResult} from "../../../publish/result/publish-request.js";
import type {DemoMarket} from "../demo/demo-market.js";
import {publishWithIndex} from "../publish-with-index.js";
import {prodRunDir} from "../reconcile/prod-run.js";
import type {ReconciliationRequest} from "../reconcile/request.js";
import {NOTEBOOK_LIMIT_MS, notebookPath} from "../reconcile/steps/run-notebook.js";
import type {SharedPublishing} from "../shared-publishing.js";

/** Publishes a model's history: the backtest over all that is stored, and the newest run. */
export async function publishHistory(
  request: ReconciliationRequest,
  market: Pick<DemoMarket, "exchange" | "historyTimeframe">,
  shared: SharedPublishing = {},
): Promise<PublishResult> {
  return await publishWithIndex({
    notebookPath: notebookPath("historical-pnl-for-investors"),
    dstDir: join(request.dstRootDir, "historical_pnl_for_investors"),
    parameters: {
      dataDir: resolve(request.dataDir),
      exchange: market.exchange,
      timeframe: market.historyTimeframe,
      model: request.model,
      runDir: resolve(prodRunDir(request)),
    },
    pathRoot: dirname(resolve(request.dstRootDir)),
    timeouts: {notebookMs: NOTEBOOK_LIMIT_MS},
    publishTo: {
      site: {place: join(request.dstRootDir, "pages")},
      stableNames: [`${request.model}.historical_pnl.html`],
    },
    ...shared,
  });
}
