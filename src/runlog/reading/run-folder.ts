import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import type {ConfigTree} from "../../config/config-tree.js";
import {ReckonError} from "../../errors.js";
import {accountPnl} from "../../finance/pnl/bar-pnl.js";
import type {Frame} from "../../table/frame.js";
import type {Panel} from "../../table/panel.js";
import type {EpochMs} from "../../time/epoch.js";
import {type Fill, parseFill} from "../../trading/orders/fill.js";
import {type Order, parseOrder} from "../../trading/orders/order.js";
import {
  FILLS_DIR,
  NODE_DATA_DIR,
  NODE_PROFILE_DIR,
  type NodeStem,
  nodeStreamName,
  ORDERS_DIR,
  PORTFOLIO_DIR,
  PORTFOLIO_STREAMS,
  type PortfolioStream,
  parseNodeStem,
  parseRecordName,
  type RecordTime,
  TARGET_COLUMNS,
  TARGETS_DIR,
  UNLIMITED_TARGET_COLUMNS,
} from "../layout.js";
import {findRunLayout, type RunLayout} from "../run-layout.js";
import {readJson, readRunConfig} from "../run-texts.js";
import {type NodeTiming, nodeTiming} from "./node-timing.js";
import {listStream, type ReadRecord, readStream, type StreamOptions} from "./read-stream.js";
import {
  framesById,
  hasColumn,
  joinRows,
  lastRowsOf,
  linesOf,
  parseLines,
  toPanel,
  withAllInstruments,
  withFees,
} from "./record-columns.js";
import {checkNoneLost, type StreamBars, wholeBars} from "./whole-bars.js";

/** The portfolio of a run; frames are indexed by bar end, money in settlement currency. */
export interface RunPortfolio extends Readonly<Record<PortfolioStream, Frame>> {
  /** Gross, per instrument: change of value less value traded; NaN in the first row. */
  readonly pnl: Frame;
  /** Wall clock of each row (epoch ms). */
  readonly wallClock: Float64Array;
}

/**
 * A run folder, read only: ours, whether written per bar or per stream, or the reference system's.
 * All answer alike.
 *
 * Each stream is read once and kept: to see what a running system has added, open the folder anew.
 * Of a run that goes on, the bars that every portfolio stream has are given; an older bar that
 * lacks a record, or any bar once the run has ended, is `bad-data` to whoever reads it.
 *
 * @throws ReckonError `bad-data` when the folder is missing or holds no run
 */
export class RunFolder {
  readonly dir: string;
  /** The reference records no run record and no fees: its net PnL is its gross PnL. */
  readonly layout: RunLayout;
  readonly #streams = new Map<string, Promise<readonly ReadRecord[]>>();
  #bars: Promise<ReadonlySet<EpochMs> | undefined> | undefined;

  constructor(dir: string) {
    this.dir = dir;
    const layout = findRunLayout(dir);
    if (layout === undefined) {
      throw new ReckonError("bad-data", {
        place: dir,
        expected: "a run folder with system_config.output.json",
        found: existsSync(dir) ? "a folder without it" : "no such folder",
        fix: "give the folder that `reckon run` wrote",
      });
    }
    this.layout = layout;
  }

  /** The config the run ended with (`output`) or was given (`input`). */
  config(tag: "input" | "output" = "output"): ConfigTree {
    return readRunConfig(this.dir, tag, this.layout);
  }

  /** Versions, commit, host and exit state; undefined where there is none. */
  runRecord(): ConfigTree | undefined {
    const path = join(this.dir, "run.json");
    return existsSync(path) ? (readJson(path) as ConfigTree) : undefined;
  }

