import {IS_LITTLE_ENDIAN, middleFinder} from "./middle-cells.js";
import {BOUND_WIDTH, probability, quantilePosition} from "./quantile-share.js";

// Cells nearer to the median than this share of the row's range may be tied up to rounding.
const TIE_WIDTH = 1e-9;

/**
 * The sign of every cell's gaussian rank, found from the row's median without sorting the row: plus
 * above the median, minus below, 0 for the middle one of an odd number.
 *
 * Where it gives an answer, that is `Math.sign` of `gaussianRankRow`; where it cannot, it gives
 * none: a cell that is missing, cells tied at the median, where rounding decides, cells of the
 * middle that count as the smallest or largest, or an odd count whose middle quantile is not exact.
 *
 * @param count cells of a row, at least two
 * @returns a function that writes -1, 0 or 1 into `signs` and tells whether it did
 */
export function rankSigner(count: number): (row: Float64Array, signs: Float64Array) => boolean {
  const isOdd = count % 2 === 1;
  if (isOdd && !hasExactMiddle(count)) {
    return () => false;
  }
  const differences = new Float64Array(count);
  const words = new Int32Array(differences.buffer);
  const upperWord = IS_LITTLE_ENDIAN ? 1 : 0;
  const findMiddle = middleFinder(count);
  const found = {lowest: 0, highest: 0, below: 0, upper: 0, above: 0};
  return (row, signs) => {
    if (!findMiddle(row, found)) {
      return false;
    }
    const {lowest, highest, below, upper, above} = found;
    const tie = TIE_WIDTH * (highest - lowest + Math.max(Math.abs(lowest), Math.abs(highest)));
    const isTied = upper - below <= tie || (isOdd && above - upper <= tie);
    // Otherwise cells that count as the smallest or largest are on their side of the median anyway.
    const isAtBound =
      upper - BOUND_WIDTH < lowest || (isOdd ? upper : below) + BOUND_WIDTH > highest;
    if (isTied || isAtBound) {
      return false;
    }
    // From the sign bit, and −0 made 0: as a condition every other one would be foreseen wrongly.
    for (let j = 0; j < count; ++j) {
      differences[j] = (row[j] as number) - upper + 0;
    }
    for (let j = 0, w = upperWord; j < count; ++j, w += 2) {
      signs[j] = 1 - 2 * ((words[w] as number) >>> 31);
    }
    if (isOdd) {
      signs[row.indexOf(upper)] = 0;
    }
    return true;
  };
}

/** True when the middle of n quantiles is the middle cell, at probability ½, without rounding. */
function hasExactMiddle(n: number): boolean {
  const middle = (n - 1) / 2;
  return probability(middle, n) === 0.5 && quantilePosition(middle, n, n) === middle;
}
