import type {ForecastFrames} from "../../finance/sizing/row-sizer.js";
import {requireSameAxes, rowOf} from "../../table/frame.js";
import type {BarOutcome, ForecastProcessor} from "./process-forecasts.js";

/**
 * Every row of forecasts that are known beforehand, bar after bar: execution mode `batch`.
 *
 * The processor sleeps on its clock until each row's bar ends, so that the rows themselves advance
 * the time; no model runs in between. Asserts equal axes.
 *
 * @param frames columns in the processor's instrument order; without a spread it is 0
 */
export async function processPanel(
  processor: ForecastProcessor,
  {prediction, volatility, spread}: ForecastFrames,
): Promise<BarOutcome[]> {
  requireSameAxes(prediction, volatility);
  if (spread) {
    requireSameAxes(prediction, spread);
  }
  const outcomes: BarOutcome[] = [];
  for (const [t, barEnd] of prediction.index.entries()) {
    const row = {
      barEnd,
      prediction: rowOf(prediction, t),
      volatility: rowOf(volatility, t),
      spread: spread === undefined ? undefined : rowOf(spread, t),
    };
    outcomes.push(await processor.process(barEnd, row));
  }
  return outcomes;
}
