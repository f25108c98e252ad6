// Adding and subtracting 1.5·2⁵² leaves the nearest integer, halves to even, for |x| < 2⁵¹.
const ROUNDER = 6_755_399_441_055_744;

// A power costs more than all the rest of a rounding.
const POWERS = Array.from({length: 31}, (_, k) => 10 ** k);

/** From this many decimals on, nothing is rounded: a double has no more than that. */
export const NO_ROUNDING = 30;

/**
 * `x` rounded to `decimals` digits after the point, halves to the even neighbour; negative
 * decimals round to tens (-1), hundreds (-2) and so on.
 *
 * As `numpy.round`: scaled by a power of ten, rounded, scaled back, so 1.005 (which is a little
 * less) becomes 1.00, and 0.5, 1.5, 2.5 become 0, 2, 2. 30 decimals or more leave `x` alone.
 * NaN and infinities stay, the sign of zero is kept.
 *
 * @param decimals an integer
 */
export function roundHalfEven(x: number, decimals = 0): number {
  if (decimals >= NO_ROUNDING) {
    return x;
  }
  const scale = POWERS[Math.abs(decimals)] ?? 10 ** Math.abs(decimals);
  const rounded =
    decimals < 0 ? nearestInteger(x / scale) * scale : nearestInteger(x * scale) / scale;
  return Number.isFinite(rounded) ? rounded : x;
}

function nearestInteger(x: number): number {
  if (Math.abs(x) >= 2 ** 51) {
    return x % 1 === 0.5 || x % 1 === -0.5 ? 2 * Math.round(x / 2) : Math.round(x);
  }
  const rounded = x + ROUNDER - ROUNDER;
  return rounded === 0 ? x * 0 : rounded;
}
