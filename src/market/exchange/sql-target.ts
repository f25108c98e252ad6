import type {Store} from "../../store/open/open-store.js";
import {
  appendOhlcv,
  type OhlcvRow,
  type OhlcvTableName,
  readOhlcv,
} from "../../store/streams/ohlcv.js";
import type {Clock} from "../../time/clock.js";
import type {EpochMs} from "../../time/epoch.js";
import {OHLCV, type SymbolBars} from "../bars.js";
import type {Instrument} from "../instruments/instrument.js";
import {currencyPair} from "../live/sql-bar-feed.js";
import type {FetchTarget} from "./fetch-target.js";

/** Bars read at a time: their ends are kept, not the rows. */
const WINDOW_BARS = 50_000;

/** Where rows of an exchange go in the SQL store. */
export interface SqlPlace {
  /** As the table's `exchange_id` has it. */
  readonly exchange: string;
  readonly barMs: number;
  readonly clock: Clock;
}

/** The table of an instrument's bars. */
export function ohlcvTable({kind}: Pick<Instrument, "kind">): OhlcvTableName {
  return kind === "spot" ? "ccxt_ohlcv_spot" : "ccxt_ohlcv_futures";
}

/**
 * The SQL store as a place for history.
 *
 * A bar that is new counts as known at its end: history is taken as if it had been recorded. A
 * later version of a bar that is stored counts as known now: the past does not change.
 */
export function sqlTarget(store: Store, {exchange, barMs, clock}: SqlPlace): FetchTarget {
  const known = new Map<string, Set<EpochMs>>();
  const knownOf = (id: string): Set<EpochMs> => {
    const ends = known.get(id) ?? new Set();
    known.set(id, ends);
    return ends;
  };
  return {
    async storedEnds(instrument, {start, end}) {
      const ends: number[] = [];
      const step = WINDOW_BARS * barMs;
      for (let from = start; from < end; from += step) {
        const rows = await readOhlcv(store, {
          table: ohlcvTable(instrument),
          barMs,
          exchangeId: exchange,
          currencyPairs: [currencyPair(instrument)],
          from,
          to: Math.min(end, from + step),
          versions: "latest",
        });
        ends.push(...rows.map(({barEnd}) => barEnd));
      }
      const seen = knownOf(instrument.id);
      for (const barEnd of ends) {
        seen.add(barEnd);
      }
      return Float64Array.from(ends);
    },
    async save(instrument, bars) {
      const seen = knownOf(instrument.id);
      const rows = toRows(instrument, bars, {exchange, now: clock.now(), seen});
      const table = ohlcvTable(instrument);
      const written = await appendOhlcv(store, rows, {table, barMs});
      const news = rows.filter(({barEnd}) => !seen.has(barEnd));
      for (const {barEnd} of rows) {
        seen.add(barEnd);
      }
      const added = Math.min(written, news.length);
      return {added, changed: written - added, unchanged: rows.length - written, files: 0};
    },
  };
}

function toRows(
  instrument: Instrument,
  {barEnd, columns}: SymbolBars,
  {exchange, now, seen}: {exchange: string; now: EpochMs; seen: ReadonlySet<EpochMs>},
): OhlcvRow[] {
  return Array.from(barEnd, (end, i) => {
    const [open, high, low, close, volume] = OHLCV.map(
      (name) => columns.get(name)?.[i] as number,
    ) as [number, number, number, number, number];
    return {
      exchangeId: exchange,
      currencyPair: currencyPair(instrument),
      barEnd: end,
      ...{open, high, low, close, volume},
      endDownloadTime: now,
      knowledgeTime: seen.has(end) ? now : end,
    };
  });
}
