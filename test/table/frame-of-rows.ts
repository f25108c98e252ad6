import {type Frame, frameFromRows} from "../../src/table/frame.js";

/** The frame of some rows, indexed from 0, with the columns `a`, `b`, `c` … */
export function frameOfRows(...rows: readonly number[][]): Frame {
  return frameFromRows(
    rows.map((_, t) => t),
    (rows[0] ?? []).map((_, j) => "abcd"[j] as string),
    rows,
  );
}
