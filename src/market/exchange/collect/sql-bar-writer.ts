import type {Store} from "../../../store/open/open-store.js";
import {appendOhlcv, type OhlcvTableName, readOhlcv} from "../../../store/streams/ohlcv.js";
import type {Instrument} from "../../instruments/instrument.js";
import {currencyPair} from "../../live/sql-bar-feed.js";
import {ohlcvTable, type SqlPlace} from "../sql-target.js";
import type {BarWriter} from "./bar-writer.js";

/** The SQL store as a place for live bars: each counts as known when it is written. */
export function sqlBarWriter(
  store: Store,
  {exchange, barMs, clock, instruments}: SqlPlace & {readonly instruments: readonly Instrument[]},
): BarWriter {
  const tableOf = new Map(instruments.map((one) => [currencyPair(one), ohlcvTable(one)]));
  const pairsOf = new Map<OhlcvTableName, string[]>();
  for (const [pair, table] of tableOf) {
    pairsOf.set(table, [...(pairsOf.get(table) ?? []), pair]);
  }
  return {
    async append(bars) {
      const knowledgeTime = clock.now();
      for (const table of pairsOf.keys()) {
        const rows = bars
          .filter((bar) => tableOf.get(bar.currencyPair) === table)
          .map((bar) => ({...bar, exchangeId: exchange, knowledgeTime}));
        if (rows.length > 0) {
          await appendOhlcv(store, rows, {table, barMs});
        }
      }
    },
    async readSince(from) {
      const found = [...pairsOf].map(([table, currencyPairs]) =>
        readOhlcv(store, {
          table,
          barMs,
          exchangeId: exchange,
          currencyPairs,
          from,
          to: clock.now(),
          versions: "latest",
        }),
      );
      return (await Promise.all(found)).flat();
    },
  };
}
