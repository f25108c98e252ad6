import type {Panel} from "../../table/panel.js";
import type {EpochMs} from "../../time/epoch.js";

/** A cell that a node gave another value one bar later. */
export interface RevisedCell {
  /** The row's bar end. */
  readonly row: EpochMs;
  readonly instrument: string;
  readonly feature: string;
  readonly before: number;
  readonly after: number;
}

/** How a node's windows at two successive bars agree. */
export interface ConsistencyCheck {
  /** The later bar. */
  readonly barEnd: EpochMs;
  /** Rows that both windows have. */
  readonly sharedRows: number;
  /**
   * The earlier window without its first row has the rows of the later one without its last: true
   * of windows of one length. The reference's check asks for it.
   */
  readonly isSameWindow: boolean;
  readonly differences: readonly RevisedCell[];
}

/** Values farther apart, relative to the larger, count as revised: the reference's 1e-3 percent. */
const TOLERANCE = 1e-5;

/**
 * Checks that a node does not revise its past: the rows which two successive bars share are equal.
 *
 * One that does has looked ahead, or depends on where its window begins.
 *
 * @param windows what the node put out at each bar, in time order
 * @param tolerance relative
 */
export function selfConsistency(
  windows: readonly {readonly barEnd: EpochMs; readonly panel: Panel}[],
  tolerance: number = TOLERANCE,
): ConsistencyCheck[] {
  return windows.slice(1).map(({barEnd, panel}, i) => {
    const before = (windows[i] as {readonly panel: Panel}).panel;
    const rowOf = new Map(Array.from(panel.index, (time, t) => [time, t]));
    const shared = Array.from(before.index.entries()).filter(([, time]) => rowOf.has(time));
    const pairs = shared.map(([t, time]): [number, number] => [t, rowOf.get(time) as number]);
    return {
      barEnd,
      sharedRows: shared.length,
      isSameWindow: isSame(before.index.subarray(1), panel.index.subarray(0, -1)),
      differences: revisedCells(before, panel, {pairs, tolerance}),
    };
  });
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((time, t) => time === b[t]);
}

function revisedCells(
  before: Panel,
  after: Panel,
  {pairs, tolerance}: {readonly pairs: readonly [number, number][]; readonly tolerance: number},
): RevisedCell[] {
  const revised: RevisedCell[] = [];
  for (const [feature, columns] of before.features) {
    for (const [j, instrument] of before.columns.entries()) {
      const later = after.features.get(feature)?.[after.columns.indexOf(instrument)];
      for (const [t, u] of pairs) {
        const [a, b] = [columns[j]?.[t] as number, later?.[u] ?? Number.NaN];
        if (!isNear(a, b, tolerance)) {
          const row = before.index[t] as number;
          revised.push({row, instrument, feature, before: a, after: b});
        }
      }
    }
  }
  return revised;
}

function isNear(a: number, b: number, tolerance: number): boolean {
  return (
    Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
  );
}
