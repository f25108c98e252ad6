import type {Column} from "../table/frame.js";
import {ceilToBar} from "../time/bar-grid.js";
import type {SymbolBars} from "./bars.js";
import {barsOf, latestVersions} from "./bars.js";

/**
 * Longer bars of shorter ones: first open, highest high, lowest low, last close, total volume.
 *
 * A long bar exists when any of its short bars does; it is known when the last of them is. Of a
 * corrected short bar the last version counts.
 *
 * @param barMs length of the long bars, a multiple of the short ones'
 */
export function aggregateBars(recorded: SymbolBars, barMs: number): SymbolBars {
  const bars = latestVersions(recorded);
  const firsts: number[] = [];
  bars.barEnd.forEach((end, i) => {
    const previous = bars.barEnd[i - 1];
    if (previous === undefined || ceilToBar(previous, barMs) !== ceilToBar(end, barMs)) {
      firsts.push(i);
    }
  });
  const fold = (values: Column, join: (a: number, b: number) => number): Float64Array =>
    Float64Array.from(firsts, (first, i) =>
      values.subarray(first, firsts[i + 1] ?? values.length).reduce((a, b) => join(a, b)),
    );
  const column = (name: string): Column => bars.columns.get(name) as Column;
  return barsOf(
    Float64Array.from(firsts, (first) => ceilToBar(bars.barEnd[first] as number, barMs)),
    fold(bars.knowledgeTime, Math.max),
    [
      fold(column("open"), (first) => first),
      fold(column("high"), Math.max),
      fold(column("low"), Math.min),
      fold(column("close"), (_, last) => last),
      fold(column("volume"), (a, b) => a + b),
    ],
  );
}
