/** Points of a trace as plain arrays: instants (epoch ms) and values, null where missing. */
export interface PlotPoints {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** Digits that a drawing can show. */
const PRECISION = 7;

/**
 * The points of a series for a figure, at most `maxPoints`.
 *
 * A longer series is cut into equal pieces, of each of which the first lowest and the first highest
 * known value stay, in time order: no peak or trough is lost. The last bar always stays.
 *
 * @param index     instants, increasing
 * @param maxPoints an even number, 4 at least
 */
export function plotPoints(
  index: Float64Array,
  values: Float64Array,
  maxPoints = 2_000,
): PlotPoints {
  const rows = values.length <= maxPoints ? undefined : extremeRows(values, maxPoints / 2 - 1);
  const kept = rows ?? Array.from(values, (_, t) => t);
  return {
    x: kept.map((t) => index[t] as number),
    y: kept.map((t) => toPlotted(values[t] as number)),
  };
}

function toPlotted(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(PRECISION)) : null;
}

function extremeRows(values: Float64Array, pieces: number): number[] {
  const rows = new Set<number>();
  for (let piece = 0; piece < pieces; ++piece) {
    const from = Math.floor((piece * values.length) / pieces);
    const to = Math.floor(((piece + 1) * values.length) / pieces);
    let [low, high] = [from, from];
    for (let t = from; t < to; ++t) {
      const value = values[t] as number;
      low = value < (values[low] as number) || Number.isNaN(values[low]) ? t : low;
      high = value > (values[high] as number) || Number.isNaN(values[high]) ? t : high;
    }
    rows.add(Math.min(low, high)).add(Math.max(low, high));
  }
  return [...rows.add(values.length - 1)];
}
