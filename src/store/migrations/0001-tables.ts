import type {StoreMigration} from "./store-migration.js";

const STREAM_COLUMNS = `
  end_download_timestamp TIMESTAMPTZ(3) NOT NULL,
  knowledge_timestamp TIMESTAMPTZ(3) NOT NULL,
  version INTEGER NOT NULL DEFAULT 0`;

/** Two writers that give the same row of version 0 meet the unique key of the reference system. */
function ohlcv(table: string): string[] {
  return [
    `CREATE TABLE ${table} (
  id BIGSERIAL PRIMARY KEY,
  timestamp BIGINT NOT NULL,
  open DOUBLE PRECISION NOT NULL,
  high DOUBLE PRECISION NOT NULL,
  low DOUBLE PRECISION NOT NULL,
  close DOUBLE PRECISION NOT NULL,
  volume DOUBLE PRECISION NOT NULL,
  currency_pair TEXT NOT NULL,
  exchange_id TEXT NOT NULL,
  timeframe TEXT NOT NULL DEFAULT '1m',${STREAM_COLUMNS},
  UNIQUE (timestamp, exchange_id, currency_pair, timeframe,
    open, high, low, close, volume, version)
)`,
    `CREATE INDEX ${table}_by_key
  ON ${table} (exchange_id, currency_pair, timeframe, timestamp, knowledge_timestamp)`,
  ];
}

function bidAskRaw(table: string): string[] {
  return [
    `CREATE TABLE ${table} (
  id BIGSERIAL PRIMARY KEY,
  timestamp BIGINT NOT NULL,
  bid_size DOUBLE PRECISION NOT NULL,
  bid_price DOUBLE PRECISION NOT NULL,
  ask_size DOUBLE PRECISION NOT NULL,
  ask_price DOUBLE PRECISION NOT NULL,
  currency_pair TEXT NOT NULL,
  exchange_id TEXT NOT NULL,
  level INTEGER NOT NULL,${STREAM_COLUMNS},
  UNIQUE (timestamp, exchange_id, currency_pair, level,
    bid_size, bid_price, ask_size, ask_price, version)
)`,
    `CREATE INDEX ${table}_by_key
  ON ${table} (exchange_id, currency_pair, level, timestamp, knowledge_timestamp)`,
  ];
}

const RESAMPLED = [
  ...["bid_price", "ask_price"].flatMap((name) =>
    ["open", "high", "low", "close", "mean"].map((part) => `${name}_${part}`),
  ),
  ...["bid_size", "ask_size"].flatMap((name) =>
    ["open", "max", "min", "close", "mean"].map((part) => `${name}_${part}`),
  ),
  ...["bid_ask_midpoint", "half_spread", "log_size_imbalance"].flatMap((name) =>
    ["open", "max", "min", "close", "mean", "var_100ms", "autocovar_100ms"].map(
      (part) => `${name}_${part}`,
    ),
  ),
];

/** Too many values for a unique key of values (PostgreSQL takes 32 columns): one per version. */
function bidAskResampled(table: string): string[] {
  const values = RESAMPLED.map((name) => `  ${name} DOUBLE PRECISION NOT NULL,`).join("\n");
  return [
    `CREATE TABLE ${table} (
  id BIGSERIAL PRIMARY KEY,
  timestamp BIGINT NOT NULL,
${values}
  currency_pair TEXT NOT NULL,
  exchange_id TEXT NOT NULL,
  level INTEGER NOT NULL,${STREAM_COLUMNS},
  UNIQUE (exchange_id, currency_pair, level, timestamp, version)
)`,
  ];
}