  /** Holdings, trades, PnL and bar metrics; frames without rows when nothing was recorded. */
  async portfolio(): Promise<RunPortfolio> {
    const streams: {dir: string; times: readonly ReadRecord[]}[] = [];
    for (const name of PORTFOLIO_STREAMS) {
      const dir = join(PORTFOLIO_DIR, name);
      streams.push({dir, times: await this.#complete(dir, name)});
    }
    const bars = wholeBars(this.dir, streams, {hasEnded: this.#hasEnded});
    const whole = streams.map(({times}) => times.filter(({barEnd}) => bars.has(barEnd)));
    const frames = withAllInstruments(
      Object.fromEntries(
        PORTFOLIO_STREAMS.map((name, i) => [name, withFees(name, joinRows(whole[i] ?? []))]),
      ) as Record<PortfolioStream, Frame>,
    );
    const wallClock = Float64Array.from(
      whole[PORTFOLIO_STREAMS.indexOf("statistics")] ?? [],
      ({columns}) => columns[0]?.data[0] as number,
    );
    const pnl = accountPnl(
      frames.holdings_notional,
      frames.executed_trades_notional,
      frames.holdings_shares,
    );
    return {...frames, pnl, wallClock};
  }

  /** The records of a stream as they stand in its folder, read once. */
  async records(dir: string, name: string): Promise<readonly ReadRecord[]> {
    return await this.#stream(dir, name);
  }

  /** One frame per column of the target positions, indexed by bar end. */
  async targets(): Promise<Readonly<Record<string, Frame>>> {
    const records = await this.#decisions(TARGETS_DIR, "target_positions");
    const optional = UNLIMITED_TARGET_COLUMNS.filter((name) => hasColumn(records, name));
    return framesById(records, [...TARGET_COLUMNS, ...optional]);
  }

  /** Every order of the run, in the order it was made. */
  async orders(): Promise<(Order & {readonly barEnd: EpochMs})[]> {
    return parseLines(await this.#decisions(ORDERS_DIR, "orders"), parseOrder);
  }

  /** Every fill that was booked, with the bar it was booked in; none where none were recorded. */
  async fills(): Promise<(Fill & {readonly barEnd: EpochMs})[]> {
    return parseLines(await this.#complete(FILLS_DIR, "fills"), parseFill);
  }

  /** The bars that made orders, and the wall clock when these were recorded, in whole seconds. */
  async orderTimes(): Promise<RecordTime[]> {
    const records = await this.#decisions(ORDERS_DIR, "orders");
    return records.filter((record) => linesOf(record).length > 0).map(timesOf);
  }

  /** The recorded nodes in topological order. */
  nodes(): NodeStem[] {
    const dir = join(this.dir, NODE_DATA_DIR);
    const fileNames = existsSync(dir) ? readdirSync(dir) : [];
    const whole = fileNames.filter((fileName) => !fileName.endsWith(".tmp"));
    const stems = whole.map((fileName) =>
      (parseRecordName(fileName)?.prefix ?? fileName).replace(/\.df_out(_stats)?(\.parquet)?$/, ""),
    );
    return [...new Set(stems)]
      .map(parseNodeStem)
      .filter((stem) => stem !== undefined)
      .sort((a, b) => a.method.localeCompare(b.method) || a.position - b.position);
  }

  /**
   * What a node put out at each bar, newest row only: one row per bar.
   *
   * @param stem the last node's prediction when left out
   */
  async nodeOutput(stem?: NodeStem): Promise<Panel | undefined> {
    const node = stem ?? this.lastNode();
    const windows = node === undefined ? [] : await this.nodeWindows(node);
    return lastRowsOf(windows.map(({panel}) => panel));
  }

  /** The rows that each bar recorded of a node: the last few of its output, or all. */
  async nodeWindows(stem: NodeStem): Promise<{barEnd: EpochMs; panel: Panel}[]> {
    const records = await this.#node(NODE_DATA_DIR, stem, "df_out");
    return records.map((record) => ({barEnd: record.barEnd, panel: toPanel(record)}));
  }

  /** The bars at which a node's output was recorded, and the wall clock then. */
  async nodeTimes(stem: NodeStem): Promise<RecordTime[]> {
    const name = nodeStreamName(stem, "df_out");
    const isPrefixed = true;
    const times = await this.#list(NODE_DATA_DIR, name, {isPrefixed});
    return times.map(timesOf);
  }

  /** The lines that describe a node's whole output at each bar; none where not recorded. */
  async nodeDescriptions(stem: NodeStem): Promise<{barEnd: EpochMs; lines: readonly string[]}[]> {
    const name = nodeStreamName(stem, "df_out");
    const options = {isPrefixed: true, isDescription: true};
    return (await this.#stream(NODE_DATA_DIR, name, options)).map(toLines);
  }

  /** How long each node took at each bar; nothing when the run was not profiled. */
  async timings(): Promise<NodeTiming[]> {
    const timings: NodeTiming[] = [];
    for (const stem of this.nodes()) {
      timings.push(...(await this.nodeTimings(stem)));
    }
    return timings;
  }

  /** How long a node took at each bar; NaN where its profile does not say. */
  async nodeTimings(stem: NodeStem): Promise<NodeTiming[]> {
    const records = await this.#node(NODE_PROFILE_DIR, stem, "after_execution");
    return records.map(toLines).map(({barEnd, lines}) => nodeTiming(stem.id, barEnd, lines));
  }

  /** The last node that predicts. */
  lastNode(): NodeStem | undefined {
    return this.nodes()
      .filter(({method}) => method === "predict")
      .at(-1);
  }

  async #node(
    dir: string,
    stem: NodeStem,
    kind: "df_out" | "after_execution",
  ): Promise<readonly ReadRecord[]> {
    return await this.#stream(dir, nodeStreamName(stem, kind), {isPrefixed: true});
  }

  /** A stream's records at bars that are whole. */
  async #complete(dir: string, name: string): Promise<readonly ReadRecord[]> {
    this.#bars ??= this.#completeBars();
    const bars = await this.#bars;
    const records = await this.#stream(dir, name);
    if (bars === undefined) {
      return records;
    }
    const lacking = {dir: PORTFOLIO_DIR, times: Array.from(bars, (barEnd) => ({barEnd}))};
    checkNoneLost(this.dir, this.#lastOf(bars), {having: {dir, times: records}, lacking});
    return records.filter(({barEnd}) => bars.has(barEnd));
  }

  /** A bar's targets and orders are recorded together; a stream's one file has no empty list. */
  async #decisions(dir: string, name: string): Promise<readonly ReadRecord[]> {
    const records = await this.#complete(dir, name);
    const targets = {dir: TARGETS_DIR, times: await this.#list(TARGETS_DIR, "target_positions")};
    const orders = {dir: ORDERS_DIR, times: await this.#list(ORDERS_DIR, "orders")};
    const last = this.#lastOf((await this.#bars) ?? []);
    checkNoneLost(this.dir, last, {having: orders, lacking: targets});
    if (!existsSync(join(this.dir, ORDERS_DIR, "orders.parquet"))) {
      checkNoneLost(this.dir, last, {having: targets, lacking: orders});
    }
    return records;
  }

  /** The bars that every portfolio stream has; undefined where no portfolio is recorded at all. */
  async #completeBars(): Promise<ReadonlySet<EpochMs> | undefined> {
    if (!existsSync(join(this.dir, PORTFOLIO_DIR))) {
      return undefined;
    }
    const streams: StreamBars[] = [];
    for (const name of PORTFOLIO_STREAMS) {
      const dir = join(PORTFOLIO_DIR, name);
      streams.push({dir, times: await this.#list(dir, name)});
    }
    return wholeBars(this.dir, streams, {hasEnded: this.#hasEnded});
  }

  /** A run that failed may have lost what it could not write. */
  get #hasEnded(): boolean {
    const state = this.layout === "reckon" ? this.runRecord()?.exit_state : undefined;
    return state === "done" || state === "interrupted";
  }

  /** Up to where nothing is still to come. */
  #lastOf(bars: Iterable<EpochMs>): number {
    return this.#hasEnded ? Number.POSITIVE_INFINITY : Math.max(...bars);
  }

  /** Bars and wall clocks of a stream; per-bar files are told by their names. */
  async #list(
    dir: string,
    name: string,
    options: StreamOptions = {},
  ): Promise<readonly RecordTime[]> {
    return existsSync(join(this.dir, dir, `${name}.parquet`))
      ? await this.#stream(dir, name, options)
      : await listStream(join(this.dir, dir), name, {...options, layout: this.layout});
  }

  #stream(dir: string, name: string, options: StreamOptions = {}): Promise<readonly ReadRecord[]> {
    const key = `${join(dir, name)} ${options.isDescription ?? false}`;
    const {layout} = this;
    const known = this.#streams.get(key);
    const records = known ?? readStream(join(this.dir, dir), name, {...options, layout});
    this.#streams.set(key, records);
    return records;
  }
}

const timesOf = ({barEnd, wallClock}: RecordTime): RecordTime => ({barEnd, wallClock});

function toLines(record: ReadRecord): {barEnd: EpochMs; lines: readonly string[]} {
  return {barEnd: record.barEnd, lines: linesOf(record)};
}
