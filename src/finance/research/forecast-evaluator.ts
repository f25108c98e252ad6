import assert from "node:assert/strict";
import {type Frame, selectRows, sliceRows} from "../../table/frame.js";
import type {TargetParams} from "../sizing/target-sizer.js";
import {type InstrumentOutcome, simulateHoldings} from "./forecast-holdings.js";
import type {EvaluatorParams} from "./forecast-params.js";
import {forecastStatistics} from "./forecast-statistics.js";
import {canStream, streamBars} from "./forecast-stream.js";
import {type ForecastInputs, trimToActive} from "./forecast-trim.js";
import {type TradingDays, tradingDays, utcDay} from "./trading-day.js";

/** A research portfolio, every frame on the same rows. */
export interface ForecastPortfolio {
  readonly price: Frame;
  readonly volatility: Frame;
  readonly prediction: Frame;
  readonly holdings_shares: Frame;
  /** Shares at the bar's mark, money. */
  readonly holdings_notional: Frame;
  readonly executed_trades_shares: Frame;
  /** Trades at their prices, money, buys positive. */
  readonly executed_trades_notional: Frame;
  /** PnL per bar and instrument, before fees. */
  readonly pnl: Frame;
  /** Per bar: pnl, gross_volume, net_volume, gmv, nmv [, fees] [, gpc, npc, wnl [, tc]]. */
  readonly statistics: Frame;
}

/**
 * What the forecasts alone would have earned: targets of each bar, reached by the end of the next,
 * at that bar's price, with nothing in the way.
 *
 * shares(t) = target(t−1) / price(t−1), rounded; trades(t) = Δ shares; pnl(t) = Δ value − traded
 * value. Days, underfills, fees and burn-in as the parameters say. Marks and trade prices that are
 * missing take the last known one, at most four bars old; missing holdings likewise within the day.
 * Beyond four bars without a price nothing is traded: what was held stays held, its value and PnL
 * are unknown (NaN), and the whole PnL falls on the bar where there is a price again; which bars
 * these are, `unpricedBars` tells.
 * Where there is never both a prediction and a volatility, all frames are empty.
 */
export function evaluateForecasts(
  inputs: ForecastInputs,
  params: EvaluatorParams,
): ForecastPortfolio {
  const {active, report, ...context} = prepare(inputs, params);
  const statistics = forecastStatistics(active, params);
  const outcomes: InstrumentOutcome[] = [];
  simulateHoldings(active, {...context, keep: true}, (outcome, j) => {
    outcomes.push(outcome);
    statistics.add(outcome, j);
  });
  const frame = (name: keyof InstrumentOutcome) =>
    report({...active.price, data: outcomes.map((outcome) => outcome[name])});
  return {
    price: report(active.price),
    volatility: report(active.volatility),
    prediction: report(active.prediction),
    holdings_shares: frame("shares"),
    holdings_notional: frame("value"),
    executed_trades_shares: frame("trades"),
    executed_trades_notional: frame("traded"),
    pnl: frame("pnl"),
    statistics: report(statistics.frame()),
  };
}

/**
 * The `statistics` of {@link evaluateForecasts} alone, to the same bits, in a fifth of the memory:
 * for long histories.
 */
export function evaluateForecastStatistics(inputs: ForecastInputs, params: EvaluatorParams): Frame {
  const {active, report, ...context} = prepare(inputs, params);
  const statistics = forecastStatistics(active, params);
  if (canStream(active, context.params)) {
    streamBars(active, context, statistics.addRows);
  } else {
    simulateHoldings(active, {...context, keep: false}, statistics.add);
  }
  return report(statistics.frame());
}

interface Prepared {
  readonly active: ForecastInputs;
  readonly params: EvaluatorParams;
  readonly days: TradingDays;
  /** The rows of a frame that are reported. */
  readonly report: (frame: Frame) => Frame;
}

function prepare(inputs: ForecastInputs, params: EvaluatorParams): Prepared {
  const {dayOf = utcDay, reindexLikeInput = false} = params;
  assert.equal(!inputs.buyPrice, !inputs.sellPrice, "give both buy and sell prices, or neither");
  const {rows, ...active} = trimToActive(inputs, dayOf);
  const days = tradingDays(active.price.index, dayOf);
  const burnt = burnIn(days.bounds, rows.length, params);
  const report = (frame: Frame) => {
    const kept = sliceRows(frame, burnt);
    return reindexLikeInput ? selectRows(kept, inputs.price.index) : kept;
  };
  return {active, params: {...params, targets: trimTargets(params.targets, rows)}, days, report};
}

/** The same sizing for the rows that are left. */
function trimTargets(targets: TargetParams, rows: Int32Array): TargetParams {
  if (targets.style !== "cross_sectional" || typeof targets.targetGmv !== "object") {
    return targets;
  }
  const perRow = targets.targetGmv;
  return {...targets, targetGmv: Float64Array.from(rows, (t) => perRow[t] as number)};
}

/** How many leading rows are left out. */
function burnIn(
  bounds: Int32Array,
  rows: number,
  {burnInBars = 3, burnInDays = 0}: EvaluatorParams,
): number {
  const days = bounds.length - 1;
  assert.ok(burnInDays === 0 || burnInDays < days, `${burnInDays} days of burn-in, ${days} days`);
  return Math.min(
    rows,
    Math.max(burnInBars, burnInDays === 0 ? 0 : (bounds[burnInDays] as number)),
  );
}