const OMS = [
  `CREATE TABLE submitted_orders (
  id BIGSERIAL PRIMARY KEY,
  run_id TEXT NOT NULL DEFAULT '',
  strategyid TEXT NOT NULL DEFAULT '',
  account TEXT NOT NULL DEFAULT '',
  filename TEXT NOT NULL,
  timestamp_db TIMESTAMPTZ(3) NOT NULL,
  orders_as_txt TEXT NOT NULL CHECK (length(orders_as_txt) <= 16384),
  UNIQUE (run_id, strategyid, account, filename)
)`,
  `CREATE TABLE accepted_orders (
  targetlistid BIGSERIAL PRIMARY KEY,
  run_id TEXT NOT NULL DEFAULT '',
  tradedate DATE NOT NULL,
  instanceid INTEGER NOT NULL,
  strategyid TEXT NOT NULL,
  account TEXT NOT NULL DEFAULT '',
  filename TEXT NOT NULL,
  timestamp_processed TIMESTAMPTZ(3) NOT NULL,
  timestamp_db TIMESTAMPTZ(3) NOT NULL,
  target_count INTEGER NOT NULL,
  changed_count INTEGER NOT NULL,
  unchanged_count INTEGER NOT NULL,
  cancel_count INTEGER NOT NULL,
  success BOOLEAN NOT NULL,
  reason TEXT NOT NULL,
  UNIQUE (run_id, strategyid, account, filename)
)`,
  `CREATE TABLE current_positions (
  strategyid TEXT NOT NULL,
  account TEXT NOT NULL,
  id BIGINT NOT NULL,
  parent_order_id BIGINT,
  tradedate DATE NOT NULL,
  timestamp_db TIMESTAMPTZ(3) NOT NULL,
  asset_id TEXT NOT NULL,
  target_position DOUBLE PRECISION NOT NULL,
  current_position DOUBLE PRECISION NOT NULL,
  open_quantity DOUBLE PRECISION NOT NULL,
  net_cost DOUBLE PRECISION NOT NULL,
  bod_position DOUBLE PRECISION NOT NULL,
  bod_price DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (strategyid, account, tradedate, asset_id)
)`,
  `CREATE TABLE restrictions (
  strategyid TEXT NOT NULL,
  account TEXT NOT NULL,
  tradedate DATE NOT NULL,
  asset_id TEXT NOT NULL,
  is_restricted BOOLEAN NOT NULL,
  is_buy_restricted BOOLEAN NOT NULL,
  is_buy_cover_restricted BOOLEAN NOT NULL,
  is_sell_short_restricted BOOLEAN NOT NULL,
  is_sell_long_restricted BOOLEAN NOT NULL,
  timestamp_db TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY (strategyid, account, tradedate, asset_id)
)`,
  `CREATE TABLE oms_orders (
  run_id TEXT NOT NULL DEFAULT '',
  strategyid TEXT NOT NULL,
  account TEXT NOT NULL,
  order_id BIGINT NOT NULL,
  parent_order_id BIGINT,
  asset_id TEXT NOT NULL,
  type_ TEXT NOT NULL,
  creation_timestamp TIMESTAMPTZ(3) NOT NULL,
  start_timestamp TIMESTAMPTZ(3) NOT NULL,
  end_timestamp TIMESTAMPTZ(3) NOT NULL,
  curr_num_shares DOUBLE PRECISION NOT NULL,
  diff_num_shares DOUBLE PRECISION NOT NULL,
  tz TEXT NOT NULL DEFAULT 'UTC',
  extra_params JSONB NOT NULL DEFAULT '{}',
  filename TEXT,
  timestamp_db TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY (run_id, strategyid, account, order_id)
)`,
  "CREATE INDEX oms_orders_by_asset ON oms_orders (strategyid, account, asset_id, end_timestamp)",
  `CREATE TABLE oms_fills (
  run_id TEXT NOT NULL DEFAULT '',
  strategyid TEXT NOT NULL,
  account TEXT NOT NULL,
  fill_id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  parent_order_id BIGINT,
  asset_id TEXT NOT NULL,
  timestamp TIMESTAMPTZ(3) NOT NULL,
  num_shares DOUBLE PRECISION NOT NULL,
  price DOUBLE PRECISION NOT NULL,
  fee DOUBLE PRECISION NOT NULL DEFAULT 0,
  timestamp_db TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY (run_id, strategyid, account, fill_id)
)`,
  "CREATE INDEX oms_fills_by_asset ON oms_fills (strategyid, account, asset_id, timestamp)",
  "CREATE INDEX oms_fills_by_order ON oms_fills (run_id, strategyid, account, order_id)",
];

const RUNS = [
  `CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  model TEXT NOT NULL,
  tag TEXT NOT NULL DEFAULT '',
  run_mode TEXT NOT NULL,
  schedule_mode TEXT NOT NULL,
  start_timestamp TIMESTAMPTZ(3) NOT NULL,
  end_timestamp TIMESTAMPTZ(3) NOT NULL,
  dir TEXT NOT NULL,
  exit_state TEXT NOT NULL,
  started_at TIMESTAMPTZ(3) NOT NULL,
  ended_at TIMESTAMPTZ(3),
  config_hash TEXT NOT NULL,
  versions JSONB NOT NULL
)`,
  "CREATE INDEX runs_by_model ON runs (model, tag, run_mode, start_timestamp)",
  "CREATE INDEX runs_by_start ON runs (started_at)",
  `CREATE TABLE streams (
  name TEXT PRIMARY KEY,
  table_name TEXT NOT NULL UNIQUE,
  definition JSONB NOT NULL,
  created_at TIMESTAMPTZ(3) NOT NULL
)`,
];

/** Every table of the first version. */
export const tables: StoreMigration = {
  name: "0001-tables",
  statements: [
    ...["ccxt_ohlcv_spot", "ccxt_ohlcv_futures"].flatMap(ohlcv),
    ...["ccxt_bid_ask_spot_raw", "ccxt_bid_ask_futures_raw"].flatMap(bidAskRaw),
    ...["ccxt_bid_ask_spot_resampled_1min", "ccxt_bid_ask_futures_resampled_1min"].flatMap(
      bidAskResampled,
    ),
    ...OMS,
    ...RUNS,
  ],
};
