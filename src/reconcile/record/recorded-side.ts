import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {recordedInstruments} from "../../backtest/research-portfolio.js";
import type {ConfigTree} from "../../config/config-tree.js";
import {messageOf} from "../../errors.js";
import type {Instrument} from "../../market/instruments/instrument.js";
import {
  FILLS_DIR,
  NODE_DATA_DIR,
  type NodeStem,
  nodeStreamName,
  ORDERS_DIR,
  PORTFOLIO_DIR,
  PORTFOLIO_STREAMS,
  type PortfolioStream,
  TARGET_COLUMNS,
  TARGETS_DIR,
  UNLIMITED_TARGET_COLUMNS,
} from "../../runlog/layout.js";
import {type OpeningState, readOpeningState} from "../../runlog/opening-state.js";
import {type ReadRecord, readStream} from "../../runlog/read-stream.js";
import {
  framesById,
  hasColumn,
  joinRows,
  parseLines,
  withFees,
} from "../../runlog/record-columns.js";
import {requireOneWord} from "../../runlog/record-conflict.js";
import type {RunFolder} from "../../runlog/run-folder.js";
import {type Frame, mapColumns} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import {type Fill, parseFill} from "../../trading/fill.js";
import {type Order, parseOrder} from "../../trading/order.js";
import {type NodeRows, nodeRows} from "./node-rows.js";

/** Which of the two runs. */
export type SideName = "prod" | "sim";

/** Something that could not be compared, and why. */
export interface NotCompared {
  /** For example `holdings_shares` or `bars up to 2025-09-01 06:00`. */
  readonly what: string;
  /** The run that is to blame; both where neither has it. */
  readonly side: SideName | "both";
  readonly why: string;
}

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
}

/** Reads each stream of a run by itself, so that a damaged one spoils no other. */
export async function readSide(name: SideName, run: RunFolder): Promise<RecordedSide> {
  const reader = new SideReader(name, run);
  const nodes: NodeRows[] = [];
  for (const stem of run.nodes().filter(({method}) => method === "predict")) {
    const rows = await reader.node(stem);
    if (rows !== undefined) {
      nodes.push(rows);
    }
  }
  const portfolio: Partial<Record<PortfolioStream, Frame>> = {};
  const clocks: ReadRecord[] = [];
  for (const stream of PORTFOLIO_STREAMS) {
    const records = await reader.stream(join(PORTFOLIO_DIR, stream), stream);
    if (records !== undefined) {
      const frame = withFees(stream, joinRows(records));
      portfolio[stream] = run.layout === "reference" ? withFirstTrades(stream, frame) : frame;
      clocks.push(...records);
    }
  }
  const targetRecords = await reader.stream(TARGETS_DIR, "target_positions");
  const orderRecords = await reader.stream(ORDERS_DIR, "orders");
  const fillRecords = await reader.stream(FILLS_DIR, "fills");
  const all = [...clocks, ...(targetRecords ?? []), ...(orderRecords ?? [])];
  return {
    name,
    layout: run.layout,
    config: reader.part("config", () => run.config()),
    record: reader.part("run.json", () => run.runRecord()) ?? {},
    instruments: reader.optional("instruments.json", () => recordedInstruments(run)) ?? [],
    opening: reader.part("opening holdings", () => readOpeningState(run.dir)),
    nodes,
    portfolio,
    targets: targetRecords && targetFrames(targetRecords),
    orders: orderRecords && reader.part("orders", () => parseLines(orderRecords, parseOrder)),
    fills: fillRecords && reader.part("fills", () => parseLines(fillRecords, parseFill)),
    wallClock: new Map(all.map(({barEnd, wallClock}) => [barEnd, wallClock])),
    bars: increasing([...all.map(({barEnd}) => barEnd), ...nodes.flatMap(({bars}) => [...bars])]),
    problems: reader.problems,
  };
}

/** The reference leaves the trades of the first bar empty, before which nothing was held: none. */
function withFirstTrades(stream: PortfolioStream, frame: Frame): Frame {
  return stream.startsWith("executed_trades")
    ? mapColumns(frame, (column) => column.map((x, t) => (t === 0 && Number.isNaN(x) ? 0 : x)))
    : frame;
}

