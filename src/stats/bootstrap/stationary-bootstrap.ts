import type {SeededRandom} from "../distribution/seeded-random.js";

/**
 * The rows of one resample of a stationary bootstrap (Politis and Romano, 1994).
 *
 * Each row follows the one before, the first after the last, or with probability 1 / blockLength a
 * new block starts at a row drawn uniformly: blocks have random lengths with that mean, and the
 * resample is stationary where the series is. Written into `rows`.
 *
 * @param blockLength mean length of a block, at least 1, which draws every row by itself
 */
export function stationaryRows(
  rows: Int32Array,
  blockLength: number,
  random: SeededRandom,
): Int32Array {
  const n = rows.length;
  const newBlock = 1 / blockLength;
  let row = n - 1;
  for (let t = 0; t < n; ++t) {
    const isNew = t === 0 || newBlock >= 1 || random.uniform() < newBlock;
    row = isNew ? Math.floor(random.uniform() * n) : row + 1 === n ? 0 : row + 1;
    rows[t] = row;
  }
  return rows;
}
