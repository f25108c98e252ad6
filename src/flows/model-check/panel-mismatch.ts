import type {Column} from "../../table/frame.js";
import type {Panel} from "../../table/panel.js";
import {formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {CheckFailure} from "./model-check.js";

/** How two panels are compared, and how a message tells them apart. */
export interface PanelComparison {
  /** Relative to the larger of both values; 0 asks for the same bits. */
  readonly tolerance: number;
  /** Said after the value of each: `with the whole history`, `with less of it`. */
  readonly told: readonly [string, string];
}

/**
 * Refuses the first difference of two panels by bar, then feature, then instrument; NaN equals NaN,
 * and a value that one of them lacks is a difference.
 *
 * @throws CheckFailure naming feature, instrument, bar and both values
 */
export function refuseMismatch(a: Panel, b: Panel, {tolerance, told}: PanelComparison): void {
  if (a.index.length !== b.index.length || a.index.some((end, t) => end !== b.index[t])) {
    throw new CheckFailure(`${rows(a)} ${told[0]}, ${rows(b)} ${told[1]}`);
  }
  const names = [...new Set([...a.features.keys(), ...b.features.keys()])];
  for (let t = 0; t < a.index.length; t++) {
    for (const name of names) {
      for (const [j, instrument] of a.columns.entries()) {
        const x = cell(a.features.get(name), j, t);
        const y = cell(b.features.get(name), j, t);
        if (!isSame(x, y, tolerance)) {
          const place = `${name} of ${instrument} at ${formatMinute(a.index[t] as number)} UTC`;
          throw new CheckFailure(`${place} is ${show(x)} ${told[0]}, ${show(y)} ${told[1]}`);
        }
      }
    }
  }
}

function rows({index}: Panel): string {
  const last = index.at(-1);
  return last === undefined
    ? "no bar at all"
    : `${formatCount(index.length, "bar")} up to ${formatMinute(last)} UTC`;
}

function show(value: number): string {
  return Number.isNaN(value) ? "missing" : String(value);
}

function cell(columns: readonly Column[] | undefined, j: number, t: number): number {
  return columns?.[j]?.[t] ?? Number.NaN;
}

function isSame(x: number, y: number, tolerance: number): boolean {
  return (
    Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y))
  );
}