/** Reads parts of a run folder, and notes what cannot be read. */
class SideReader {
  readonly problems: NotCompared[] = [];
  readonly #side: SideName;
  readonly #run: RunFolder;

  constructor(side: SideName, run: RunFolder) {
    this.#side = side;
    this.#run = run;
  }

  /** Undefined where it cannot be read, which is noted. */
  part<T>(what: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#note(what, messageOf(error));
      return undefined;
    }
  }

  /** A file that older runs and those of the reference do not have. */
  optional<T>(fileName: string, read: () => T): T | undefined {
    return existsSync(join(this.#run.dir, fileName)) ? this.part(fileName, read) : undefined;
  }

  /** Records of a stream; undefined where there are none or they cannot be read. */
  async stream(dir: string, name: string): Promise<readonly ReadRecord[] | undefined> {
    const {layout} = this.#run;
    const path = join(this.#run.dir, dir);
    const records = await this.#read(name, () => readStream(path, name, {layout}));
    this.#noteDoubles(name, doubleFiles(path, ""));
    if (records === undefined || records.length === 0) {
      return undefined;
    }
    return this.part(name, () => {
      records.forEach(requireOneWord); // nobody knows which of its lines is true
      return records;
    });
  }

  async node(stem: NodeStem): Promise<NodeRows | undefined> {
    const {layout, dir} = this.#run;
    const name = nodeStreamName(stem, "df_out");
    const path = join(dir, NODE_DATA_DIR);
    const records = await this.#read(`node ${stem.id}`, () =>
      readStream(path, name, {isPrefixed: true, layout}),
    );
    this.#noteDoubles(`node ${stem.id}`, doubleFiles(path, name));
    return records && this.part(`node ${stem.id}`, () => nodeRows(stem.id, records));
  }

  async #read(
    what: string,
    read: () => Promise<readonly ReadRecord[]>,
  ): Promise<readonly ReadRecord[] | undefined> {
    try {
      return this.#withoutDoubles(what, await read());
    } catch (error) {
      this.#note(what, messageOf(error));
      return undefined;
    }
  }

  /** A bar that was recorded twice counts as it was recorded last. */
  #withoutDoubles(what: string, records: readonly ReadRecord[]): readonly ReadRecord[] {
    const byBar = new Map(records.map((record) => [record.barEnd, record]));
    this.#noteDoubles(what, records.length - byBar.size);
    return byBar.size === records.length
      ? records
      : [...byBar.values()].sort((a, b) => a.barEnd - b.barEnd);
  }

  #noteDoubles(what: string, bars: number): void {
    if (bars > 0) {
      const count = bars === 1 ? "1 bar is" : `${bars} bars are`;
      this.#note(what, `${count} recorded more than once; the last record counts`);
    }
  }

  #note(what: string, why: string): void {
    // The page says where the run folder is: files are told from there.
    const told = why.replaceAll(`${this.#run.dir}/`, "");
    this.problems.push({what, side: this.#side, why: told});
  }
}

const STAMPS = /(\d{8}_\d{6})\.(\d{8}_\d{6})\.(?:csv|csv\.gz|parquet)$/;

/** How many per-bar files of a stream are of a bar that another file is of. */
function doubleFiles(dir: string, prefix: string): number {
  const fileNames = existsSync(dir) ? readdirSync(dir) : [];
  const [bars, records] = [new Set<string>(), new Set<string>()];
  for (const fileName of fileNames) {
    const [stamps, bar] = (fileName.startsWith(prefix) && STAMPS.exec(fileName)) || [];
    if (stamps !== undefined && bar !== undefined) {
      bars.add(bar);
      records.add(stamps.slice(0, bar.length * 2 + 1));
    }
  }
  return records.size - bars.size;
}

function targetFrames(records: readonly ReadRecord[]): Readonly<Record<string, Frame>> {
  const optional = UNLIMITED_TARGET_COLUMNS.filter((name) => hasColumn(records, name));
  return framesById(records, [...TARGET_COLUMNS, ...optional]);
}

function increasing(bars: readonly EpochMs[]): Float64Array {
  return Float64Array.from(new Set(bars)).sort();
}
