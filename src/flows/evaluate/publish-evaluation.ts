import {join, resolve} from "node:path";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import type {EvaluationQuery} from "../../report/forecasts/forecast-evaluation.js";
import {publishWithIndex} from "../publish-with-index.js";
import {NOTEBOOK_LIMIT_MS, notebookPath} from "../reconcile/steps/run-notebook.js";

/**
 * Publishes the page of a file of forecasts: results in `dstDir`, pages in its folder `pages`.
 *
 * @throws PublishError as publishing a notebook does
 */
export async function publishEvaluation(
  query: EvaluationQuery,
  dstDir: string,
): Promise<PublishResult> {
  const {columns = {}, style = "cross_sectional", quantization = null} = query;
  return await publishWithIndex({
    notebookPath: notebookPath("forecast-evaluation"),
    dstDir,
    parameters: {
      path: resolve(query.path),
      priceColumn: columns.price ?? "price",
      volatilityColumn: columns.volatility ?? "volatility",
      predictionColumn: columns.prediction ?? "prediction",
      style,
      targetGmv: query.targetGmv ?? 1e6,
      dollarRiskPerName: query.dollarRiskPerName ?? 100,
      shareDecimals: quantization ?? 30,
      liquidateAtEndOfDay: query.liquidateAtEndOfDay ?? false,
      burnInBars: query.burnInBars ?? 3,
      feeBps: query.feeBps ?? 0,
      frequency: query.frequency ?? "",
      daysPerYear: query.daysPerYear ?? 365,
    },
    timeouts: {notebookMs: NOTEBOOK_LIMIT_MS},
    publishTo: {
      site: {place: join(dstDir, "pages")},
      stableNames: ["forecast-evaluation.html"],
    },
  });
}
