import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import type {ConfigTree} from "../config/config-tree.js";
import {messageOf, ReckonError} from "../errors.js";
import {barPnl} from "../finance/bar-pnl.js";
import {type Frame, frameFromRows, makeFrame} from "../table/frame.js";
import {type Panel, panelOf} from "../table/panel.js";
import type {FileColumn} from "../table/parquet.js";
import type {EpochMs} from "../time/epoch.js";
import {type Order, parseOrder} from "../trading/order.js";
import {
  NODE_DATA_DIR,
  NODE_PROFILE_DIR,
  type NodeStem,
  ORDERS_DIR,
  PORTFOLIO_DIR,
  PORTFOLIO_STREAMS,
  type PortfolioStream,
  parseNodeStem,
  parseRecordName,
  TARGET_COLUMNS,
  TARGETS_DIR,
} from "./layout.js";
import {type ReadRecord, readStream} from "./read-stream.js";

/** The portfolio of a run; frames are indexed by bar end, money in settlement currency. */
export interface RunPortfolio extends Readonly<Record<PortfolioStream, Frame>> {
  /** Gross, per instrument: change of value less value traded; NaN in the first row. */
  readonly pnl: Frame;
  /** Wall clock of each row (epoch ms). */
  readonly wallClock: Float64Array;
}

/** How long a node ran at one bar. */
export interface NodeTiming {
  readonly barEnd: EpochMs;
  readonly id: string;
  readonly seconds: number;
}

/**
 * A run folder, read only; whether it was written per bar or per stream makes no difference.
 *
 * Each stream is read once and kept: to see what a running system has added, open the folder anew.
 *
 * @throws ReckonError `bad-data` when the folder is missing or holds no run
 */
export class RunFolder {
  readonly dir: string;
  readonly #streams = new Map<string, Promise<readonly ReadRecord[]>>();

  constructor(dir: string) {
    this.dir = dir;
    if (!existsSync(join(dir, "system_config.output.json"))) {
      throw new ReckonError("bad-data", {
        place: dir,
        expected: "a run folder with system_config.output.json",
        found: existsSync(dir) ? "a folder without it" : "no such folder",
        fix: "give the folder that `reckon run` wrote",
      });
    }
  }

  /** The config the run ended with (`output`) or was given (`input`). */
  config(tag: "input" | "output" = "output"): ConfigTree {
    return readJson(join(this.dir, `system_config.${tag}.json`)) as ConfigTree;
  }

  /** Versions, commit, host and exit state; undefined when the run never ended. */
  runRecord(): ConfigTree | undefined {
    const path = join(this.dir, "run.json");
    return existsSync(path) ? (readJson(path) as ConfigTree) : undefined;
  }

  /** Holdings, trades, PnL and bar metrics; frames without rows when nothing was recorded. */
  async portfolio(): Promise<RunPortfolio> {
    const frames = {} as Record<PortfolioStream, Frame>;
    let wallClock: Float64Array = new Float64Array();
    for (const name of PORTFOLIO_STREAMS) {
      const records = await this.#stream(join(PORTFOLIO_DIR, name), name);
      frames[name] = joinRows(records);
      if (name === "statistics") {
        wallClock = Float64Array.from(records, ({columns}) => columns[0]?.data[0] as number);
      }
    }
    return {
      ...frames,
      pnl: barPnl(frames.holdings_notional, frames.executed_trades_notional),
      wallClock,
    };
  }

  /** One frame per column of the target positions, indexed by bar end. */
  async targets(): Promise<Readonly<Record<string, Frame>>> {
    const records = await this.#stream(TARGETS_DIR, "target_positions");
    const ids = idsOf(records);
    const index = records.map(({barEnd}) => barEnd);
    return Object.fromEntries(
      TARGET_COLUMNS.map((name) => [
        name,
        frameFromRows(
          index,
          ids,
          records.map((record) => cellsById(record, name, ids)),
        ),
      ]),
    );
  }

  /** Every order of the run, in the order it was made. */
  async orders(): Promise<(Order & {readonly barEnd: EpochMs})[]> {
    const records = await this.#stream(ORDERS_DIR, "orders");
    return records.flatMap(({barEnd, columns, path}) =>
      ((columns[0]?.data ?? []) as readonly string[]).map((line) => ({
        barEnd,
        ...parseOrderOf(path, line),
      })),
    );
  }

