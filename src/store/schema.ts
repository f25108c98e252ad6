import type {ColumnType, Generated, JSONColumnType} from "kysely";
import type {EpochMs} from "../time/epoch.js";

/**
 * A `TIMESTAMPTZ(3)` column: read as epoch ms; written and compared as `instant(ms)` or ISO text
 * with an offset.
 */
export type Timestamptz = ColumnType<EpochMs, string, string>;

/** A `TIMESTAMPTZ(3)` column that may be null. */
export type NullableTimestamptz = ColumnType<
  EpochMs | null,
  string | null | undefined,
  string | null
>;

/** A column with a default, read as a plain value. */
type Defaulted<T> = ColumnType<T, T | undefined, T>;

/** What every table of a typed stream has besides its keys and values. */
export interface StreamRow {
  /** Counts up in the order in which rows became visible. */
  id: Generated<number>;
  /** Epoch ms: the start of the interval for bars, the moment itself for ticks. */
  timestamp: number;
  end_download_timestamp: Timestamptz;
  /** When the row became known to this system. */
  knowledge_timestamp: Timestamptz;
  /** 0 as first known; each later correction of the same key and time counts one up. */
  version: Defaulted<number>;
}

/** `ccxt_ohlcv_spot`, `ccxt_ohlcv_futures`: one row per version of a bar. */
export interface OhlcvTable extends StreamRow {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  currency_pair: string;
  exchange_id: string;
  /** Length of the bar as `1m`, `5m`, `1h`, `1d`. */
  timeframe: Defaulted<string>;
}

/** `ccxt_bid_ask_spot_raw`, `ccxt_bid_ask_futures_raw`: one row per level of a snapshot. */
export interface BidAskRawTable extends StreamRow {
  bid_size: number;
  bid_price: number;
  ask_size: number;
  ask_price: number;
  currency_pair: string;
  exchange_id: string;
  /** 1 is the top of the book. */
  level: number;
}

/** Columns of a price within a resampled minute. */
export const PRICE_PARTS = ["open", "high", "low", "close", "mean"] as const;
/** Columns of a size, a midpoint, a half spread or an imbalance within a resampled minute. */
export const SIZE_PARTS = ["open", "max", "min", "close", "mean"] as const;
/** Second moments of the 100 ms samples within a resampled minute. */
export const MOMENT_PARTS = ["var_100ms", "autocovar_100ms"] as const;

type BidAskResampledColumn =
  | `${"bid_price" | "ask_price"}_${(typeof PRICE_PARTS)[number]}`
  | `${"bid_size" | "ask_size"}_${(typeof SIZE_PARTS)[number]}`
  | `${"bid_ask_midpoint" | "half_spread" | "log_size_imbalance"}_${
      | (typeof SIZE_PARTS)[number]
      | (typeof MOMENT_PARTS)[number]}`;

/** `ccxt_bid_ask_{spot,futures}_resampled_1min`: one row per level of a minute. */
export type BidAskResampledTable = StreamRow & {
  currency_pair: string;
  exchange_id: string;
  level: number;
} & {[Column in BidAskResampledColumn]: number};

/** `submitted_orders`: what a database broker wrote for the order processor. */
export interface SubmittedOrdersTable {
  id: Generated<number>;
  /** The run that wrote it; `""` for none. */
  run_id: Defaulted<string>;
  strategyid: Defaulted<string>;
  account: Defaulted<string>;
  /** Unique within run, strategy and account. */
  filename: string;
  timestamp_db: Timestamptz;
  /** One order per line; at most 16,384 characters. */
  orders_as_txt: string;
}

/** `accepted_orders`: what the order processor answered. */
export interface AcceptedOrdersTable {
  targetlistid: Generated<number>;
  run_id: Defaulted<string>;
  /** `YYYY-MM-DD`, UTC. */
  tradedate: string;
  instanceid: number;
  strategyid: string;
  account: Defaulted<string>;
  filename: string;
  timestamp_processed: Timestamptz;
  timestamp_db: Timestamptz;
  target_count: number;
  changed_count: number;
  unchanged_count: number;
  cancel_count: number;
  success: boolean;
  reason: string;
}

