import {join} from "node:path";
import {recordedInstruments} from "../../backtest/research-portfolio.js";
import type {ConfigTree} from "../../config/config-tree.js";
import type {Instrument} from "../../market/instruments/instrument.js";
import {
  FILLS_DIR,
  ORDERS_DIR,
  PORTFOLIO_DIR,
  PORTFOLIO_STREAMS,
  type PortfolioStream,
  TARGET_COLUMNS,
  TARGETS_DIR,
  UNLIMITED_TARGET_COLUMNS,
} from "../../runlog/layout.js";
import {type OpeningState, readOpeningState} from "../../runlog/opening-state.js";
import type {ReadRecord} from "../../runlog/reading/read-stream.js";
import {
  framesById,
  hasColumn,
  joinRows,
  linesOf,
  withFees,
} from "../../runlog/reading/record-columns.js";
import type {RunFolder} from "../../runlog/reading/run-folder.js";
import {type Frame, mapColumns} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import {type Fill, parseFill} from "../../trading/orders/fill.js";
import {type Order, parseOrder} from "../../trading/orders/order.js";
import {formatCount} from "../../words.js";
import type {NodeRows} from "./node-rows.js";
import type {BarNote, NotCompared, SideName} from "./not-compared.js";
import {SideReader} from "./side-reader.js";

export type {NotCompared, SideName} from "./not-compared.js";

/** A thing of one bar. */
export type OfBar<T> = T & {readonly barEnd: EpochMs};

/** What one run recorded, as far as it can be read; what cannot is in `problems`. */
export interface RecordedSide {
  readonly name: SideName;
  readonly layout: RunFolder["layout"];
  readonly config: ConfigTree | undefined;
  /** `run.json`. */
  readonly record: ConfigTree;
  readonly instruments: readonly Instrument[];
  readonly opening: OpeningState | undefined;
  /** Nodes that predict, in topological order. */
  readonly nodes: readonly NodeRows[];
  readonly portfolio: Readonly<Partial<Record<PortfolioStream, Frame>>>;
  /** By column of the target positions; undefined where none were recorded. */
  readonly targets: Readonly<Record<string, Frame>> | undefined;
  readonly orders: readonly OfBar<Order>[] | undefined;
  readonly fills: readonly OfBar<Fill>[] | undefined;
  /** Wall clock at which each bar was handled, in whole seconds. */
  readonly wallClock: ReadonlyMap<EpochMs, EpochMs>;
  /** Bars with a record of any kind, increasing. */
  readonly bars: Float64Array;
  readonly problems: readonly NotCompared[];
  /** By stream, as problems name it: bars of which the record cannot be used. */
  readonly lost: ReadonlyMap<string, ReadonlySet<EpochMs>>;
  /** By stream: bars of which the record has other instruments or columns than most. */
  readonly odd: ReadonlyMap<string, readonly BarNote[]>;
  /** Why a clock may have been off, of the run or of what wrote its files: whole sentences. */
  readonly clockDoubts: readonly string[];
}

/**
 * Reads each stream of a run by itself, and each record of it, so that a damaged one spoils no
 * other.
 */
export async function readSide(name: SideName, run: RunFolder): Promise<RecordedSide> {
  const reader = new SideReader(name, run);
  const nodes: NodeRows[] = [];
  for (const stem of run.nodes().filter(({method}) => method === "predict")) {
    const rows = await reader.node(stem);
    if (rows !== undefined) {
      nodes.push(rows);
    }
  }
  const {portfolio, records: clocks} = await readPortfolio(reader, run);
  const targetRecords = await reader.tables(TARGETS_DIR, "target_positions");
  const targets = targetRecords && targetFrames(targetRecords);
  const orders = await reader.lines(ORDERS_DIR, "orders", parseOrder);
  const fills = await reader.lines(FILLS_DIR, "fills", parseFill);
  reader.lose("orders", emptiedRecords(orders?.records, targets?.target_trades_shares, "asks for"));
  reader.lose(
    "fills",
    emptiedRecords(fills?.records, portfolio.executed_trades_shares, "tells of"),
  );
  const all = [...clocks, ...(targetRecords ?? []), ...(orders?.records ?? [])];
  const lostBars = [...reader.lost.values()].flatMap((bars) => [...bars]);
  return {
    name,
    layout: run.layout,
    config: reader.part("config", () => run.config()),
    record: reader.part("run.json", () => run.runRecord()) ?? {},
    instruments: reader.optional("instruments.json", () => recordedInstruments(run)) ?? [],
    opening: reader.part("opening holdings", () => readOpeningState(run.dir)),
    nodes,
    portfolio,
    targets,
    orders: orders?.parsed,
    fills: fills?.parsed,
    wallClock: new Map(all.map(({barEnd, wallClock}) => [barEnd, wallClock])),
    bars: increasing([
      ...all.map(({barEnd}) => barEnd),
      ...nodes.flatMap(({bars}) => [...bars]),
      ...lostBars,
    ]),
    problems: reader.problems,
    lost: reader.lost,
    odd: reader.odd,
    clockDoubts: reader.clockDoubts,
  };
}

async function readPortfolio(
  reader: SideReader,
  run: RunFolder,
): Promise<Pick<RecordedSide, "portfolio"> & {readonly records: readonly ReadRecord[]}> {
  const portfolio: Partial<Record<PortfolioStream, Frame>> = {};
  const all: ReadRecord[] = [];
  for (const stream of PORTFOLIO_STREAMS) {
    const records = await reader.tables(join(PORTFOLIO_DIR, stream), stream);
    if (records !== undefined) {
      const frame = withFees(stream, joinRows(records));
      portfolio[stream] = run.layout === "reference" ? withFirstTrades(stream, frame) : frame;
      all.push(...records);
    }
  }
  return {portfolio, records: all};
}

/**
 * Files without a line, which is how none is written, of bars at which another stream knows of
 * trades: their lines are lost.
 */
function emptiedRecords(
  records: readonly ReadRecord[] | undefined,
  trades: Frame | undefined,
  verb: "asks for" | "tells of",
): BarNote[] {
  const rowAt = new Map(Array.from(trades?.index ?? [], (bar, t) => [bar, t]));
  return (records ?? []).flatMap((record) => {
    const row = rowAt.get(record.barEnd);
    const count =
      row === undefined || linesOf(record).length > 0
        ? 0
        : (trades?.data.filter((column) => (column[row] || 0) !== 0).length ?? 0);
    const stream = verb === "asks for" ? "target_positions" : "executed_trades_shares";
    const what = formatCount(count, "trade");
    return count === 0
      ? []
      : [
          {
            barEnd: record.barEnd,
            why: `${record.path}: an empty file, though ${stream} ${verb} ${what} at this bar`,
          },
        ];
  });
}

/** The reference leaves the trades of the first bar empty, before which nothing was held: none. */
function withFirstTrades(stream: PortfolioStream, frame: Frame): Frame {
  return stream.startsWith("executed_trades")
    ? mapColumns(frame, (column) => column.map((x, t) => (t === 0 && Number.isNaN(x) ? 0 : x)))
    : frame;
}

function targetFrames(records: readonly ReadRecord[]): Readonly<Record<string, Frame>> {
  const optional = UNLIMITED_TARGET_COLUMNS.filter((name) => hasColumn(records, name));
  return framesById(records, [...TARGET_COLUMNS, ...optional]);
}

function increasing(bars: readonly EpochMs[]): Float64Array {
  return Float64Array.from(new Set(bars)).sort();
}