  /** The recorded nodes in topological order. */
  nodes(): NodeStem[] {
    const dir = join(this.dir, NODE_DATA_DIR);
    const stems = (existsSync(dir) ? readdirSync(dir) : []).map((fileName) =>
      (parseRecordName(fileName)?.prefix ?? fileName).replace(/\.df_out(\.parquet)?$/, ""),
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
    const windows = await this.nodeWindows(stem);
    const last = windows.map(({panel}) => panel);
    const [first] = last;
    return first === undefined ? undefined : lastRowsOf(last as [Panel, ...Panel[]]);
  }

  /** The rows that each bar recorded of a node: the last few of its output. */
  async nodeWindows(stem?: NodeStem): Promise<{barEnd: EpochMs; panel: Panel}[]> {
    const node =
      stem ??
      this.nodes()
        .filter(({method}) => method === "predict")
        .at(-1);
    if (node === undefined) {
      return [];
    }
    const name = `${node.method}.${node.position}.${node.id}.df_out`;
    const records = await this.#stream(NODE_DATA_DIR, name, true);
    return records.map(({barEnd, columns}) => ({barEnd, panel: toPanel(columns)}));
  }

  /** How long each node took at each bar; nothing when the run was not profiled. */
  async timings(): Promise<NodeTiming[]> {
    const timings: NodeTiming[] = [];
    for (const {method, position, id} of this.nodes()) {
      const stem = `${method}.${position}.${id}.after_execution`;
      for (const {barEnd, lines} of await this.#profile(stem)) {
        const seconds = /run_node done \(([\d.]+) s\)/.exec(lines.join("\n"))?.[1];
        timings.push({barEnd, id, seconds: Number(seconds ?? Number.NaN)});
      }
    }
    return timings;
  }

  #stream(dir: string, name: string, isPrefixed = false): Promise<readonly ReadRecord[]> {
    const key = join(dir, name);
    const known = this.#streams.get(key);
    const records = known ?? readStream(join(this.dir, dir), name, {isPrefixed});
    this.#streams.set(key, records);
    return records;
  }

  async #profile(stem: string): Promise<{barEnd: EpochMs; lines: readonly string[]}[]> {
    const records = await this.#stream(NODE_PROFILE_DIR, stem, true);
    return records.map(({barEnd, columns}) => ({
      barEnd,
      lines: (columns[0]?.data ?? []) as readonly string[],
    }));
  }
}

function parseOrderOf(path: string, line: string): Order {
  try {
    return parseOrder(line);
  } catch (cause) {
    const text = `${path}: ${messageOf(cause)}; restore it or run again`;
    throw new ReckonError("bad-data", text, {cause});
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ReckonError(
      "bad-data",
      {
        place: path,
        expected: "whole JSON",
        found: messageOf(cause),
        fix: "the file is truncated or damaged; restore it or run again",
      },
      {cause},
    );
  }
}

/** One row per record, one column per number column of the first record. */
function joinRows(records: readonly ReadRecord[]): Frame {
  const heads = (records[0]?.columns ?? []).filter(({kind}) => kind === "number");
  const names = heads.map(({name}) => name);
  const rows = records.map(({columns}) =>
    names.map((name) => Number(columns.find((column) => column.name === name)?.data[0])),
  );
  return frameFromRows(
    records.map(({barEnd}) => barEnd),
    names,
    rows,
  );
}

function idsOf(records: readonly ReadRecord[]): readonly string[] {
  return records[0] === undefined ? [] : textOf(records[0].columns, "asset_id");
}

/** The cells of a text column. */
function textOf(columns: readonly FileColumn[], name: string): readonly string[] {
  const column = columns.find((candidate) => candidate.name === name);
  return column?.kind === "text" ? column.data : Array.from(column?.data ?? [], String);
}

function cellsById({columns}: ReadRecord, name: string, ids: readonly string[]): number[] {
  const column = columns.find((candidate) => candidate.name === name);
  const at = new Map(textOf(columns, "asset_id").map((id, i) => [id, i]));
  return ids.map((id) => Number(column?.data[at.get(id) ?? -1] ?? Number.NaN));
}

/** Back from one row per bar and instrument. */
function toPanel(columns: readonly FileColumn[]): Panel {
  const ends = columns.find(({name}) => name === "end_timestamp")?.data as Float64Array;
  const ids = textOf(columns, "asset_id");
  const names = [...new Set(ids)];
  const count = names.length === 0 ? 0 : ends.length / names.length;
  const index = Float64Array.from({length: count}, (_, t) => ends[t * names.length] as number);
  const frames = columns
    .filter(({kind}) => kind === "number")
    .map(({name, data}): [string, Frame] => {
      const cells = names.map((_, j) =>
        Float64Array.from({length: count}, (_, t) => data[t * names.length + j] as number),
      );
      return [name, makeFrame(index, names, cells)];
    });
  return panelOf(Object.fromEntries(frames));
}

function lastRowsOf(panels: readonly [Panel, ...Panel[]]): Panel {
  const [first] = panels;
  const index = panels.map((panel) => panel.index.at(-1) as number);
  const frames = [...first.features.keys()].map((name): [string, Frame] => {
    const rows = panels.map((panel) =>
      Float64Array.from(panel.features.get(name) ?? [], (column) => column.at(-1) as number),
    );
    return [name, frameFromRows(index, first.columns, rows)];
  });
  return panelOf(Object.fromEntries(frames));
}
