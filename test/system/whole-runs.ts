import {type BarTable, sliceBars} from "../../src/market/bars.js";
import {inferInstrument} from "../../src/market/instruments/instrument.js";
import type {RecordedRunMarket, RunMarket} from "../../src/system/run/run-market.js";
import {type RunRequest, runSystem} from "../../src/system/run/run-system.js";
import {countUpTo} from "../../src/table/frame.js";
import {DAY_MS, MINUTE_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import {parseUtc} from "../../src/time/utc-text.js";
import type {BarOutcome} from "../../src/trading/targets/process-forecasts.js";
import {readOracleBars} from "../oracles/shared.js";
import {SAMPLE_END, sampleBars} from "./sample-run.js";

/** A model, a market, an interval: what a run is made of. */
export interface WholeRun {
  readonly model: string;
  readonly market: RecordedRunMarket;
  readonly start: number;
  readonly end: number;
}

/** C1 over the last day of the simulated market: 288 bars, and two and a half days before them. */
export function c1Day(whole: BarTable = sampleBars()): WholeRun {
  const bars = barsSince(whole, SAMPLE_END - 3.5 * DAY_MS);
  const instruments = bars.symbols.map((id) =>
    inferInstrument({id, venue: "simulated", kind: "linear", priceDecimals: 6, volumeDecimals: 6}),
  );
  const title = "simulated market 5m";
  const market = {exchange: "simulated", timeframe: "5m", title, bars, instruments};
  return {model: "C1", market, start: SAMPLE_END - DAY_MS, end: SAMPLE_END};
}

function barsSince(bars: BarTable, from: number): BarTable {
  const bySymbol = Array.from(bars.bySymbol, ([symbol, own]) => {
    const rows = own.barEnd.length;
    return [symbol, sliceBars(own, countUpTo(own.barEnd, from), rows)] as const;
  });
  return {...bars, bySymbol: new Map(bySymbol)};
}

/** mock1 over the longest of the reference's markets: minutes, traded every five. */
export function mock1Run(): WholeRun {
  const id = "101";
  const one = inferInstrument({
    id,
    venue: "mock",
    kind: "spot",
    priceDecimals: 2,
    volumeDecimals: 9,
  });
  const bars = readOracleBars("10_mock1_market_df3.csv", MINUTE_MS);
  const title = "mock 1m";
  return {
    model: "mock1",
    market: {exchange: "mock", timeframe: "1m", title, bars, instruments: [one]},
    start: parseUtc("2000-01-01 09:30:00-05:00"),
    end: parseUtc("2000-01-01 11:25:00-05:00"),
  };
}

/** What each bar of a run led to; nothing is recorded unless a folder is named. */
export async function outcomesOf(
  {model, market: {exchange, timeframe, instruments, ...rest}, start, end}: WholeRun,
  changes: Partial<RunRequest> & {readonly over?: RunMarket} = {},
): Promise<BarOutcome[]> {
  const {over = {exchange, timeframe, instruments, ...rest}, ...request} = changes;
  const outcomes: BarOutcome[] = [];
  await runSystem({
    model,
    runMode: "simulation",
    start,
    end,
    dir: "never-written",
    files: request.dir === undefined ? "none" : "per-stream",
    choices: {exchange, timeframe, instrumentIds: instruments.map(({id}) => id)},
    market: async () => over,
    clock: new SimulatedClock(start),
    options: {onBar: (bar) => outcomes.push(bar)},
    ...request,
  });
  return outcomes;
}
