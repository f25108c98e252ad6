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

export const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
/** Guesses at the middle before the cells are sorted into buckets. */
const MOST_GUESSES = 8;
/** Beyond every cell that is looked for; added to a cell it takes its place. */
const FAR = 1e300;

/**
 * Finds the cells around the middle by guessing a value between them: the cells below a guess are
 * counted, and the next guess lies where they would be half if they lay evenly between the last
 * two. Signs are read from the bits of differences, so that no branch depends on a cell: half of
 * those would be foreseen wrongly, which costs more than all else.
 *
 * @param count even
 * @returns false where no guess fell between the middle cells, as when they are equal
 */
function middleGuesser(count: number): (row: Float64Array, found: MiddleCells) => boolean {
  const differences = new Float64Array(count);
  const words = new Int32Array(differences.buffer);
  const upperWord = IS_LITTLE_ENDIAN ? 1 : 0;
  const penalty = Float64Array.of(0, FAR);
  const middle = count >> 1;
  const countBelow = (row: Float64Array, guess: number): number => {
    for (let j = 0; j < count; ++j) {
      // −0 less 0 is −0, whose sign bit would count it as below.
      differences[j] = (row[j] as number) - guess + 0;
    }
    let below = 0;
    for (let w = upperWord; w < words.length; w += 2) {
      below += (words[w] as number) >>> 31;
    }
    return below;
  };
  return (row, found) => {
    let [low, high] = [found.lowest, found.highest];
    let [belowLow, belowHigh] = [0, count];
    for (let i = 0; i < MOST_GUESSES; ++i) {
      const share = (middle - belowLow) / (belowHigh - belowLow);
      const guess = low + (high - low) * share;
      const below = countBelow(row, guess);
      if (below === middle) {
        let lower = -FAR;
        let upper = FAR;
        for (let j = 0, w = upperWord; j < count; ++j, w += 2) {
          const x = row[j] as number;
          const isBelow = (words[w] as number) >>> 31;
          lower = Math.max(lower, x - (penalty[1 - isBelow] as number));
          upper = Math.min(upper, x + (penalty[isBelow] as number));
        }
        found.below = lower;
        found.upper = upper;
        found.above = Number.NaN;
        return Math.abs(lower) < FAR / 2 && Math.abs(upper) < FAR / 2;
      }
      if (below < middle) {
        [low, belowLow] = [guess, below];
      } else {
        [high, belowHigh] = [guess, below];
      }
    }
    return false;
  };
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
  const guess = count % 2 === 0 ? middleGuesser(count) : undefined;
  return (row, found) => {
    if (!findRange(row, found)) {
      return false;
    }
    if (guess?.(row, found)) {
      return true;
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
