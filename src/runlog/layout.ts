import {join} from "node:path";
import {type EpochMs, formatStamp, parseStamp} from "../time/epoch.js";

/** Folders of a run folder, relative to it. */
export const NODE_DATA_DIR = join("dag", "node_io", "node_io.data");
export const NODE_PROFILE_DIR = join("dag", "node_io", "node_io.prof");
export const TARGETS_DIR = join("process_forecasts", "target_positions");
export const ORDERS_DIR = join("process_forecasts", "orders");
export const FILLS_DIR = join("process_forecasts", "fills");
export const PORTFOLIO_DIR = join("process_forecasts", "portfolio");

/** What a portfolio folder records per bar; each is a folder. */
export const PORTFOLIO_STREAMS = [
  "holdings_shares",
  "holdings_notional",
  "executed_trades_shares",
  "executed_trades_notional",
  "statistics",
] as const;
/** One of {@link PORTFOLIO_STREAMS}. */
export type PortfolioStream = (typeof PORTFOLIO_STREAMS)[number];

/** Columns of the statistics stream, in file order. */
export const STATISTICS_COLUMNS = [
  "pnl",
  "gross_volume",
  "net_volume",
  "gmv",
  "nmv",
  "cash",
  "net_wealth",
  "leverage",
  "fees",
] as const;

/** Columns of the target positions that hold numbers, in file order. */
export const TARGET_COLUMNS = [
  "holdings_shares",
  "price",
  "holdings_notional",
  "prediction",
  "volatility",
  "spread",
  "target_holdings_notional",
  "target_trades_notional",
  "target_trades_shares",
  "target_holdings_shares",
] as const;

/** What targets were before an exchange's limits; recorded where limits are applied. */
export const UNLIMITED_TARGET_COLUMNS = [
  "target_holdings_notional.before_apply_cc_limits",
  "target_trades_notional.before_apply_cc_limits",
  "target_trades_shares.before_apply_cc_limits",
  "target_holdings_shares.before_apply_cc_limits",
] as const;

/** The bar a record belongs to and the wall clock when it was made. */
export interface RecordTime {
  readonly barEnd: EpochMs;
  readonly wallClock: EpochMs;
}

/** `{bar}.{wall}`, both `YYYYMMDD_HHMMSS` UTC. */
export function formatRecordName({barEnd, wallClock}: RecordTime): string {
  return `${formatStamp(barEnd)}.${formatStamp(wallClock)}`;
}

const RECORD_NAME = /^(?:(.*?)\.)??(\d{8}_\d{6})(?:\.(\d{8}_\d{6}))?\.(?:csv|csv\.gz|parquet|txt)$/;

/**
 * The parts of `{prefix}.{bar}.{wall}.{ext}`; undefined for any other file name. Profiles have no
 * wall clock in their names: theirs is the bar's end.
 *
 * @param parse what a stamp means: UTC where left out
 */
export function parseRecordName(
  fileName: string,
  parse: (stamp: string, place: string) => EpochMs = parseStamp,
): (RecordTime & {readonly prefix: string}) | undefined {
  const [, prefix = "", bar, wall = bar] = RECORD_NAME.exec(fileName) ?? [];
  return bar === undefined || wall === undefined
    ? undefined
    : {prefix, barEnd: parse(bar, fileName), wallClock: parse(wall, fileName)};
}

/** A node's place in file names: `predict.3.volatility`. */
export interface NodeStem {
  readonly method: string;
  readonly position: number;
  readonly id: string;
}

/** The parts of `{method}.{position}.{id}`; undefined for any other text. */
export function parseNodeStem(stem: string): NodeStem | undefined {
  const [, method, position, id] = /^(fit|predict)\.(\d+)\.(.+)$/.exec(stem) ?? [];
  return method === undefined || id === undefined
    ? undefined
    : {method, position: Number(position), id};
}

/** The name of one of a node's streams: `predict.3.volatility.df_out`. */
export function nodeStreamName(
  {method, position, id}: NodeStem,
  kind: "df_out" | "before_execution" | "after_execution",
): string {
  return `${method}.${position}.${id}.${kind}`;
}
