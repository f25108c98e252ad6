import {type RawBuilder, sql} from "kysely";
import type {BarValues} from "../../table/bar-values.js";
import {formatTimeframe} from "../../time/bar-grid.js";
import type {EpochMs} from "../../time/epoch.js";
import type {Store} from "../store.js";
import {appendStream} from "./append-stream.js";
import {instant} from "./column-types.js";
import {defineStream, type Stream, type StreamEntry} from "./stream.js";

/** The tables of bars. */
export const OHLCV_TABLES = ["ccxt_ohlcv_spot", "ccxt_ohlcv_futures"] as const;
/** A table of bars. */
export type OhlcvTableName = (typeof OHLCV_TABLES)[number];

/** One version of a bar. All times are epoch ms. */
export interface OhlcvRow extends BarValues {
  readonly exchangeId: string;
  readonly currencyPair: string;
  readonly barEnd: EpochMs;
  /** When its download from the exchange ended. */
  readonly endDownloadTime: EpochMs;
  /** When this system knew it. */
  readonly knowledgeTime: EpochMs;
}

/** A row as stored: its id, and which version of its bar it is (0 was known first). */
export type StoredOhlcvRow = OhlcvRow & {readonly id: number; readonly version: number};

/** Bars of one length in one table. */
export interface OhlcvSeries {
  readonly table: OhlcvTableName;
  readonly barMs: number;
}

/** Which rows {@link readOhlcv} gives. */
export interface OhlcvQuery extends OhlcvSeries {
  readonly exchangeId: string;
  readonly currencyPairs: readonly string[];
  /** Bars that end after this. */
  readonly from: EpochMs;
  /** Bars that end at or before this; no end when left out. */
  readonly to?: EpochMs | undefined;
  /** Only rows with a knowledge time at or before this. */
  readonly asOf?: EpochMs | undefined;
  /** Only rows stored after the row of this id. */
  readonly afterId?: number | undefined;
  /** Every version, or of each bar the one with the latest knowledge time. */
  readonly versions: "all" | "latest";
}

/** Bars as a typed stream, keyed by exchange, pair and timeframe. */
export function ohlcvStream({table, barMs}: OhlcvSeries): Stream {
  return defineStream({
    name: table,
    table,
    keys: {exchange_id: "text", currency_pair: "text", timeframe: "text"},
    columns: ["open", "high", "low", "close", "volume"],
    intervalMs: barMs,
  });
}

/**
 * Appends bars and says how many rows were new: the same values again are not, other values are a
 * late correction and are kept as a further row.
 */
export function appendOhlcv(
  store: Store,
  rows: readonly OhlcvRow[],
  series: OhlcvSeries,
): Promise<number> {
  const timeframe = formatTimeframe(series.barMs);
  const entries = rows.map(
    (row): StreamEntry => ({
      key: {exchange_id: row.exchangeId, currency_pair: row.currencyPair, timeframe},
      eventTime: row.barEnd,
      values: {
        open: row.open,
        high: row.high,
        low: row.low,
        close: row.close,
        volume: row.volume,
      },
      endDownloadTime: row.endDownloadTime,
      knowledgeTime: row.knowledgeTime,
    }),
  );
  return appendStream(store, ohlcvStream(series), entries);
}

interface DbRow {
  readonly id: number;
  readonly timestamp: number;
  readonly currency_pair: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly end_download_timestamp: EpochMs;
  readonly knowledge_timestamp: EpochMs;
  readonly version: number;
}

/**
 * Reads bars: `all` versions in the order in which they were stored, the `latest` by pair and bar
 * end.
 */
export async function readOhlcv({db}: Store, query: OhlcvQuery): Promise<StoredOhlcvRow[]> {
  const {rows} = await selectRows(query).execute(db);
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    exchangeId: query.exchangeId,
    currencyPair: row.currency_pair,
    barEnd: row.timestamp + query.barMs,
    open: row.open,
    high: row.high,
    low: row.low,
    close: row.close,
    volume: row.volume,
    endDownloadTime: row.end_download_timestamp,
    knowledgeTime: row.knowledge_timestamp,
  }));
}

function selectRows(query: OhlcvQuery): RawBuilder<DbRow> {
  const {table, barMs, exchangeId, currencyPairs, from, to, asOf, afterId, versions} = query;
  const conditions = [
    sql`exchange_id = ${exchangeId}`,
    sql`currency_pair = ANY(${[...currencyPairs]}::text[])`,
    sql`timeframe = ${formatTimeframe(barMs)}`,
    sql`timestamp > ${from - barMs}`,
    ...(to === undefined ? [] : [sql`timestamp <= ${to - barMs}`]),
    ...(asOf === undefined ? [] : [sql`knowledge_timestamp <= ${instant(asOf)}`]),
    ...(afterId === undefined ? [] : [sql`id > ${afterId}`]),
  ];
  const isLatest = versions === "latest";
  return sql<DbRow>`
    SELECT ${sql.raw(isLatest ? "DISTINCT ON (currency_pair, timestamp)" : "")}
      id, timestamp, currency_pair, open, high, low, close, volume,
      end_download_timestamp, knowledge_timestamp, version
    FROM ${sql.id(table)}
    WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY ${sql.raw(
      isLatest ? "currency_pair, timestamp, knowledge_timestamp DESC, id DESC" : "id",
    )}`;
}
