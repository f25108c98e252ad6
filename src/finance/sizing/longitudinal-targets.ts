import assert from "node:assert/strict";
import {type Frame, requireSameAxes} from "../../table/frame.js";
import {decorrelateRow} from "./decorrelate.js";
import {type RowSizer, sizeRows} from "./row-sizer.js";

/** How each name's own forecast becomes its position, with the same money at risk per name. */
export interface LongitudinalParams {
  /** A prediction must be larger than this to count; default 0. */
  readonly predictionAbsThreshold?: number;
  /** Volatility over spread must be larger than this to count; default 0. */
  readonly volatilityToSpreadThreshold?: number;
  /** Volatilities below this count as this; default 1e-4. */
  readonly volatilityLowerBound?: number;
  /** The product of the two excesses must be larger than this; default 0. */
  readonly gamma?: number;
  /** A dropped prediction is 0, missing, or the name's last kept one; default `zero`. */
  readonly fillMethod?: "zero" | "nan" | "ffill";
  /** Money at risk per name: position · volatility; default 100. */
  readonly targetDollarRiskPerName?: number;
  /** Spreads below this count as this; it is also the spread where none is given; 1e-4. */
  readonly spreadLowerBound?: number;
  /** True multiplies each position by |prediction|; default false. */
  readonly modulateUsingPredictionMagnitude?: boolean;
  /** Above 0: rows are first decorrelated, see `decorrelateRow`; default 0. */
  readonly constantDecorrelationCoefficient?: number;
}

/**
 * Target positions (money, signed) of the same risk per name, each from its own forecast alone.
 *
 * A prediction p is dropped when (|p| − threshold)₊ · (volatility / spread − threshold)₊ <= gamma;
 * position = sign(p) · risk / max(volatility, lower bound), times |p| if modulated. Edges: a
 * missing prediction counts as dropped; a row of nothing but missing predictions stays missing; a
 * missing volatility gives a missing position, a missing spread drops nothing; with a lower bound
 * of 0 a volatility of 0 gives an infinite position.
 *
 * @param spread bid-ask spread as a fraction of the price; the lower bound everywhere when absent
 */
export function longitudinalTargets(
  {prediction, volatility, spread}: {prediction: Frame; volatility: Frame; spread?: Frame},
  params: LongitudinalParams = {},
): Frame {
  requireSameAxes(prediction, volatility);
  if (spread) {
    requireSameAxes(prediction, spread);
  }
  const sizer = longitudinalSizer(prediction.columns.length, params);
  return sizeRows(sizer, {prediction, volatility, spread});
}

/**
 * The rule of {@link longitudinalTargets} one row at a time. Rows must come in time order where
 * the `ffill` method is used: the sizer then remembers each name's last kept prediction.
 */
export function longitudinalSizer(count: number, params: LongitudinalParams = {}): RowSizer {
  const {
    volatilityLowerBound = 1e-4,
    targetDollarRiskPerName = 1e2,
    modulateUsingPredictionMagnitude = false,
    constantDecorrelationCoefficient: correlation = 0,
  } = params;
  for (const [name, value] of Object.entries(params)) {
    assert.ok(typeof value !== "number" || value >= 0, `${name} is at least 0, not ${value}`);
  }
  const keep = dropper(count, params);
  return ({prediction, volatility, spread}, positions) => {
    const signal = correlation > 0 ? decorrelateRow(prediction, correlation) : prediction;
    const isBlank = signal.every(Number.isNaN);
    for (let j = 0; j < count; ++j) {
      const vol = volatility[j] as number;
      const bounded = vol < volatilityLowerBound ? volatilityLowerBound : vol;
      const raw = signal[j] as number;
      const p = isBlank ? raw : keep(j, {p: raw, vol, spread: spread?.[j]});
      const position = Math.sign(p) * (targetDollarRiskPerName / bounded);
      positions[j] = modulateUsingPredictionMagnitude ? position * Math.abs(p) : position;
    }
  };
}

interface Cell {
  readonly p: number;
  readonly vol: number;
  readonly spread: number | undefined;
}

/** The prediction of name j if it is strong enough, else what the fill method puts there. */
function dropper(count: number, params: LongitudinalParams): (j: number, cell: Cell) => number {
  const {
    predictionAbsThreshold = 0,
    volatilityToSpreadThreshold = 0,
    gamma = 0,
    fillMethod = "zero",
    spreadLowerBound = 1e-4,
  } = params;
  const last = new Float64Array(count).fill(Number.NaN);
  return (j, {p, vol, spread = spreadLowerBound}) => {
    const bounded = spread < spreadLowerBound ? spreadLowerBound : spread;
    const excess = Math.max(0, Math.abs(p) - predictionAbsThreshold);
    const calm = Math.max(0, vol / bounded - volatilityToSpreadThreshold);
    if (!Number.isNaN(p) && !(excess * calm <= gamma)) {
      last[j] = p;
      return p;
    }
    return fillMethod === "zero" ? 0 : fillMethod === "nan" ? Number.NaN : (last[j] as number);
  };
}
