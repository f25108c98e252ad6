/**
 * A row of correlated values turned into uncorrelated ones, assuming that every pair of names has
 * the same correlation: x · C^(-1/2) with C = (1-ρ)·I + ρ·1.
 *
 * C has the eigenvalue 1+(k-1)ρ along the mean and 1-ρ elsewhere, so the mean of the row is divided
 * by √(1+(k-1)ρ) and the deviations from it by √(1-ρ). k counts the cells that are not NaN; NaN
 * stays NaN; a row with fewer than two values is returned as it is.
 *
 * @param correlation ρ, above -1/(k-1) and below 1
 */
export function decorrelateRow(row: Float64Array, correlation: number): Float64Array {
  let sum = 0;
  let known = 0;
  for (const x of row) {
    if (!Number.isNaN(x)) {
      sum += x;
      ++known;
    }
  }
  if (known < 2) {
    return Float64Array.from(row);
  }
  const mean = sum / known;
  const alongMean = Math.sqrt(1 + (known - 1) * correlation);
  const across = Math.sqrt(1 - correlation);
  return row.map((x) => mean / alongMean + (x - mean) / across);
}
