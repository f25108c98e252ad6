import {rmSync} from "node:fs";
import {join} from "node:path";
import {type ConfigTree, formatConfig} from "../../config/config-tree.js";
import type {SystemConfig} from "../../config/system-config.js";
import type {NodeRun} from "../../dag/run-dag.js";
import {makeFolder} from "../../make-folder.js";
import {lastRows} from "../../table/panel.js";
import type {FileColumn} from "../../table/parquet.js";
import type {EpochMs} from "../../time/epoch.js";
import {stopwatchMs} from "../../time/system-clock.js";
import {formatUtc} from "../../time/utc-text.js";
import {formatFill} from "../../trading/orders/fill.js";
import {formatOrder} from "../../trading/orders/order.js";
import type {PortfolioState} from "../../trading/portfolio.js";
import type {BarOutcome} from "../../trading/targets/process-forecasts.js";
import type {TargetPositions} from "../../trading/targets/targets.js";
import {
  FILLS_DIR,
  ORDERS_DIR,
  PORTFOLIO_DIR,
  type PortfolioStream,
  type RecordTime,
  STATISTICS_COLUMNS,
  TARGET_COLUMNS,
  TARGETS_DIR,
  UNLIMITED_TARGET_COLUMNS,
} from "../layout.js";
import {appendWholeLine, writeWholeFile} from "../whole-file.js";
import {
  descriptionRecord,
  type NodeFormat,
  type NodeIo,
  outputRecord,
  profileRecord,
} from "./node-records.js";
import {perBarSink} from "./per-bar-sink.js";
import {perStreamSink} from "./per-stream-sink.js";
import {nullSink, type RecordSink} from "./record.js";

/** Where a run is recorded, in how many files, and how much of it. */
export interface RunLogOptions extends NodeIo {
  readonly dir: string;
  /**
   * `per-bar`: a file per bar as it happens; `per-stream`: one file per stream at the end; `none`:
   * nothing is recorded and no folder made.
   */
  readonly files: RunFiles;
  readonly instrumentIds: readonly string[];
  /** Each recorded output has a text beside it that describes the whole of it. */
  readonly isDescribed?: boolean;
  readonly isProfiled: boolean;
  /** Told of each line of `log.txt`, also where nothing is recorded. */
  readonly onEvent?: ((time: EpochMs, message: string) => void) | undefined;
}

/** What a run's record says of how it ended; the rest of it is saved as it is. */
interface RunEnd {
  readonly exit_state: string;
  readonly bars: number;
  readonly error?: string;
}

/** How a run is recorded. */
export type RunFiles = "per-bar" | "per-stream" | "none";

/** Room that is kept on the disk, so that a run which fills it can still say how it ended. */
export const RESERVE_FILE = "run.json.reserve";
const RESERVE_BYTES = 16_384;

/** The only writer of a run folder. Every file is written whole or not at all, the log aside. */
export class RunLog {
  readonly #options: RunLogOptions;
  readonly #sink: RecordSink;
  readonly #isOff: boolean;

  constructor(options: RunLogOptions) {
    this.#options = options;
    this.#isOff = options.files === "none";
    this.#sink = sinkOf(options);
  }

  /** True when {@link node} records anything at all. */
  get recordsNodes(): boolean {
    const {nodeRows, isProfiled} = this.#options;
    return !this.#isOff && (nodeRows > 0 || isProfiled);
  }

  /** True when a node's record says how much memory the process holds. */
  get readsMemory(): boolean {
    return this.#options.isProfiled;
  }

  /** Makes the run folder; nothing is written before. */
  open(): void {
    if (!this.#isOff) {
      makeFolder(this.#options.dir);
      this.#whole(RESERVE_FILE, " ".repeat(RESERVE_BYTES));
    }
  }

  /** Saves `system_config.{tag}.json` and its readable text. */
  config(tag: "input" | "output", config: SystemConfig): void {
    this.json(`system_config.${tag}.json`, config);
    this.#whole(
      `system_config.${tag}.txt`,
      `${formatConfig({...config} as unknown as ConfigTree)}\n`,
    );
  }

  /** Saves a JSON file of the run folder, for example `run.json`. */
  json(name: string, value: unknown): void {
    this.#whole(name, `${JSON.stringify(value, null, 2)}\n`);
  }

