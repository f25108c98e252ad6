import {type Column, type Frame, makeFrame} from "../../table/frame.js";

/**
 * Pearson's correlation of two columns over the rows where both are known.
 *
 * NaN with fewer than two such rows or where either side does not vary.
 */
export function correlation(a: Column, b: Column): number {
  const both = a.map((x, t) => (Number.isNaN(b[t] as number) ? Number.NaN : x));
  const [meanA, meanB] = [meanWhere(both, a), meanWhere(both, b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let t = 0; t < both.length; ++t) {
    if (!Number.isNaN(both[t] as number)) {
      const da = (a[t] as number) - meanA;
      const db = (b[t] as number) - meanB;
      ab += da * db;
      aa += da * da;
      bb += db * db;
    }
  }
  const scale = Math.sqrt(aa) * Math.sqrt(bb);
  return scale > 0 ? Math.max(-1, Math.min(1, ab / scale)) : Number.NaN;
}

/** {@link correlation} of every pair of columns, as rows by column number 0, 1, … */
export function correlationMatrix({columns, data}: Frame): Frame {
  const index = Float64Array.from(columns, (_, i) => i);
  const matrix = data.map((a) => Float64Array.from(data, (b) => correlation(a, b)));
  return makeFrame(index, columns, matrix);
}

function meanWhere(known: Column, values: Column): number {
  let total = 0;
  let count = 0;
  for (let t = 0; t < known.length; ++t) {
    if (!Number.isNaN(known[t] as number)) {
      total += values[t] as number;
      count += 1;
    }
  }
  return total / count;
}
