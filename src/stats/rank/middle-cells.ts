/** The cells around the middle of a row, in order of size. */
export interface MiddleCells {
  lowest: number;
  highest: number;
  /** The cell before the middle one. */
  below: number;
  /** The middle cell of an odd number, the upper one of the two of an even number. */
  upper: number;
  /** The cell after it; only for an odd number. */
  above: number;
}

/**
 * Finds the cells around the middle of rows of `count` cells, in time linear in the count.
 *
 * Cells are counted into as many buckets of equal width as there are cells; only the bucket with
 * the middle cell and the nearest occupied ones beside it are sorted. That is faster than sorting
 * the row, or than selecting by pivots, whose branches no processor can foresee.
 *
 * @param count at least two
 * @returns a function that writes into `found`, and tells whether it did: not for a row with a cell
 *   that is not finite, or whose cells are all equal
 */
export function middleFinder(count: number): (row: Float64Array, found: MiddleCells) => boolean {
  const counts = new Int32Array(count);
  const bucketOf = new Int32Array(count);
  const few = new Float64Array(count);
  const middle = count >> 1;
  return (row, found) => {
    if (!findRange(row, found)) {
      return false;
    }
    const {lowest} = found;
    const scale = (count - 1) / (found.highest - lowest);
    counts.fill(0);
    // Monotone in the cell, as every step of the arithmetic is: a larger cell is never before.
    for (let j = 0; j < count; ++j) {
      const bucket = (((row[j] as number) - lowest) * scale) | 0;
      bucketOf[j] = bucket;
      counts[bucket] = (counts[bucket] as number) + 1;
    }
    let bucket = 0;
    let first = 0;
    let before = 0;
    for (let passed = counts[0] as number; passed <= middle; ) {
      const size = counts[bucket] as number;
      first = size > 0 ? bucket : first;
      before = size > 0 ? passed - size : before;
      passed += counts[++bucket] as number;
    }
    let last = bucket + 1;
    while (last < count && counts[last] === 0) {
      ++last;
    }
    let size = 0;
    for (let j = 0; j < count; ++j) {
      if ((bucketOf[j] as number) >= first && (bucketOf[j] as number) <= last) {
        few[size++] = row[j] as number;
      }
    }
    sortFew(few, size);
    const at = middle - before;
    found.below = few[at - 1] as number;
    found.upper = few[at] as number;
    found.above = at + 1 < size ? (few[at + 1] as number) : Number.NaN;
    return true;
  };
}

/** The smallest and largest cell; false where a cell is not finite or none differs. */
function findRange(row: Float64Array, found: MiddleCells): boolean {
  let lowest = Infinity;
  let highest = -Infinity;
  let zero = 0;
  for (let j = 0; j < row.length; ++j) {
    const x = row[j] as number;
    lowest = x < lowest ? x : lowest;
    highest = x > highest ? x : highest;
    zero += x - x;
  }
  found.lowest = lowest;
  found.highest = highest;
  return zero === 0 && highest > lowest;
}

function sortFew(values: Float64Array, size: number): void {
  if (size > 24) {
    values.subarray(0, size).sort();
    return;
  }
  for (let i = 1; i < size; ++i) {
    const x = values[i] as number;
    let j = i - 1;
    while (j >= 0 && (values[j] as number) > x) {
      values[j + 1] = values[j] as number;
      --j;
    }
    values[j + 1] = x;
  }
}
