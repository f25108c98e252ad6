import type {Column} from "../../table/frame.js";
import {mean} from "../distribution/moments.js";

/**
 * The mean block length at which a stationary bootstrap of a mean has the least error.
 *
 * Politis and White, "Automatic block-length selection for the dependent bootstrap" (2004), with
 * the correction of Patton, Politis and White (2009): b = (2·G² / D)^(1/3) · n^(1/3), where
 * D = 2·S², S = Σ λ(k/m)·R(k), G = Σ λ(k/m)·|k|·R(k) over |k| <= m, R the autocovariances, λ the
 * flat-top lag window, and m twice the first lag from which max(5, log₁₀ n) autocorrelations in a
 * row are not significant, as in the authors' program. At least 1, at most ⌈min(3√n, n/3)⌉. 1 of a
 * series that does not vary.
 *
 * @param values without missing ones
 */
export function optimalBlockLength(values: Column): number {
  const n = values.length;
  if (n < 10) {
    return 1;
  }
  const quiet = Math.max(5, Math.floor(Math.log10(n)));
  const lags = Math.min(Math.ceil(Math.sqrt(n)) + quiet, n - 2);
  const covariance = autocovariances(values, lags);
  const variance = covariance[0] as number;
  if (!(variance > 0)) {
    return 1;
  }
  const m = Math.min(2 * Math.max(firstQuietLag(values, covariance, quiet), 1), lags);
  let g = 0;
  let s = variance;
  for (let k = 1; k <= m; ++k) {
    const weight = k / m <= 0.5 ? 1 : 2 * (1 - k / m);
    g += 2 * weight * k * (covariance[k] as number);
    s += 2 * weight * (covariance[k] as number);
  }
  const length = Math.cbrt(((2 * g * g) / (2 * s * s)) * n);
  return Math.max(1, Math.min(length, Math.ceil(Math.min(3 * Math.sqrt(n), n / 3))));
}

/** Σ (x[t] − mean)(x[t−k] − mean) / n for k = 0 … lags. */
function autocovariances(values: Column, lags: number): Float64Array {
  const centre = mean(values);
  const deviations = values.map((x) => x - centre);
  return Float64Array.from({length: lags + 1}, (_, k) => {
    let total = 0;
    for (let t = k; t < deviations.length; ++t) {
      total += (deviations[t] as number) * (deviations[t - k] as number);
    }
    return total / deviations.length;
  });
}

/** The first of the first `quiet` insignificant lags in a row; the last where there are none. */
function firstQuietLag(values: Column, covariance: Float64Array, quiet: number): number {
  const n = values.length;
  const limit = 2 * Math.sqrt(Math.log10(n) / n);
  const centre = mean(values);
  const isQuiet = covariance.map((c, k) => {
    const scale = Math.sqrt(
      squares(values.subarray(k + 1), centre) * squares(values.subarray(0, n - k - 1), centre),
    );
    return k > 0 && Math.abs(c * n) / scale < limit ? 1 : 0;
  });
  for (let k = 1, run = 0; k < covariance.length; ++k) {
    run = isQuiet[k] ? run + 1 : 0;
    if (run === quiet) {
      return k - quiet + 1;
    }
  }
  return covariance.length - 1;
}

function squares(values: Column, centre: number): number {
  let total = 0;
  for (const x of values) {
    total += (x - centre) * (x - centre);
  }
  return total;
}