  /**
   * Writes the log's last line and the final `run.json`, on a full disk too: the room kept for them
   * is given free first.
   *
   * @throws ReckonError `failed` when not even that helps
   */
  finish(record: RunEnd, time: EpochMs): void {
    if (!this.#isOff) {
      rmSync(join(this.#options.dir, RESERVE_FILE), {force: true});
    }
    const {exit_state, bars, error} = record;
    try {
      const reason = error === undefined ? {} : {error};
      this.event(time, "run ended", {state: exit_state, bars, ...reason});
    } finally {
      this.json("run.json", record);
    }
  }

  /**
   * Records a node's last rows and what running it cost. The text before it ran is written per bar
   * only: the one after it holds both readings.
   */
  node(barEnd: EpochMs, wallClock: EpochMs, run: NodeRun): void {
    if (this.#isOff) {
      return;
    }
    const {nodeRows, nodeFormats = ["parquet"], files, isDescribed, isProfiled} = this.#options;
    const times = {barEnd, wallClock};
    const start = stopwatchMs();
    if (nodeRows > 0) {
      const panel = lastRows(run.output, nodeRows);
      for (const perBar of files === "per-bar" ? nodeFormats : (["parquet"] as NodeFormat[])) {
        this.#sink.write(outputRecord(times, run, {panel, perBar}));
      }
      if (isDescribed) {
        this.#sink.write(descriptionRecord(times, run));
      }
    }
    if (isProfiled) {
      const recordingMs = stopwatchMs() - start;
      const isPerBar = files === "per-bar";
      for (const when of isPerBar ? (["before", "after"] as const) : (["after"] as const)) {
        this.#sink.write(profileRecord(times, run, {when, recordingMs}));
      }
    }
  }

  /** Records the portfolio, what was filled and, where the bar traded, its targets and orders. */
  bar(outcome: BarOutcome): void {
    if (this.#isOff) {
      return;
    }
    const {barEnd, portfolio, targets, orders, fills} = outcome;
    const times = {barEnd, wallClock: portfolio.wallClock};
    this.#portfolio(times, portfolio);
    if (fills) {
      this.#lines({dir: FILLS_DIR, name: "fills"}, times, fills.map(formatFill));
    }
    if (targets) {
      const columns = this.#targetColumns(portfolio.wallClock, targets);
      const stream = {dir: TARGETS_DIR, name: "target_positions", perBar: "csv"} as const;
      this.#sink.write({stream, ...times, columns});
      this.#lines({dir: ORDERS_DIR, name: "orders"}, times, orders.map(formatOrder));
    }
  }

  /**
   * Appends one JSON line to `log.txt`.
   *
   * @throws ReckonError `failed` when the disk refuses
   */
  event(time: EpochMs, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.onEvent?.(time, message);
    if (this.#isOff) {
      return;
    }
    const line = JSON.stringify({time: formatUtc(time), message, ...fields});
    appendWholeLine(join(this.#options.dir, "log.txt"), line);
  }

  /**
   * Waits until what was recorded so far is on disk, in a run that writes bar by bar.
   *
   * @throws ReckonError `failed` when a file could not be written
   */
  async settle(): Promise<void> {
    await this.#sink.settle();
  }

  /** Makes sure that everything recorded is on disk. */
  async close(): Promise<void> {
    await this.#sink.close();
  }

  #portfolio(times: {barEnd: EpochMs; wallClock: EpochMs}, state: PortfolioState): void {
    const index: FileColumn = {name: "index", kind: "time", data: Float64Array.of(times.wallClock)};
    const write = (name: PortfolioStream, heads: readonly string[], cells: ArrayLike<number>) => {
      this.#sink.write({
        stream: {dir: join(PORTFOLIO_DIR, name), name, perBar: "csv"},
        ...times,
        columns: [
          index,
          ...heads.map((head, j) => numberColumn(head, Float64Array.of(cells[j] as number))),
        ],
      });
    };
    const ids = this.#options.instrumentIds;
    write("holdings_shares", ids, state.holdingsShares);
    write("holdings_notional", ids, state.holdingsNotional);
    write("executed_trades_shares", ids, state.executedTradesShares);
    write("executed_trades_notional", ids, state.executedTradesNotional);
    const statistics = STATISTICS_COLUMNS.map((name) => state.statistics[name]);
    write("statistics", STATISTICS_COLUMNS, statistics);
  }

  #lines(
    stream: {readonly dir: string; readonly name: string},
    times: RecordTime,
    lines: readonly string[],
  ): void {
    this.#sink.write({
      stream: {...stream, perBar: "lines"},
      ...times,
      columns: [{name: "line", kind: "text", data: lines}],
    });
  }

  #targetColumns(wallClock: EpochMs, targets: TargetPositions): FileColumn[] {
    const ids = this.#options.instrumentIds;
    const [shares, price, notional, ...rest] = [...TARGET_COLUMNS, ...UNLIMITED_TARGET_COLUMNS]
      .map((name) => ({name, data: targets[name]}))
      .flatMap(({name, data}) => (data === undefined ? [] : [numberColumn(name, data)])) as [
      FileColumn,
      FileColumn,
      FileColumn,
      ...FileColumn[],
    ];
    const wall = new Float64Array(ids.length).fill(wallClock);
    return [
      {name: "asset_id", kind: "text", data: ids},
      shares,
      price,
      notional,
      {name: "wall_clock_timestamp", kind: "time", data: wall},
      ...rest,
    ];
  }

  #whole(name: string, content: string): void {
    if (!this.#isOff) {
      writeWholeFile(join(this.#options.dir, name), content);
    }
  }
}

function sinkOf({files, dir}: RunLogOptions): RecordSink {
  return files === "none" ? nullSink : files === "per-bar" ? perBarSink(dir) : perStreamSink(dir);
}

function numberColumn(name: string, data: Float64Array): FileColumn {
  return {name, kind: "number", data};
}
