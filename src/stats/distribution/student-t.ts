/**
 * The two-sided p-value of a Student t statistic: P(|T| >= |t|) with `freedom` degrees of freedom.
 *
 * I_x(freedom/2, 1/2) at x = freedom / (freedom + t²), the regularised incomplete beta function
 * (Abramowitz and Stegun 26.7.1), by Lentz's continued fraction. Relative error below 1e-11.
 * NaN where t is NaN or `freedom` is not positive; 0 for an infinite t.
 */
export function studentTPValue(t: number, freedom: number): number {
  if (Number.isNaN(t) || !(freedom > 0)) {
    return Number.NaN;
  }
  if (!Number.isFinite(t)) {
    return 0;
  }
  const a = freedom / 2;
  const ratio = (t * t) / freedom;
  const x = 1 / (1 + ratio);
  // x^a · (1-x)^½ / B(a, ½)
  const front =
    Math.exp(-a * Math.log1p(ratio)) * Math.sqrt(ratio / (1 + ratio)) * inverseBetaHalf(a);
  return x < (a + 1) / (a + 2.5)
    ? (front * betaFraction(x, a, 0.5)) / a
    : 1 - (front * betaFraction(ratio / (1 + ratio), 0.5, a)) / 0.5;
}

/** 1 / B(a, ½) = Γ(a + ½) / (Γ(a) √π). */
function inverseBetaHalf(a: number): number {
  // Γ(a+½)/Γ(a) grows by the factor (a+½)/a from a to a+1; far out its asymptotic series is exact.
  let factor = 1;
  let b = a;
  for (; b < 40; ++b) {
    factor *= b / (b + 0.5);
  }
  const series = [1, -1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144, 869 / 4194304];
  const sum = series.reduceRight((inner, coefficient) => inner / b + coefficient, 0);
  return (factor * Math.sqrt(b) * sum) / Math.sqrt(Math.PI);
}

/** The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const awayFromZero = (v: number) => (Math.abs(v) < tiny ? tiny : v);
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 10_000; ++m) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let step = 1;
    for (const term of [even, odd]) {
      d = 1 / awayFromZero(1 + term * d);
      c = awayFromZero(1 + term / c);
      step = d * c;
      value *= step;
    }
    if (Math.abs(step - 1) < 1e-16) {
      break;
    }
  }
  return value;
}
