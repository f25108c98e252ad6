import type {Column} from "../../table/frame.js";
import type {Panel} from "../../table/panel.js";
import {formatMinute} from "../../time/epoch.js";

/** The first cell in which two panels differ, in words. */
export interface Mismatch {
  readonly text: string;
}

/**
 * The first difference of two panels by bar, then feature, then instrument; NaN equals NaN.
 *
 * @param tolerance relative to the larger of both values; 0 asks for the same bits
 */
export function firstMismatch(a: Panel, b: Panel, tolerance: number): Mismatch | undefined {
  if (a.index.length !== b.index.length || a.index.some((end, t) => end !== b.index[t])) {
    return {text: `${a.index.length} bars against ${b.index.length}, or other ones`};
  }
  const names = [...a.features.keys()].filter((name) => b.features.has(name));
  for (let t = 0; t < a.index.length; t++) {
    for (const name of names) {
      for (const [j, instrument] of a.columns.entries()) {
        const x = cell(a.features.get(name), j, t);
        const y = cell(b.features.get(name), j, t);
        if (!isSame(x, y, tolerance)) {
          const bar = formatMinute(a.index[t] as number);
          return {text: `${name} of ${instrument} at ${bar} UTC is ${x} and ${y}`};
        }
      }
    }
  }
  return undefined;
}

function cell(columns: readonly Column[] | undefined, j: number, t: number): number {
  return columns?.[j]?.[t] ?? Number.NaN;
}

function isSame(x: number, y: number, tolerance: number): boolean {
  return (
    Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y))
  );
}
