/**
 * `x` cut toward zero after `decimals` digits: never more, in absolute value, than was asked for.
 *
 * floor(|x| · 10^d) / 10^d with the sign of x. A number within rounding error of a step counts as
 * on it, so 0.29 stays 0.29 with two decimals although 0.29 · 100 is 28.999…96. NaN stays NaN.
 *
 * @param decimals an integer; negative cuts to tens, hundreds
 */
export function floorWithPrecision(x: number, decimals: number): number {
  const scale = 10 ** Math.abs(decimals);
  const size = Math.abs(x);
  const steps = decimals < 0 ? size / scale : size * scale;
  const nearest = Math.round(steps);
  const isOnStep = (decimals < 0 ? nearest * scale : nearest / scale) === size;
  const whole = isOnStep ? nearest : Math.floor(steps);
  return Math.sign(x) * (decimals < 0 ? whole * scale : whole / scale);
}
