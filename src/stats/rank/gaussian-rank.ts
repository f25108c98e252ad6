import assert from "node:assert/strict";
import {type Frame, makeFrame} from "../../table/frame.js";
import {normalQuantile} from "../distribution/normal.js";
import {BOUND_WIDTH, empiricalShare} from "./quantile-share.js";

// Probabilities are kept this far from 0 and 1, so that the smallest and largest value are finite:
// -5.199337582605575 and 5.19933758270342 (they differ because 1 - 1e-7 is rounded).
const LOWEST_Z = normalQuantile(BOUND_WIDTH - Number.EPSILON);
const HIGHEST_Z = normalQuantile(1 - (BOUND_WIDTH - Number.EPSILON));

/** What to do with the middle of the cross-section. */
export interface BulkRemoval {
  /** Share of the cross-section to remove, 0 (nothing, the default) up to but not 1. */
  readonly fraction?: number;
  /** What a removed cell becomes: 0, missing, or the asset's last kept rank (default `nan`). */
  readonly fill?: "zero" | "nan" | "ffill";
}

/**
 * The cells of one row mapped to a normal distribution by their rank in the row.
 *
 * The quantile transform with as many quantiles as cells: the empirical distribution function,
 * averaged from both sides, through Φ⁻¹, clipped near ±5.1993. It is what scikit-learn's
 * `QuantileTransformer(n_quantiles=n, output_distribution="normal")` computes. The sign is relative
 * to the row's median, not to zero. Edges: equal cells all get the lower bound; a value within 1e-7
 * of the smallest (largest) counts as the smallest (largest), so scale tiny numbers up first; NaN
 * stays NaN, and since the quantiles of a row with NaN lie between its cells, such a row's middle
 * value is near 0, not 0. Cells are finite or NaN.
 */
export function gaussianRankRow(row: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(row)
    .filter((x) => !Number.isNaN(x))
    .sort();
  const lowest = sorted[0] as number;
  const highest = sorted[sorted.length - 1] as number;
  const share = empiricalShare(sorted, row.length);
  return Float64Array.from(row, (x) => {
    if (x - BOUND_WIDTH < lowest) {
      return LOWEST_Z;
    }
    if (x + BOUND_WIDTH > highest) {
      return HIGHEST_Z;
    }
    return Math.min(HIGHEST_Z, Math.max(LOWEST_Z, normalQuantile(share(x))));
  });
}

/**
 * {@link gaussianRankRow} of every row, with the middle of each row removed if asked.
 *
 * A cell is in the bulk when |z| < Φ⁻¹((1 + fraction) / 2). A filled cell stays NaN when the row
 * has no value at all; `zero` leaves cells NaN that were NaN before.
 */
export function gaussianRank(frame: Frame, bulk: BulkRemoval = {}): Frame {
  const data = frame.columns.map(() => new Float64Array(frame.index.length));
  const remove = bulkRemover(frame.columns.length, bulk);
  const row = new Float64Array(frame.columns.length);
  for (let t = 0; t < frame.index.length; ++t) {
    for (let j = 0; j < row.length; ++j) {
      row[j] = (frame.data[j] as Float64Array)[t] as number;
    }
    const ranked = remove(gaussianRankRow(row));
    for (let j = 0; j < row.length; ++j) {
      (data[j] as Float64Array)[t] = ranked[j] as number;
    }
  }
  return makeFrame(frame.index, frame.columns, data);
}

/** Removes the bulk from rows given in time order; remembers what a `ffill` needs. */
export function bulkRemover(
  count: number,
  {fraction = 0, fill = "nan"}: BulkRemoval,
): (ranked: Float64Array) => Float64Array {
  assert.ok(fraction >= 0 && fraction < 1, `share of the bulk: 0 up to 1, not ${fraction}`);
  if (fraction === 0) {
    return (ranked) => ranked;
  }
  const threshold = normalQuantile(0.5 * (1 + fraction));
  const last = new Float64Array(count).fill(Number.NaN);
  return (ranked) => {
    if (ranked.every(Number.isNaN)) {
      return ranked;
    }
    return ranked.map((z, j) => {
      if (Math.abs(z) >= threshold) {
        last[j] = z;
        return z;
      }
      if (fill === "ffill") {
        return last[j] as number;
      }
      return fill === "zero" && !Number.isNaN(z) ? 0 : Number.NaN;
    });
  };
}
