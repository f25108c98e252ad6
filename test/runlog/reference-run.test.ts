import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {
  type ConsistencyCheck,
  selfConsistency,
} from "../../src/reconcile/consistency/self-consistency.js";
import type {NodeStem} from "../../src/runlog/layout.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {
  barDelays,
  nodeExecutionTimes,
  nodeOutputSizes,
  orderExecutionTimes,
} from "../../src/runlog/reading/run-timing.js";
import {type Frame, selectColumns} from "../../src/table/frame.js";
import {parseUtc} from "../../src/time/utc-text.js";
import {
  HAS_SHARED,
  NEEDS_SHARED,
  type OracleTable,
  readOracle,
  SHARED_DIR,
  toFrame,
} from "../oracles/shared.js";

interface Artifacts {
  readonly normalized_portfolio: Readonly<Record<string, OracleTable>>;
  readonly normalized_stats: OracleTable;
  readonly raw_stats: OracleTable;
  readonly target_positions: Readonly<Record<string, OracleTable>>;
  readonly delay_in_bars: {readonly index: readonly string[]; readonly data: readonly [string][]};
}

interface DagAnalysis {
  readonly node_names: readonly string[];
  readonly timestamps_last_node: readonly [string, string][];
  readonly self_consistency_all: readonly [string, string][];
  readonly execution_time_table: OracleTable;
  readonly df_out_size: Omit<OracleTable, "columns"> & {
    readonly columns: readonly [string, "n_rows" | "n_cols"][];
  };
  readonly orders_execution_time: {
    readonly index: readonly string[];
    readonly data: readonly [string, number][];
  };
  readonly rows: Readonly<Record<string, {rows_last: number; rows_prev: number}>>;
}

const open = () => new RunFolder(join(SHARED_DIR, "oracles/system/10_mock1_system_log_dir"));

/** The oracle's times of {@link DagAnalysis.orders_execution_time} have no offset: they are ET. */
const eastern = (text: string): number => parseUtc(`${text}-05:00`);

/** Asserts equal axes, and cells within 1e-9 absolute or relative. */
function expectFrame(actual: Frame | undefined, table: OracleTable): void {
  const wanted = toFrame(table);
  expect(actual?.columns).toEqual(wanted.columns);
  expect(actual?.index).toEqual(wanted.index);
  for (const [j, column] of wanted.data.entries()) {
    for (const [t, cell] of column.entries()) {
      const found = actual?.data[j]?.[t] as number;
      const distance = Math.abs(found - cell) / Math.max(1, Math.abs(cell));
      expect(Object.is(found, cell) || distance <= 1e-9, `${found} at ${j}, ${t}: ${cell}`).toBe(
        true,
      );
    }
  }
}

describe.skipIf(!HAS_SHARED)(`the reference's run folder as loaded${NEEDS_SHARED}`, () => {
  const wanted = HAS_SHARED ? readOracle<Artifacts>("23_loaded_artifacts.json") : undefined;
  const oracle = wanted as Artifacts;

  it("portfolio, bar by bar (oracle 23)", async () => {
    const portfolio = await open().portfolio();
    const names = Object.keys(oracle.normalized_portfolio);
    expect(names).toHaveLength(5);
    for (const name of names as (keyof typeof portfolio)[]) {
      const table = oracle.normalized_portfolio[name] as OracleTable;
      expectFrame(portfolio[name] as Frame, table);
    }
  });

  it("statistics, on bars and on the wall clock (oracle 23)", async () => {
    const {statistics, wallClock} = await open().portfolio();
    const eight = selectColumns(statistics, oracle.normalized_stats.columns.map(String));
    expectFrame(eight, oracle.normalized_stats);
    expectFrame({...eight, index: wallClock}, oracle.raw_stats);
  });

  it("has no fees: gross is net", async () => {
    const run = open();
    const {statistics} = await run.portfolio();
    expect(run.layout).toBe("reference");
    expect(statistics.columns.at(-1)).toBe("fees");
    expect(statistics.data.at(-1)).toEqual(new Float64Array(7));
    expect(run.runRecord()).toBeUndefined();
  });

  it("target positions, every column (oracle 23)", async () => {
    const targets = await open().targets();
    expect(Object.keys(targets)).toEqual(Object.keys(oracle.target_positions));
    for (const [name, table] of Object.entries(oracle.target_positions)) {
      expectFrame(targets[name], table);
    }
  });

  it("delay of every bar (oracle 23)", async () => {
    const delays = barDelays(await open().portfolio());
    const seconds = oracle.delay_in_bars.data.map(([text]) =>
      Number(/^0 days 00:00:([\d.]+)$/.exec(text)?.[1]),
    );
    expect(Array.from(delays.index)).toEqual(oracle.delay_in_bars.index.map((at) => parseUtc(at)));
    expect(Array.from(delays.data[0] ?? [])).toEqual(seconds);
  });

  it("orders, with their bars and Eastern times", async () => {
    const orders = await open().orders();
    expect(orders).toHaveLength(7);
    expect(orders[0]).toMatchObject({
      barEnd: parseUtc("2000-01-01 14:35:00+00:00"),
      orderId: 12,
      instrumentId: "101",
      type: "price@twap",
      start: parseUtc("2000-01-01 14:35:05.100+00:00"),
      end: parseUtc("2000-01-01 14:40:00+00:00"),
      diffShares: 990.099009901,
    });
    expect(await open().fills()).toEqual([]);
  });
});

