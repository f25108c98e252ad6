import {parsePeriod} from "../../time/bar-grid.js";
import {OHLCV, type SymbolBars} from "../bars.js";
import {type BarQuality, cleanBars} from "../csv/clean-bars.js";
import {SHAPE} from "../csv/read-csv.js";
import type {CandleRow} from "./exchange-client.js";

/**
 * Checked bars of candles, as an import checks its rows: a bar ends at its open time plus its
 * length and is known at its end.
 */
export function toBars(
  candles: readonly CandleRow[],
  timeframe: string,
): {bars: SymbolBars; quality: BarQuality} {
  const field = (i: number): Float64Array =>
    Float64Array.from(candles, (row) => row[i] ?? Number.NaN);
  const raw = {
    openTime: field(0),
    shape: new Float64Array(candles.length).fill(SHAPE.whole),
    values: OHLCV.map((_, i) => field(i + 1)),
    unreadableLines: 0,
  };
  return cleanBars(raw, parsePeriod(timeframe));
}

/** The open time of a candle; NaN when it has none. */
export function openOf([open = Number.NaN]: CandleRow): number {
  return open;
}
