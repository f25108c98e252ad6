import {type Frame, frameFromRows, makeFrame} from "../../table/frame.js";
import {type EpochMs, SECOND_MS} from "../../time/epoch.js";
import type {NodeStem, RecordTime} from "../layout.js";
import type {RunFolder, RunPortfolio} from "./run-folder.js";

/**
 * How long after its end each bar was marked, seconds: one column, `delay`.
 */
export function barDelays({statistics, wallClock}: RunPortfolio): Frame {
  const {index} = statistics;
  const delays = wallClock.map((wall, t) => (wall - (index[t] as number)) / SECOND_MS);
  return makeFrame(index, ["delay"], [delays]);
}

/**
 * How long each node's prediction took at each bar, seconds: `all_nodes`, which is their sum, then
 * the nodes in topological order. No columns when the run was not profiled; NaN where a node has
 * no profile of a bar, which the sum leaves out.
 */
export async function nodeExecutionTimes(run: RunFolder): Promise<Frame> {
  const nodes = predictingNodes(run);
  const cells = new Map<string, Map<EpochMs, number>>();
  for (const stem of nodes) {
    const timings = await run.nodeTimings(stem);
    cells.set(stem.id, new Map(timings.map(({barEnd, seconds}) => [barEnd, seconds])));
  }
  const {index, columns, data} = frameOfCells(cells);
  const all = index.map((_, t) =>
    data.reduce((sum, column) => sum + ((column[t] as number) || 0), 0),
  );
  return index.length === 0
    ? makeFrame(index, [], [])
    : makeFrame(index, ["all_nodes", ...columns], [all, ...data]);
}

/** Rows and columns of what nodes put out, per bar; one column per node in topological order. */
export interface OutputSizes {
  readonly rows: Frame;
  /** Features times instruments. */
  readonly columns: Frame;
}

/**
 * The size of what each node predicted at each bar: of its whole output where the run describes it
 * (`save_node_df_out_stats`), otherwise of the rows that were recorded.
 */
export async function nodeOutputSizes(run: RunFolder): Promise<OutputSizes> {
  const rows = new Map<string, Map<EpochMs, number>>();
  const columns = new Map<string, Map<EpochMs, number>>();
  for (const stem of predictingNodes(run)) {
    const sizes = await sizesOf(run, stem);
    rows.set(stem.id, new Map(sizes.map((size) => [size.barEnd, size.rows])));
    columns.set(stem.id, new Map(sizes.map((size) => [size.barEnd, size.columns])));
  }
  return {rows: frameOfCells(rows), columns: frameOfCells(columns)};
}

/**
 * When orders were recorded: `wall_clock_time` (epoch ms, whole seconds) and `execution_time`, the
 * seconds from the bar's end to then.
 */
export async function orderExecutionTimes(run: RunFolder): Promise<Frame> {
  return executionTimesOf(await run.orderTimes());
}

/** {@link orderExecutionTimes} of records that hold orders. */
export function executionTimesOf(times: readonly RecordTime[]): Frame {
  return frameFromRows(
    times.map(({barEnd}) => barEnd),
    ["wall_clock_time", "execution_time"],
    times.map(({barEnd, wallClock}) => [wallClock, (wallClock - barEnd) / SECOND_MS]),
  );
}

function predictingNodes(run: RunFolder): NodeStem[] {
  return run.nodes().filter(({method}) => method === "predict");
}

async function sizesOf(
  run: RunFolder,
  stem: NodeStem,
): Promise<{barEnd: EpochMs; rows: number; columns: number}[]> {
  const described = await run.nodeDescriptions(stem);
  if (described.length > 0) {
    return described.map(({barEnd, lines}) => {
      const [, rows, columns] = /^shape=\((\d+), (\d+)\)$/m.exec(lines.join("\n")) ?? [];
      return {barEnd, rows: Number(rows), columns: Number(columns)};
    });
  }
  return (await run.nodeWindows(stem)).map(({barEnd, panel}) => ({
    barEnd,
    rows: panel.index.length,
    columns: panel.features.size * panel.columns.length,
  }));
}

/** One column per key over every bar that any of them has; a missing cell is NaN. */
function frameOfCells(cells: ReadonlyMap<string, ReadonlyMap<EpochMs, number>>): Frame {
  const bars = new Set(Array.from(cells.values()).flatMap((own) => [...own.keys()]));
  const index = Float64Array.from(bars).sort();
  const data = Array.from(cells.values(), (own) =>
    index.map((barEnd) => own.get(barEnd) ?? Number.NaN),
  );
  return makeFrame(index, [...cells.keys()], data);
}