const nameOf = ({method, position, id}: NodeStem): string => `${method}.${position}.${id}`;

/** What the reference's check says of a node: its windows must all be of one length. */
function referenceOutcome(pairs: readonly ConsistencyCheck[]): string {
  return pairs.every(({isSameWindow}) => isSameWindow)
    ? "PASS"
    : "FAIL index sets differ (growing history)";
}

describe.skipIf(!HAS_SHARED)(`the DAG's log of the reference${NEEDS_SHARED}`, () => {
  const oracle = (HAS_SHARED
    ? readOracle<DagAnalysis>("22_dag_log_analysis.json")
    : undefined) as unknown as DagAnalysis;

  it("nodes and the times of the last one (oracle 22)", async () => {
    const run = open();
    const nodes = run.nodes();
    const names = nodes.map(nameOf);
    expect(names).toEqual(oracle.node_names);
    const times = await run.nodeTimes(nodes.at(-1) as (typeof nodes)[number]);
    expect(times.map(({barEnd, wallClock}) => [barEnd, wallClock])).toEqual(
      oracle.timestamps_last_node.map((pair) => pair.map((text) => parseUtc(text))),
    );
  });

  it("execution time of every node and of all (oracle 22)", async () => {
    expectFrame(await nodeExecutionTimes(open()), oracle.execution_time_table);
  });

  it("sizes of every node's output (oracle 22)", async () => {
    const {rows, columns} = await nodeOutputSizes(open());
    const {df_out_size} = oracle;
    expect(df_out_size.columns).toHaveLength(20);
    for (const [j, [id, what]] of df_out_size.columns.entries()) {
      const frame = what === "n_rows" ? rows : columns;
      const column = frame.data[frame.columns.indexOf(id)];
      expect(Array.from(column ?? []), `${id} ${what}`).toEqual(
        df_out_size.data.map((row) => row[j]),
      );
    }
    expect(Array.from(rows.index)).toEqual(df_out_size.index.map((text) => parseUtc(text)));
  });

  it("execution time of orders (oracle 22)", async () => {
    const times = await orderExecutionTimes(open());
    const wanted = oracle.orders_execution_time;
    expect(times.columns).toEqual(["wall_clock_time", "execution_time"]);
    expect(Array.from(times.index)).toEqual(wanted.index.map(eastern));
    expect(Array.from(times.data[0] ?? [])).toEqual(wanted.data.map(([wall]) => eastern(wall)));
    expect(Array.from(times.data[1] ?? [])).toEqual(wanted.data.map(([, seconds]) => seconds));
  });

  it("the windows grow, so a check of equal windows fails; the rows they share agree", async () => {
    const run = open();
    const stems = new Map(run.nodes().map((stem) => [nameOf(stem), stem]));
    const outcomes: [string, string][] = [];
    const sizes: [string, {rows_last: number; rows_prev: number}][] = [];
    for (const name of oracle.node_names) {
      const stem = stems.get(name);
      expect(stem, name).toBeDefined();
      const windows = await run.nodeWindows(stem as NodeStem);
      const pairs = selfConsistency(windows);
      expect(pairs.flatMap(({differences}) => differences)).toEqual([]);
      expect(pairs).toHaveLength(6);
      const [before, last] = windows.slice(-2).map(({panel}) => panel.index);
      expect(pairs.at(-1)?.sharedRows).toBe(before?.length);
      outcomes.push([name, referenceOutcome(pairs)]);
      sizes.push([name, {rows_prev: before?.length ?? 0, rows_last: last?.length ?? 0}]);
    }
    expect(outcomes).toEqual(oracle.self_consistency_all);
    const told = Object.keys(oracle.rows);
    expect(told).toHaveLength(2);
    expect(Object.fromEntries(sizes.filter(([name]) => told.includes(name)))).toEqual(oracle.rows);
  });

  it("a node's output is read with its features and instruments", async () => {
    const panel = await open().nodeOutput();
    expect(panel?.columns).toEqual(["101"]);
    expect([...(panel?.features.keys() ?? [])]).toContain("vwap.ret_0.vol");
    expect(panel?.features.get("close")?.[0]).toEqual(
      Float64Array.of(101, 100, 101, 100, 101, 100, 101),
    );
  });
});
