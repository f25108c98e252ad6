import {ReckonError} from "../../errors.js";
import {usualStep} from "../../stats/series/usual-step.js";
import {type EpochMs, formatMinute} from "../../time/epoch.js";

/** Net PnL per bar as some backtest or ledger wrote it. */
export interface PnlHistory {
  /** Where it was read from, for messages and pages. */
  readonly place: string;
  /** Bar ends (epoch ms), strictly increasing. */
  readonly index: Float64Array;
  /** After fees, in dollars; NaN where the file has none. */
  readonly netPnl: Float64Array;
  /** Gross market value at bar ends; NaN where the file does not say. */
  readonly gmv: Float64Array;
  /** Length of most bars. */
  readonly barMs: number;
  /** What had to be mended or has to be known, one sentence each. */
  readonly notes: readonly string[];
}

/** Rows as they were read, in any order. */
export interface PnlRows {
  readonly time: Float64Array;
  readonly netPnl: Float64Array;
  readonly gmv: Float64Array;
}

/**
 * A history of rows in any order: sorted; of rows that stand twice and say the same, one.
 *
 * @param notes what reading them had to say
 * @throws ReckonError `bad-data` without a row, without any PnL, or where two rows of one time
 *   differ
 */
export function toPnlHistory(
  place: string,
  rows: PnlRows,
  notes: readonly string[] = [],
): PnlHistory {
  const {time, netPnl, gmv} = rows;
  if (netPnl.every(Number.isNaN)) {
    const found = time.length === 0 ? "no row" : `${time.length} rows without any PnL`;
    throw new ReckonError("bad-data", {place, expected: "net PnL of at least one bar", found});
  }
  const isSorted = time.every((t, i) => i === 0 || t >= (time[i - 1] as number));
  const order = Array.from(time, (_, i) => i).sort(
    (a, b) => (time[a] as number) - (time[b] as number),
  );
  const kept = order.filter(
    (row, i) => i === 0 || isNew(place, rows, [order[i - 1] as number, row]),
  );
  const repeated = order.length - kept.length;
  const take = (column: Float64Array): Float64Array =>
    Float64Array.from(kept, (row) => column[row] as number);
  const index = take(time);
  return {
    place,
    index,
    netPnl: take(netPnl),
    gmv: take(gmv),
    barMs: usualStep(index),
    notes: [
      ...notes,
      ...(isSorted ? [] : ["The rows were not in order of time; they were sorted."]),
      ...(repeated === 0 ? [] : [`${repeated} rows stood twice and are counted once.`]),
      ...missingText(netPnl),
    ],
  };
}

/** False for the same row again. */
function isNew(place: string, {time, netPnl}: PnlRows, [before, row]: [number, number]): boolean {
  if (time[before] !== time[row]) {
    return true;
  }
  const [a, b] = [netPnl[before] as number, netPnl[row] as number];
  if (Object.is(a, b)) {
    return false;
  }
  throw new ReckonError("bad-data", {
    place,
    expected: "one net PnL for each bar",
    found: `${a} and ${b} at ${formatMinute(time[row] as EpochMs)} UTC`,
    fix: "remove the row that is wrong",
  });
}

function missingText(netPnl: Float64Array): string[] {
  const missing = netPnl.filter(Number.isNaN).length;
  return missing <= 1 ? [] : [`${missing} bars have no PnL and count as $0.`];
}
