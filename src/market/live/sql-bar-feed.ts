import {ReckonError} from "../../errors.js";
import type {Store} from "../../store/open/open-store.js";
import {OHLCV_TABLES, type OhlcvTableName, readOhlcv} from "../../store/streams/ohlcv.js";
import {parsePeriod} from "../../time/bar-grid.js";
import type {Instrument} from "../instruments/instrument.js";
import {canonicalTimeframe} from "../timeframe.js";
import type {BarFeed, FeedRow} from "./bar-feed.js";

/** Which rows of the SQL store make a feed. */
export interface SqlFeedChoice {
  readonly table: OhlcvTableName;
  /** As the table's `exchange_id` has it. */
  readonly exchange: string;
  readonly timeframe: string;
  readonly instruments: readonly Instrument[];
}

/** How the SQL store names a pair: `BTC_USDT`. */
export function currencyPair({baseCurrency, quoteCurrency}: Instrument): string {
  return `${baseCurrency}_${quoteCurrency}`;
}

/** @throws ReckonError `misuse` when the SQL store has no such table of bars */
export function checkBarTable(table: string, place = "--table"): OhlcvTableName {
  const known = OHLCV_TABLES.find((name) => name === table);
  if (known === undefined) {
    throw new ReckonError("misuse", {
      place,
      expected: OHLCV_TABLES.join(" or "),
      found: JSON.stringify(table),
    });
  }
  return known;
}

/** The bars of a table of the SQL store as they are appended. */
export function sqlBarFeed(store: Store, choice: SqlFeedChoice): BarFeed {
  const {table, exchange, instruments} = choice;
  const barMs = parsePeriod(choice.timeframe);
  const symbolOf = new Map(instruments.map((one) => [currencyPair(one), one.id]));
  return {
    place: `${table}, ${exchange} ${canonicalTimeframe(choice.timeframe)}`,
    barMs,
    symbols: instruments.map(({id}) => id),
    async read(query) {
      const rows = await readOhlcv(store, {
        ...query,
        table,
        exchangeId: exchange,
        currencyPairs: [...symbolOf.keys()],
        barMs,
        versions: "all",
      });
      return rows
        .map((row): FeedRow => ({...row, symbol: symbolOf.get(row.currencyPair) as string}))
        .sort((a, b) => a.id - b.id);
    },
  };
}