/** `current_positions`: one row per account, trade date and instrument. */
export interface CurrentPositionsTable {
  strategyid: string;
  account: string;
  /** The order that changed the row last. */
  id: number;
  parent_order_id: Defaulted<number | null>;
  /** `YYYY-MM-DD`, UTC. */
  tradedate: string;
  timestamp_db: Timestamptz;
  asset_id: string;
  target_position: number;
  current_position: number;
  open_quantity: number;
  /** Money the position brought in so far: a buy counts negative. */
  net_cost: number;
  bod_position: number;
  bod_price: number;
}

/** `restrictions`: what may not be traded, per account, trade date and instrument. */
export interface RestrictionsTable {
  strategyid: string;
  account: string;
  /** `YYYY-MM-DD`, UTC. */
  tradedate: string;
  asset_id: string;
  is_restricted: boolean;
  is_buy_restricted: boolean;
  is_buy_cover_restricted: boolean;
  is_sell_short_restricted: boolean;
  is_sell_long_restricted: boolean;
  timestamp_db: Timestamptz;
}

/** `oms_orders`: one row per order, whichever broker handled it. */
export interface OmsOrdersTable {
  run_id: Defaulted<string>;
  strategyid: string;
  account: string;
  /** Counted within a run. */
  order_id: number;
  parent_order_id: Defaulted<number | null>;
  asset_id: string;
  type_: string;
  creation_timestamp: Timestamptz;
  start_timestamp: Timestamptz;
  end_timestamp: Timestamptz;
  curr_num_shares: number;
  diff_num_shares: number;
  tz: Defaulted<string>;
  /** A JSON object. */
  extra_params: JSONColumnType<Record<string, unknown>, string | undefined, string>;
  /** The row of `submitted_orders` it went out with; null where there is none. */
  filename: Defaulted<string | null>;
  timestamp_db: Timestamptz;
}

/** `oms_fills`: one row per fill. */
export interface OmsFillsTable {
  run_id: Defaulted<string>;
  strategyid: string;
  account: string;
  /** Counted within a run. */
  fill_id: number;
  order_id: number;
  parent_order_id: Defaulted<number | null>;
  asset_id: string;
  /** The moment the fill counts from. */
  timestamp: Timestamptz;
  num_shares: number;
  price: number;
  /** In settlement currency; positive is paid. */
  fee: Defaulted<number>;
  timestamp_db: Timestamptz;
}

/** `runs`: one row per run of a system. */
export interface RunsTable {
  id: string;
  model: string;
  tag: Defaulted<string>;
  run_mode: string;
  schedule_mode: string;
  start_timestamp: Timestamptz;
  end_timestamp: Timestamptz;
  dir: string;
  /** `running` until the run ends; `done`, `failed` or `interrupted` after. */
  exit_state: string;
  started_at: Timestamptz;
  ended_at: NullableTimestamptz;
  config_hash: string;
  versions: JSONColumnType<Record<string, string | null>, string, string>;
}

/** `streams`: the streams a desk defined itself, with the shape of their tables. */
export interface StreamsTable {
  name: string;
  table_name: string;
  definition: JSONColumnType<object, string, string>;
  created_at: Timestamptz;
}

/** `reckon_migrations`: which migrations made this schema, and from which text. */
export interface MigrationsTable {
  name: string;
  /** SHA-256 of the migration's statements. */
  checksum: string;
  applied_at: ColumnType<EpochMs, string | undefined, never>;
}

/** Every table of the store; a desk's own streams (`stream_{name}`) are reached by name. */
export interface StoreSchema {
  ccxt_ohlcv_spot: OhlcvTable;
  ccxt_ohlcv_futures: OhlcvTable;
  ccxt_bid_ask_spot_raw: BidAskRawTable;
  ccxt_bid_ask_futures_raw: BidAskRawTable;
  ccxt_bid_ask_spot_resampled_1min: BidAskResampledTable;
  ccxt_bid_ask_futures_resampled_1min: BidAskResampledTable;
  submitted_orders: SubmittedOrdersTable;
  accepted_orders: AcceptedOrdersTable;
  current_positions: CurrentPositionsTable;
  restrictions: RestrictionsTable;
  oms_orders: OmsOrdersTable;
  oms_fills: OmsFillsTable;
  runs: RunsTable;
  streams: StreamsTable;
  reckon_migrations: MigrationsTable;
}
