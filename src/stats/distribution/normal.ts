// Rational approximations of Wichura, "Algorithm AS 241: the percentage points of the normal
// distribution", Applied Statistics 37 (1988): relative error about 1e-16. Lowest power first.
const CENTRE_NUMERATOR = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_DENOMINATOR = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const TAIL_NUMERATOR = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const TAIL_DENOMINATOR = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
];
const FAR_NUMERATOR = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
  0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const FAR_DENOMINATOR = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];

/**
 * The standard normal quantile Φ⁻¹(p): the z with P(Z <= z) = p. Relative error about 1e-15.
 *
 * 0 gives -Infinity, 1 gives Infinity; NaN and anything outside [0, 1] give NaN; exactly 0 at 0.5.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) {
    return Number.NaN;
  }
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_NUMERATOR, r)) / polynomial(CENTRE_DENOMINATOR, r);
  }
  const tail = q < 0 ? p : 1 - p;
  if (tail === 0) {
    return q < 0 ? -Infinity : Infinity;
  }
  const r = Math.sqrt(-Math.log(tail));
  const z =
    r <= 5
      ? polynomial(TAIL_NUMERATOR, r - 1.6) / polynomial(TAIL_DENOMINATOR, r - 1.6)
      : polynomial(FAR_NUMERATOR, r - 5) / polynomial(FAR_DENOMINATOR, r - 5);
  return q < 0 ? -z : z;
}

/**
 * The standard normal distribution function Φ(z) = P(Z <= z).
 *
 * Power series for |z| < 2.5 (absolute error below 1e-15), continued fraction in the tails
 * (relative error below 1e-13). NaN stays NaN.
 */
export function normalCdf(z: number): number {
  if (Math.abs(z) < 2.5) {
    return 0.5 + normalDensity(z) * centralSeries(z);
  }
  const upper = normalDensity(z) * millsRatio(Math.abs(z));
  return z < 0 ? upper : 1 - upper;
}

/** The standard normal density φ(z). */
function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** z + z³/3 + z⁵/(3·5) + …: (Φ(z) - ½) / φ(z); Abramowitz and Stegun 26.2.11. */
function centralSeries(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return sum;
}

/** (1 - Φ(z)) / φ(z) for z > 0: 1/(z + 1/(z + 2/(z + 3/…))); Abramowitz and Stegun 26.2.14. */
function millsRatio(z: number): number {
  let fraction = z;
  for (let k = 200; k >= 1; --k) {
    fraction = z + k / fraction;
  }
  return 1 / fraction;
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let k = coefficients.length - 1; k >= 0; --k) {
    value = value * x + (coefficients[k] as number);
  }
  return value;
}
