import {parseOverride} from "../../src/config/override.js";
import type {BarTable, SymbolBars} from "../../src/market/bars.js";
import {type Instrument, inferInstrument} from "../../src/market/instruments/instrument.js";
import {simulateMarket} from "../../src/market/simulated/simulated-market.js";
import {type RunRequest, runSystem} from "../../src/system/run/run-system.js";
import {floorToBar} from "../../src/time/bar-grid.js";
import {DAY_MS, HOUR_MS} from "../../src/time/epoch.js";

const FINE = simulateMarket().fine;
const LAST = Math.min(...[...FINE.bySymbol.values()].map(({barEnd}) => barEnd.at(-1) as number));

/** Two hours of the simulated market's last whole day. */
export const SAMPLE_END = floorToBar(LAST, DAY_MS);
export const SAMPLE_START = SAMPLE_END - 2 * HOUR_MS;

/** The simulated market's five-minute bars, optionally of some instruments only. */
export function sampleBars(symbols: readonly string[] = FINE.symbols): BarTable {
  return {...FINE, symbols};
}

/** The same bars with every column changed. */
export function mapBars(
  bars: BarTable,
  change: (cells: Float64Array, column: string, own: SymbolBars) => Float64Array,
): BarTable {
  const bySymbol = new Map(
    Array.from(bars.bySymbol, ([symbol, own]): [string, SymbolBars] => [
      symbol,
      {
        ...own,
        columns: new Map(
          Array.from(own.columns, ([name, cells]) => [name, change(cells, name, own)]),
        ),
      },
    ]),
  );
  return {...bars, bySymbol};
}

/** The sample's first bars told as one-second bars from the epoch on, for runs in real time. */
export function secondBars(symbols: readonly string[], count: number): BarTable {
  const bySymbol = new Map(
    symbols.map((symbol): [string, SymbolBars] => {
      const {columns} = FINE.bySymbol.get(symbol) as SymbolBars;
      const barEnd = Float64Array.from({length: count}, (_, t) => (t + 1) * 1_000);
      const cells = Array.from(
        columns,
        ([name, column]) => [name, column.slice(0, count)] as const,
      );
      return [symbol, {barEnd, knowledgeTime: barEnd, columns: new Map(cells)}];
    }),
  );
  return {barMs: 1_000, symbols, bySymbol};
}

/** The bars without those of `symbol` that `drops` says, told by their ends. */
export function withHole(
  bars: BarTable,
  symbol: string,
  drops: (barEnd: number) => boolean,
): BarTable {
  const own = bars.bySymbol.get(symbol) as SymbolBars;
  const rows = Array.from(own.barEnd.keys()).filter((row) => !drops(own.barEnd[row] as number));
  const pick = (cells: Float64Array) => Float64Array.from(rows, (row) => cells[row] as number);
  const columns = new Map(Array.from(own.columns, ([name, cells]) => [name, pick(cells)] as const));
  const left = {barEnd: pick(own.barEnd), knowledgeTime: pick(own.knowledgeTime), columns};
  return {...bars, bySymbol: new Map(bars.bySymbol).set(symbol, left)};
}

/** The instruments of a sample market. */
export function sampleInstruments({symbols}: BarTable): Instrument[] {
  const kind = {venue: "simulated", kind: "linear", priceDecimals: 6, volumeDecimals: 6} as const;
  return symbols.map((id) => inferInstrument({id, ...kind}));
}

/** Runs C1 over a sample market into `dir`. */
export async function runSample(
  dir: string,
  changes: Partial<RunRequest> & {
    readonly bars?: BarTable;
    readonly overrideTexts?: readonly string[];
    readonly instrument?: (id: string) => Partial<Instrument>;
  } = {},
) {
  const {bars = sampleBars(), overrideTexts = [], instrument = () => ({}), ...rest} = changes;
  const instruments = sampleInstruments(bars).map((one) => ({...one, ...instrument(one.id)}));
  return await runSystem({
    model: "C1",
    runMode: "simulation",
    start: SAMPLE_START,
    end: SAMPLE_END,
    dir,
    overrides: overrideTexts.map(parseOverride),
    choices: {exchange: "simulated", timeframe: "5m", instrumentIds: bars.symbols},
    market: async () => ({
      exchange: "simulated",
      timeframe: "5m",
      title: "simulated market 5m",
      bars,
      instruments,
    }),
    ...rest,
  });
}
