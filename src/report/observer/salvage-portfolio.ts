import {join} from "node:path";
import {messageOf} from "../../errors.js";
import {barMetrics} from "../../finance/pnl/bar-metrics.js";
import {accountPnl} from "../../finance/pnl/bar-pnl.js";
import {
  ORDERS_DIR,
  PORTFOLIO_DIR,
  PORTFOLIO_STREAMS,
  type PortfolioStream,
  TARGET_COLUMNS,
  TARGETS_DIR,
} from "../../runlog/layout.js";
import {type ReadRecord, readStream} from "../../runlog/read-stream.js";
import {framesById, joinRows, parseLines, withFees} from "../../runlog/record-columns.js";
import type {RunFolder, RunPortfolio} from "../../runlog/run-folder.js";
import type {Frame} from "../../table/frame.js";
import {type Order, parseOrder} from "../../trading/order.js";

/** A portfolio as far as it can be read, and what could not. */
export interface SalvagedPortfolio {
  readonly portfolio: RunPortfolio;
  /** One sentence each. */
  readonly problems: readonly string[];
}

/**
 * The portfolio of a run of which streams are missing, damaged or lack bars: the bars that all
 * readable streams have. Where the statistics are lost, they are computed from holdings and trades,
 * before fees and without cash.
 *
 * Whoever compares runs must not do so: a page about a running system shows what there is.
 */
export async function salvagePortfolio(run: RunFolder): Promise<SalvagedPortfolio> {
  const problems: string[] = [];
  const streams = new Map<PortfolioStream, readonly ReadRecord[]>();
  for (const name of PORTFOLIO_STREAMS) {
    const records = await readable(run, name, problems);
    if (records.length > 0) {
      streams.set(name, records);
    }
  }
  const bars = sharedBars([...streams.values()]);
  const lost = new Set([...streams.values()].flatMap((s) => s.map(({barEnd}) => barEnd))).size;
  if (lost > bars.size) {
    problems.push(`${lost - bars.size} bars lack a record in one of the streams and are left out.`);
  }
  const framesOf = (name: PortfolioStream): Frame => {
    const records = (streams.get(name) ?? []).filter(({barEnd}) => bars.has(barEnd));
    return withFees(name, joinRows(records));
  };
  const frames = Object.fromEntries(
    PORTFOLIO_STREAMS.map((name) => [name, framesOf(name)]),
  ) as Record<PortfolioStream, Frame>;
  return {portfolio: completed(frames, streams, bars), problems};
}

/** The target positions of a run of which other streams are not whole; none where damaged. */
export async function salvageTargets(run: RunFolder): Promise<Readonly<Record<string, Frame>>> {
  try {
    return framesById(await recordsOf(run, TARGETS_DIR, "target_positions"), TARGET_COLUMNS);
  } catch {
    return {}; // why is told by whoever tried to read them in full
  }
}

/** The same of the orders. */
export async function salvageOrders(
  run: RunFolder,
): Promise<(Order & {readonly barEnd: number})[]> {
  try {
    return parseLines(await recordsOf(run, ORDERS_DIR, "orders"), parseOrder);
  } catch {
    return [];
  }
}

async function recordsOf(
  run: RunFolder,
  dir: string,
  name: string,
): Promise<readonly ReadRecord[]> {
  return await readStream(join(run.dir, dir), name, {layout: run.layout});
}

async function readable(
  run: RunFolder,
  name: PortfolioStream,
  problems: string[],
): Promise<readonly ReadRecord[]> {
  try {
    const records = await recordsOf(run, join(PORTFOLIO_DIR, name), name);
    if (records.length === 0) {
      problems.push(`The stream ${name} is not there.`);
    }
    return records;
  } catch (error) {
    problems.push(`The stream ${name} cannot be read: ${messageOf(error)}.`);
    return [];
  }
}

/** The bars that each of these streams has. */
function sharedBars(streams: readonly (readonly ReadRecord[])[]): Set<number> {
  const [first, ...others] = streams.map((records) => new Set(records.map((r) => r.barEnd)));
  return new Set([...(first ?? [])].filter((bar) => others.every((bars) => bars.has(bar))));
}

function completed(
  frames: Record<PortfolioStream, Frame>,
  streams: ReadonlyMap<PortfolioStream, readonly ReadRecord[]>,
  bars: ReadonlySet<number>,
): RunPortfolio {
  const {holdings_notional: value, executed_trades_notional: traded, holdings_shares} = frames;
  const isWhole = value.columns.length > 0 && value.columns.length === traded.columns.length;
  const pnl = isWhole ? accountPnl(value, traded, holdings_shares) : {...value, data: blank(value)};
  const hasStatistics = frames.statistics.columns.length > 0;
  const statistics = hasStatistics || !isWhole ? frames.statistics : barMetrics(value, traded, pnl);
  const [anyStream = []] = streams.values();
  const clocks = streams.get("statistics") ?? anyStream;
  const wallClock = Float64Array.from(
    clocks.filter(({barEnd}) => bars.has(barEnd)),
    (record) => record.wallClock,
  );
  return {...frames, statistics, pnl, wallClock};
}

function blank({data, index}: Frame): Float64Array[] {
  return data.map(() => new Float64Array(index.length).fill(Number.NaN));
}
