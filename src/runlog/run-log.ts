import {appendFileSync} from "node:fs";
import {join} from "node:path";
import {type ConfigTree, formatConfig} from "../config/config-tree.js";
import type {SystemConfig} from "../config/system-config.js";
import {type NodeRun, nodeStem} from "../dag/run-dag.js";
import {ReckonError} from "../errors.js";
import {lastRows, type Panel} from "../table/panel.js";
import type {FileColumn} from "../table/parquet.js";
import {type EpochMs, formatStamp} from "../time/epoch.js";
import {formatUtc} from "../time/utc-text.js";
import {formatOrder} from "../trading/order.js";
import type {PortfolioState} from "../trading/portfolio.js";
import type {BarOutcome} from "../trading/process-forecasts.js";
import type {TargetPositions} from "../trading/targets.js";
import {
  NODE_DATA_DIR,
  NODE_PROFILE_DIR,
  ORDERS_DIR,
  PORTFOLIO_DIR,
  type PortfolioStream,
  STATISTICS_COLUMNS,
  TARGET_COLUMNS,
  TARGETS_DIR,
} from "./layout.js";
import {perBarSink} from "./per-bar-sink.js";
import {perStreamSink} from "./per-stream-sink.js";
import type {RecordSink} from "./record.js";
import {makeFolder, writeWholeFile} from "./whole-file.js";

/** Where a run is recorded, in how many files, and how much of it. */
export interface RunLogOptions {
  readonly dir: string;
  /** `per-bar`: a file per bar as it happens; `per-stream`: one file per stream at the end. */
  readonly files: "per-bar" | "per-stream";
  readonly instrumentIds: readonly string[];
  /** Rows of a node's output that are kept per bar; 0 keeps none, Infinity all. */
  readonly nodeRows: number;
  readonly isProfiled: boolean;
}

/** The only writer of a run folder. Every file is written whole or not at all, the log aside. */
export class RunLog {
  readonly #options: RunLogOptions;
  readonly #sink: RecordSink;

  constructor(options: RunLogOptions) {
    this.#options = options;
    this.#sink = options.files === "per-bar" ? perBarSink(options.dir) : perStreamSink(options.dir);
  }

  /** Makes the run folder; nothing is written before. */
  open(): void {
    makeFolder(this.#options.dir);
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

  /** Records a node's last rows and what running it cost. */
  node(barEnd: EpochMs, wallClock: EpochMs, run: NodeRun): void {
    const stem = nodeStem(run);
    if (this.#options.nodeRows > 0) {
      this.#sink.write({
        stream: {dir: NODE_DATA_DIR, name: `${stem}.df_out`, isPrefixed: true, perBar: "parquet"},
        barEnd,
        wallClock,
        columns: panelColumns(lastRows(run.output, this.#options.nodeRows)),
      });
    }
    if (this.#options.isProfiled) {
      const name = `${stem}.after_execution`;
      this.#sink.write({
        stream: {dir: NODE_PROFILE_DIR, name, isPrefixed: true, perBar: "text"},
        barEnd,
        wallClock,
        columns: [{name: "line", kind: "text", data: profileLines(wallClock, run)}],
      });
    }
  }

  /** Records the portfolio and, where the bar traded, its targets and orders. */
  bar({barEnd, portfolio, targets, orders}: BarOutcome): void {
    const times = {barEnd, wallClock: portfolio.wallClock};
    this.#portfolio(times, portfolio);
    if (targets) {
      const columns = this.#targetColumns(portfolio.wallClock, targets);
      const stream = {dir: TARGETS_DIR, name: "target_positions", perBar: "csv"} as const;
      this.#sink.write({stream, ...times, columns});
      this.#sink.write({
        stream: {dir: ORDERS_DIR, name: "orders", perBar: "lines"},
        ...times,
        columns: [{name: "order", kind: "text", data: orders.map(formatOrder)}],
      });
    }
  }

  /** Appends one JSON line to `log.txt`. */
  event(time: EpochMs, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const line = JSON.stringify({time: formatUtc(time), message, ...fields});
    try {
      appendFileSync(join(this.#options.dir, "log.txt"), `${line}\n`);
    } catch (cause) {
      throw new ReckonError("failed", `log.txt of ${this.#options.dir}: ${String(cause)}`, {cause});
    }
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

  #targetColumns(wallClock: EpochMs, targets: TargetPositions): FileColumn[] {
    const ids = this.#options.instrumentIds;
    const [shares, price, notional, ...rest] = TARGET_COLUMNS.map((name) =>
      numberColumn(name, targets[name]),
    ) as [FileColumn, FileColumn, FileColumn, ...FileColumn[]];
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
    writeWholeFile(join(this.#options.dir, name), content);
  }
}

function numberColumn(name: string, data: Float64Array): FileColumn {
  return {name, kind: "number", data};
}

/** One row per bar and instrument: `end_timestamp`, `asset_id`, then the features. */
function panelColumns({index, columns, features}: Panel): FileColumn[] {
  const rows = index.length * columns.length;
  const ends = new Float64Array(rows);
  const ids: string[] = [];
  for (let t = 0; t < index.length; ++t) {
    ends.fill(index[t] as number, t * columns.length, (t + 1) * columns.length);
    ids.push(...columns);
  }
  const values = Array.from(features, ([name, data]): FileColumn => {
    const cells = new Float64Array(rows);
    for (const [j, column] of data.entries()) {
      for (let t = 0; t < index.length; ++t) {
        cells[t * columns.length + j] = column[t] as number;
      }
    }
    return numberColumn(name, cells);
  });
  return [
    {name: "end_timestamp", kind: "time", data: ends},
    {name: "asset_id", kind: "text", data: ids},
    ...values,
  ];
}

function profileLines(wallClock: EpochMs, run: NodeRun): string[] {
  const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(3)}GB`;
  const seconds = (run.durationMs / 1_000).toFixed(6);
  const [before, after] = [run.rssBefore, run.rssAfter];
  const diff = gigabytes(after - before);
  return [
    `timestamp=${formatStamp(wallClock)}`,
    `memory=rss=${gigabytes(after)}`,
    `run_node done (${seconds} s)`,
    `run_node done: start=(${gigabytes(before)}) end=(${gigabytes(after)}) diff=(${diff})`,
  ];
}
