import {ReckonError} from "../../errors.js";
import {DAY_MS, type EpochMs, formatMinute} from "../../time/epoch.js";
import type {BarSource} from "../bars.js";
import {fullSymbol} from "../instruments/instrument.js";
import {readInstruments} from "../instruments/instrument-book.js";
import {readBars} from "../parquet/read-bars.js";
import {barTableRows} from "./bar-table-rows.js";
import {type DumpReport, writeReplayFile} from "./write-replay-file.js";

/** How much market data before the run's start a replay file holds, unless said otherwise. */
export const HISTORY_MS = 7 * DAY_MS;

/** Which time a replay file covers, and where it goes. */
export interface DumpRange {
  /** The file, usually `test_data.csv.gz`. */
  readonly path: string;
  /** The run's start and end. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** Time before `start` that is included; seven days when left out. */
  readonly historyMs?: number;
}

/** What to write into a replay file. */
export interface DumpOptions extends BarSource, DumpRange {
  /** Instrument ids; all of the store when left out. */
  readonly symbols?: readonly string[];
}

/**
 * Writes the market data a replay needs: every bar of the Parquet store that ends in
 * (start − history, end]. That store has one row per bar.
 *
 * @throws ReckonError `bad-data` when the store has no bar in the range; `misuse` when a file there
 *   is read-only; `failed` when the file cannot be written
 */
export async function dumpMarketData(options: DumpOptions): Promise<DumpReport> {
  const {from, to} = rangeOf(options);
  const bars = await readBars({...options, from, to});
  const instruments = await readInstruments(options);
  const names = new Map([...instruments].map(([id, one]) => [id, fullSymbol(one)]));
  const report = await writeReplayFile(options.path, barTableRows(bars), {
    barMs: bars.barMs,
    names,
  });
  requireRows(report, `${options.exchange} ${options.timeframe}`, {from, to});
  return {...report, symbols: bars.symbols};
}

/**
 * The bar ends a replay file of this run holds: (from, to].
 *
 * @throws ReckonError `misuse` when start is not before end
 */
export function rangeOf({start, end, historyMs = HISTORY_MS}: Omit<DumpRange, "path">): {
  readonly from: EpochMs;
  readonly to: EpochMs;
} {
  if (start >= end) {
    throw new ReckonError("misuse", {
      place: "start and end",
      expected: "start before end",
      found: `${formatMinute(start)} and ${formatMinute(end)} (UTC)`,
    });
  }
  return {from: start - historyMs, to: end};
}

/** @throws ReckonError `bad-data` when nothing was written */
export function requireRows(
  {rows}: DumpReport,
  place: string,
  {from, to}: {readonly from: EpochMs; readonly to: EpochMs},
): void {
  if (rows === 0) {
    throw new ReckonError("bad-data", {
      place,
      expected: `bars between ${formatMinute(from)} and ${formatMinute(to)} (UTC)`,
      found: "none",
    });
  }
}
