import {join} from "node:path";
import {messageOf} from "../../errors.js";
import {barMetrics} from "../../finance/pnl/bar-metrics.js";
import {accountPnl, barPnl, pnlWithoutLost} from "../../finance/pnl/bar-pnl.js";
import {
  ORDERS_DIR,
  PORTFOLIO_DIR,
  PORTFOLIO_STREAMS,
  type PortfolioStream,
  TARGET_COLUMNS,
  TARGETS_DIR,
} from "../../runlog/layout.js";
import {type ReadRecord, readRecords} from "../../runlog/reading/read-stream.js";
import {
  framesById,
  joinRows,
  parseLines,
  withAllInstruments,
  withFees,
} from "../../runlog/reading/record-columns.js";
import type {RunFolder, RunPortfolio} from "../../runlog/reading/run-folder.js";
import {executionTimesOf} from "../../runlog/reading/run-timing.js";
import {usableRecords, usableTables} from "../../runlog/reading/usable-records.js";
import {
  countUpTo,
  type Frame,
  makeFrame,
  mapCells,
  selectColumns,
  selectRows,
} from "../../table/frame.js";
import {type Order, parseOrder} from "../../trading/orders/order.js";
import {formatCount} from "../number-text.js";

/** A portfolio as far as it can be read, and what could not. */
export interface SalvagedPortfolio {
  readonly portfolio: RunPortfolio;
  /** One sentence each. */
  readonly problems: readonly string[];
}

/**
 * The portfolio of a run of which streams are missing, damaged or lack bars: the bars that all
 * readable streams have. Bars whose statistics are lost have them computed from holdings and
 * trades, before fees and without cash; where a bar was left out, the PnL of instruments at the
 * next one is not known.
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
  const isAccount = ACCOUNT.every((name) => streams.has(name));
  const needed = isAccount ? ACCOUNT : [...streams.keys()];
  const bars = sharedBars(needed.map((name) => streams.get(name) ?? []));
  const lost = new Set([...streams.values()].flatMap((s) => s.map(({barEnd}) => barEnd))).size;
  if (lost > bars.size) {
    const left = formatCount(lost - bars.size, "bar");
    problems.push(`Left out for lack of a record in one of the streams: ${left}.`);
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

/** What statistics can be computed from, and the shares. */
const ACCOUNT = PORTFOLIO_STREAMS.filter((name) => name !== "statistics");

/** The target positions of a run as far as they can be read; none where nothing can. */
export async function salvageTargets(run: RunFolder): Promise<Readonly<Record<string, Frame>>> {
  try {
    const {records} = await usableTables(run, TARGETS_DIR, "target_positions");
    return records.length === 0 ? {} : framesById(records, TARGET_COLUMNS);
  } catch {
    return {}; // why is told by whoever tried to read them in full
  }
}

type OrderOfBar = Order & {readonly barEnd: number};

/** The same of the orders. */
export async function salvageOrders(run: RunFolder): Promise<OrderOfBar[]> {
  return (await usableOrders(run)).flatMap(({orders}) => orders);
}

/** The same of the times at which orders were recorded. */
export async function salvageOrderTimes(run: RunFolder): Promise<Frame> {
  return executionTimesOf((await usableOrders(run)).filter(({orders}) => orders.length > 0));
}

type OrderRecord = ReadRecord & {readonly orders: readonly OrderOfBar[]};

async function usableOrders(run: RunFolder): Promise<readonly OrderRecord[]> {
  try {
    const read = await readRecords(join(run.dir, ORDERS_DIR), "orders", {layout: run.layout});
    const withOrders = (record: ReadRecord) => ({
      ...record,
      orders: parseLines([record], parseOrder),
    });
    return usableRecords(read, withOrders).records;
  } catch {
    return [];
  }
}

async function readable(
  run: RunFolder,
  name: PortfolioStream,
  problems: string[],
): Promise<readonly ReadRecord[]> {
  try {
    const {records, lost} = await usableTables(run, join(PORTFOLIO_DIR, name), name);
    const [first] = lost;
    if (first !== undefined) {
      const bars = formatCount(lost.length, "bar");
      problems.push(`The stream ${name} cannot be read at ${bars}: ${messageOf(first.error)}.`);
    } else if (records.length === 0) {
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
  read: Record<PortfolioStream, Frame>,
  streams: ReadonlyMap<PortfolioStream, readonly ReadRecord[]>,
  bars: ReadonlySet<number>,
): RunPortfolio {
  const recorded = [...streams.keys()].map((name) => [name, read[name]]);
  const frames: Record<PortfolioStream, Frame> = {
    ...read,
    ...withAllInstruments(Object.fromEntries(recorded) as Partial<Record<PortfolioStream, Frame>>),
  };
  const {holdings_notional: value, executed_trades_notional: traded, holdings_shares} = frames;
  const isWhole = value.columns.length > 0 && traded.columns.length > 0;
  const all = Float64Array.from(
    new Set([...streams.values()].flatMap((records) => records.map(({barEnd}) => barEnd))),
  ).sort();
  const pnl = !isWhole
    ? mapCells(value, () => Number.NaN)
    : pnlWithoutLost(
        streams.has("holdings_shares")
          ? accountPnl(value, traded, holdings_shares)
          : barPnl(value, traded),
        behindLost(value.index, all),
      );
  const statistics = isWhole
    ? withComputed(frames.statistics, barMetrics(value, traded, pnl))
    : frames.statistics;
  const clocks = new Map(
    [...streams.values()].flat().map(({barEnd, wallClock}) => [barEnd, wallClock]),
  );
  const wallClock = all.filter((bar) => bars.has(bar)).map((bar) => clocks.get(bar) ?? Number.NaN);
  return {...frames, statistics, pnl, wallClock};
}

/** 1 at bars before which one of all is left out. */
function behindLost(index: Float64Array, all: Float64Array): Float64Array {
  return index.map((bar, t) =>
    Number(t > 0 && countUpTo(all, bar) !== countUpTo(all, index[t - 1] as number) + 1),
  );
}

/** Recorded statistics, and the computed ones of bars that have none. */
function withComputed(recorded: Frame, computed: Frame): Frame {
  const {index} = computed;
  const has = new Set(recorded.index);
  if (index.every((bar) => has.has(bar))) {
    return recorded;
  }
  const columns = recorded.columns.length === 0 ? computed.columns : recorded.columns;
  const [known, made] = [recorded, computed].map((frame) =>
    selectColumns(selectRows(frame, index), columns),
  ) as [Frame, Frame];
  const data = columns.map((name, j) => {
    const otherwise = name === "fees" ? index.map(() => 0) : (made.data[j] as Float64Array);
    return (known.data[j] as Float64Array).map((x, t) =>
      has.has(index[t] as number) ? x : (otherwise[t] as number),
    );
  });
  return makeFrame(index, columns, data);
}
