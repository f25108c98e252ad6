import assert from "node:assert/strict";
import {bulkRemover, gaussianRankRow} from "../../stats/rank/gaussian-rank.js";
import {rankSigner} from "../../stats/rank/rank-sign.js";
import {type Frame, requireSameAxes} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import {type RowSizer, sizeRows} from "./row-sizer.js";

/** How predictions become positions that share one gross market value per bar. */
export interface CrossSectionalParams {
  /** Share of the middle of the cross-section to remove, 0 up to but not 1; default 0. */
  readonly bulkFracToRemove?: number;
  /** A removed name holds nothing, is missing, or keeps its last side; default `zero`. */
  readonly bulkFillMethod?: "zero" | "nan" | "ffill";
  /** Gross market value of all positions, money; one for all, per row or by bar end; 1e6. */
  readonly targetGmv?: number | Float64Array | ((barEnd: EpochMs) => number);
  /** Volatilities below this count as this, so that no name takes it all; default 1e-5. */
  readonly volatilityLowerBound?: number;
}

/**
 * Target positions (money, signed) that go long the upper and short the lower half of each row.
 *
 * w = sign(gaussian rank of the prediction in its row) / max(volatility, lower bound)²;
 * position = w / Σ|w| · target GMV. The sign is relative to the row's median. A name that is alone
 * with a prediction, as the only column or in its row, is not ranked: there is no median to compare
 * it with, so its own sign counts, and a view (not 0) is never removed as bulk. Edges: a missing
 * prediction or volatility gives a missing position, and the others share the whole GMV; a row
 * whose weights are all 0, or whose target GMV is 0, holds nothing (0).
 *
 * @param prediction forecasts of the next bar's return, cells finite or NaN, of a scale above 1e-7
 * @param volatility forecasts of its volatility, same axes
 */
export function crossSectionalTargets(
  prediction: Frame,
  volatility: Frame,
  params: CrossSectionalParams = {},
): Frame {
  requireSameAxes(prediction, volatility);
  const {targetGmv} = params;
  const isSeries = typeof targetGmv === "object";
  assert.ok(!isSeries || targetGmv.length === prediction.index.length, "one target GMV per row");
  const sizer = crossSectionalSizer(prediction.columns.length, params);
  return sizeRows(sizer, {prediction, volatility});
}

/**
 * The rule of {@link crossSectionalTargets} one row at a time, for a system that runs bar by bar.
 *
 * Rows must come in time order: with the `ffill` method the sizer remembers each name's last side,
 * and with a target GMV per row it counts rows. Otherwise it holds no state.
 */
export function crossSectionalSizer(count: number, params: CrossSectionalParams = {}): RowSizer {
  const {volatilityLowerBound = 1e-5, targetGmv = 1e6} = params;
  assert.ok(typeof targetGmv !== "number" || targetGmv >= 0, "a target GMV is at least 0");
  const gmvAt = typeof targetGmv === "function" ? targetGmv : () => targetGmv as number;
  const signsOf = signer(count, params);
  let row = 0;
  return ({barEnd = Number.NaN, prediction, volatility}, positions) => {
    const gmv = typeof targetGmv === "object" ? (targetGmv[row++] as number) : gmvAt(barEnd);
    const signs = signsOf(prediction);
    let l1 = 0;
    let known = 0;
    for (let j = 0; j < count; ++j) {
      const vol = volatility[j] as number;
      const bounded = vol < volatilityLowerBound ? volatilityLowerBound : vol;
      const weight = (signs[j] as number) / (bounded * bounded);
      positions[j] = weight;
      if (!Number.isNaN(weight)) {
        l1 += Math.abs(weight);
        ++known;
      }
    }
    scaleTo(positions, {l1, gmv: known === 0 ? Number.NaN : gmv});
  };
}

/** The side of every name in a row: -1, 0, 1 or NaN. */
function signer(
  count: number,
  {bulkFracToRemove: fraction = 0, bulkFillMethod: fill = "zero"}: CrossSectionalParams,
): (prediction: Float64Array) => Float64Array {
  const signs = new Float64Array(count);
  if (count === 1) {
    return ([x = Number.NaN]) => signs.fill(Math.sign(x));
  }
  const rankSigns = rankSigner(count);
  const remove = bulkRemover(count, {fraction, fill});
  return (prediction) => {
    if (fraction === 0 && rankSigns(prediction, signs)) {
      return signs;
    }
    const ranked =
      knownCount(prediction) === 1 ? ownSides(prediction) : gaussianRankRow(prediction);
    return remove(ranked).map(Math.sign);
  };
}

function knownCount(prediction: Float64Array): number {
  return prediction.reduce((count, x) => (Number.isNaN(x) ? count : count + 1), 0);
}

/** Each name at the end of the ranking that its own sign says; 0 stays 0. */
function ownSides(prediction: Float64Array): Float64Array {
  return prediction.map((x) => (x === 0 ? 0 : x * Number.POSITIVE_INFINITY));
}

/** Multiplies the weights, whose absolute sum is l1, up to the GMV; no weight or no GMV gives 0. */
function scaleTo(positions: Float64Array, {l1, gmv}: {l1: number; gmv: number}): void {
  const scale = l1 / gmv;
  const isEmpty = l1 === 0 || gmv === 0;
  for (let j = 0; j < positions.length; ++j) {
    const weight = positions[j] as number;
    positions[j] = isEmpty && !Number.isNaN(weight) ? 0 : weight / scale;
  }
}
