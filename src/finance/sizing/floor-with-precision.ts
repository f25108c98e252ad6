/**
 * `x` cut toward zero after `decimals` digits: never more, in absolute value, than was asked for.
 *
 * floor(|x| · 10^d) / 10^d with the sign of x. A number that has no more digits stays as it is, so
 * 0.29 stays 0.29 with two although 0.29 · 100 is 28.999…96. NaN stays NaN; nothing left is 0.
 *
 * @param decimals an integer; negative cuts to tens, hundreds
 */
export function floorWithPrecision(x: number, decimals: number): number {
  const scale = 10 ** Math.abs(decimals);
  const toSteps = (size: number) => (decimals < 0 ? size / scale : size * scale);
  const fromSteps = (steps: number) => (decimals < 0 ? steps * scale : steps / scale);
  const size = Math.abs(x);
  const steps = toSteps(size);
  if (steps >= 2 ** 53 || fromSteps(Math.round(steps)) === size) {
    return x;
  }
  return Math.sign(x) * fromSteps(Math.floor(steps)) + 0;
}
