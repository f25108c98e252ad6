import {ReckonError} from "../../errors.js";
import {type Column, type Frame, makeFrame, selectColumns, selectRows} from "../../table/frame.js";

/** How two frames are compared. */
export interface FrameComparison {
  /** `pct_change` (default): 100 · (a − b) / |b|; `diff`: a − b. */
  readonly mode?: "pct_change" | "diff";
  /** `equal` (default): other rows are an error; `inner`: only rows that both have. */
  readonly rows?: "equal" | "inner";
  /** The same for columns. */
  readonly columns?: "equal" | "inner";
  /** In `pct_change`, |x| below this counts as 0; default 1e-6. */
  readonly closeToZero?: number;
  /** In `pct_change`, 0 against 0 is no difference (default) instead of NaN. */
  readonly zeroVsZeroIsZero?: boolean;
  /** In `pct_change`, an infinite result becomes NaN (default). */
  readonly removeInfinite?: boolean;
}

/**
 * Two frames compared cell by cell; columns are named `{column}.pct_change` or `{column}.diff`.
 *
 * NaN on either side gives NaN. Rows and columns come in the order of `a`.
 *
 * @throws ReckonError `bad-data` when axes must be equal and are not
 */
export function compareFrames(a: Frame, b: Frame, options: FrameComparison = {}): Frame {
  const {mode = "pct_change"} = options;
  const columns = commonAxis("columns", [a.columns, b.columns], options.columns);
  const index = commonAxis("rows", [Array.from(a.index), Array.from(b.index)], options.rows);
  const [left, right] = [a, b].map((frame) =>
    selectRows(selectColumns(frame, columns), Float64Array.from(index)),
  ) as [Frame, Frame];
  const compare = mode === "diff" ? (x: number, y: number) => x - y : percentChange(options);
  const data = left.data.map((column, j) => {
    const other = right.data[j] as Column;
    return column.map((x, t) => compare(x, other[t] as number));
  });
  const names = columns.map((name) => `${name}.${mode}`);
  return makeFrame(left.index, names, data);
}

/** When a comparison is good enough, and who is told where it is not. */
export interface DifferenceLimit {
  /** Largest absolute cell that passes; default 1e-3. */
  readonly threshold?: number;
  /** Told of a comparison beyond it, in place of an error. */
  readonly onWarning?: (text: string) => void;
}

/**
 * Passes a comparison on whose cells are all within the threshold; unknown cells pass.
 *
 * @throws ReckonError `failed` naming the furthest cell, unless `onWarning` takes it
 */
export function requireClose(
  differences: Frame,
  {threshold = 1e-3, onWarning}: DifferenceLimit = {},
): Frame {
  const largest = largestDifference(differences);
  if (!(largest > threshold)) {
    return differences;
  }
  const j = differences.data.findIndex((column) => column.some((x) => Math.abs(x) === largest));
  const t = differences.data[j]?.findIndex((x) => Math.abs(x) === largest) ?? 0;
  const error = new ReckonError("failed", {
    place: `${differences.columns[j]} at ${differences.index[t]}`,
    expected: `no difference above ${threshold}`,
    found: String(differences.data[j]?.[t]),
  });
  if (onWarning === undefined) {
    throw error;
  }
  onWarning(error.message);
  return differences;
}

/** The largest absolute cell; 0 when there is none that is known. */
export function largestDifference({data}: Frame): number {
  let largest = 0;
  for (const column of data) {
    for (const x of column) {
      largest = Math.abs(x) > largest ? Math.abs(x) : largest;
    }
  }
  return largest;
}

/** What `pct_change` makes of two cells: 100 · (a − b) / |b|, with what counts as 0 cut. */
export function percentChange({
  closeToZero = 1e-6,
  zeroVsZeroIsZero = true,
  removeInfinite = true,
}: FrameComparison = {}): (x: number, y: number) => number {
  const cut = (x: number) => (Math.abs(x) < closeToZero ? 0 : x);
  return (x, y) => {
    const [a, b] = [cut(x), cut(y)];
    if (a === 0 && b === 0) {
      return zeroVsZeroIsZero ? 0 : Number.NaN;
    }
    const change = (100 * (a - b)) / Math.abs(b);
    return removeInfinite && !Number.isFinite(change) ? Number.NaN : change;
  };
}

function commonAxis<T extends string | number>(
  place: string,
  [a, b]: readonly [readonly T[], readonly T[]],
  policy: "equal" | "inner" = "equal",
): readonly T[] {
  const inB = new Set(b);
  const common = a.filter((label) => inB.has(label));
  if (policy === "equal" && (common.length !== a.length || a.length !== b.length)) {
    const inA = new Set(a);
    const extra = [...a.filter((x) => !inB.has(x)), ...b.filter((x) => !inA.has(x))];
    throw new ReckonError("bad-data", {
      place,
      expected: "the same in both frames",
      found: `${a.length} and ${b.length}, of which ${extra.length} only on one side: ${extra[0]}`,
      fix: "compare the common part with `inner`",
    });
  }
  return common;
}
