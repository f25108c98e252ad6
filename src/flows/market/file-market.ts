import {existsSync} from "node:fs";
import {dirname, join} from "node:path";
import {type BarTable, emptyBars, type SymbolBars} from "../../market/bars.js";
import {decimalsIn} from "../../market/csv/clean-bars.js";
import {type Instrument, inferInstrument} from "../../market/instruments/instrument.js";
import {readInstrumentFile, readInstruments} from "../../market/instruments/instrument-book.js";
import {marketTitle} from "../../market/market-title.js";
import {type ReplayFile, readReplayFile} from "../../market/replay-file/read-market-dump.js";
import {pickInstruments} from "../../system/instrument-rules.js";
import type {RunRequest} from "../../system/run/run-system.js";
import {formatTimeframe} from "../../time/bar-grid.js";
import {DUMPED_INSTRUMENTS} from "./dump-market.js";

/** A replay file, and what of it a run shall see. */
export interface FileChoice {
  /** `test_data.csv.gz`, of this kit or of the reference system. */
  readonly path: string;
  /** Instrument ids; all of the file when left out. */
  readonly symbols?: readonly string[] | undefined;
  /** Where instrument records are looked up; what the file tells counts when it has none. */
  readonly dataDir?: string | undefined;
}

/** A venue for files that name none. */
const NO_VENUE = "file";

/**
 * The market of a run from a replay file. Instruments come from the records that were dumped beside
 * it, else from the store's book; those that neither knows are made from their names and prices.
 *
 * @throws ReckonError `bad-data` for a damaged file, or one that lacks an instrument asked for
 */
export async function fileMarket(
  choice: FileChoice,
): Promise<Pick<RunRequest, "choices" | "market">> {
  const file = await readReplayFile(choice.path);
  const {bars, fullSymbols} = file;
  const [first] = fullSymbols.values();
  const exchange = first === undefined ? NO_VENUE : venueOf(first);
  const known = await knownInstruments(choice, exchange);
  const instruments = instrumentsOf(file, known);
  const ids = choice.symbols ?? bars.symbols;
  pickInstruments(instruments, ids);
  const timeframe = formatTimeframe(bars.barMs);
  return {
    choices: {exchange, timeframe, instrumentIds: ids},
    market: async ({market_data_config: {asset_ids}}) => ({
      exchange,
      timeframe,
      title: marketTitle(exchange, timeframe),
      bars: withSymbols(bars, asset_ids),
      instruments: pickInstruments(instruments, asset_ids),
    }),
  };
}

/** The bars of these instruments, in this order; one that there is no row of is empty. */
export function withSymbols(bars: BarTable, symbols: readonly string[]): BarTable {
  const bySymbol = new Map(symbols.map((id) => [id, bars.bySymbol.get(id) ?? emptyBars()]));
  return {barMs: bars.barMs, symbols, bySymbol};
}

/** By id: the records beside the file, then the store's. */
async function knownInstruments(
  {path, dataDir}: FileChoice,
  exchange: string,
): Promise<ReadonlyMap<string, Instrument>> {
  const beside = join(dirname(path), DUMPED_INSTRUMENTS);
  const dumped = existsSync(beside) ? await readInstrumentFile(beside) : [];
  const book = dataDir === undefined ? new Map() : await readInstruments({dataDir, exchange});
  return new Map([...book, ...dumped.map((one) => [one.id, one] as const)]);
}

function instrumentsOf(
  {bars, fullSymbols}: ReplayFile,
  known: ReadonlyMap<string, Instrument>,
): readonly Instrument[] {
  return bars.symbols.map(
    (id) =>
      known.get(id) ?? inferFrom(id, fullSymbols.get(id), bars.bySymbol.get(id) as SymbolBars),
  );
}

/** `binance::BTC_USDT` names the venue and the currencies; tick and lot follow from the bars. */
function inferFrom(id: string, fullSymbol: string | undefined, bars: SymbolBars): Instrument {
  const columns = (names: readonly string[]): Float64Array[] =>
    names.flatMap((name) => {
      const column = bars.columns.get(name)?.filter((value) => Number.isFinite(value));
      return column === undefined ? [] : [column];
    });
  const inferred = inferInstrument({
    id: fullSymbol === undefined ? id : pairOf(fullSymbol),
    venue: fullSymbol === undefined ? NO_VENUE : venueOf(fullSymbol),
    kind: "linear",
    priceDecimals: decimalsIn(columns(["open", "high", "low", "close"])),
    volumeDecimals: decimalsIn(columns(["volume"])),
  });
  return {...inferred, id};
}

/** The part before `::`, as far as it may name a folder. */
function venueOf(fullSymbol: string): string {
  const at = fullSymbol.indexOf("::");
  const venue = at < 0 ? "" : fullSymbol.slice(0, at);
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(venue) ? venue : NO_VENUE;
}

/** `BTC_USDT` of `binance::BTC_USDT`; a name without a venue is the pair itself. */
function pairOf(fullSymbol: string): string {
  return fullSymbol.slice(fullSymbol.indexOf("::") < 0 ? 0 : fullSymbol.indexOf("::") + 2);
}
