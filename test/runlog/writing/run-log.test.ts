import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import process from "node:process";
import {gunzipSync} from "node:zlib";
import {afterAll, afterEach, beforeEach, describe, expect, it} from "vitest";
import {
  NODE_DATA_DIR,
  NODE_PROFILE_DIR,
  type NodeStem,
  TARGETS_DIR,
} from "../../../src/runlog/layout.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {nodeExecutionTimes, nodeOutputSizes} from "../../../src/runlog/reading/run-timing.js";
import {nodeIoOf} from "../../../src/runlog/writing/node-records.js";
import {RunLog} from "../../../src/runlog/writing/run-log.js";
import type {Fill} from "../../../src/trading/orders/fill.js";
import type {BarOutcome} from "../../../src/trading/targets/process-forecasts.js";
import {runSample, SAMPLE_END, SAMPLE_START} from "../../system/sample-run.js";

const DEBUG = "dag_property_config.debug_mode_config";
const BAR_MS = 300_000;

const made: string[] = [];
let at: string;
beforeEach(() => {
  made.push(mkdtempSync(join(tmpdir(), "reckon-log-")));
  at = join(made.at(-1) as string, "run");
});
afterEach(() => {
  rmSync(made.at(-1) as string, {recursive: true, force: true});
});
afterAll(() => {
  expect(made.filter(existsSync)).toEqual([]);
});

/** Three bars of the sample, a file per bar. */
async function runThree(overrideTexts: readonly string[], files: "per-bar" | "per-stream") {
  await runSample(at, {start: SAMPLE_END - 3 * BAR_MS, files, overrideTexts});
  return new RunFolder(at);
}

const extensions = (dir: string): string[] => [
  ...new Set(readdirSync(dir).map((name) => name.replace(/^.*?\.\d{8}_\d{6}\.\d{8}_\d{6}/, ""))),
];

describe("save_node_io", () => {
  const cases: [value: string, rows: number, formats: string[]][] = [
    ["last:2", 2, ["parquet"]],
    ["full", Number.POSITIVE_INFINITY, ["parquet"]],
    ["none", 0, ["parquet"]],
    ["", 0, []],
    ["df_as_pq", Number.POSITIVE_INFINITY, ["parquet"]],
    ["df_as_csv", Number.POSITIVE_INFINITY, ["csv.gz"]],
    ["df_as_csv_and_pq", Number.POSITIVE_INFINITY, ["csv.gz", "parquet"]],
  ];
  it.each(cases)("%j keeps %d rows as %j", (value, nodeRows, nodeFormats) => {
    expect(nodeIoOf(value)).toEqual({nodeRows, nodeFormats});
  });

  it("of the reference's words writes csv.gz, which reads as Parquet does", async () => {
    const run = await runThree([`${DEBUG}.save_node_io=df_as_csv_and_pq`], "per-bar");
    const data = join(at, NODE_DATA_DIR);
    expect(extensions(data).sort()).toEqual([".csv.gz", ".parquet"]);
    const stem = run.nodes().at(-1) as NodeStem;
    const fromParquet = await run.nodeWindows(stem);
    for (const name of readdirSync(data).filter((file) => file.endsWith(".parquet"))) {
      rmSync(join(data, name));
    }
    const fromCsv = await new RunFolder(at).nodeWindows(stem);
    expect(fromCsv).toHaveLength(3);
    expect(fromCsv).toEqual(fromParquet);
    const [csv] = readdirSync(data).filter((file) => file.startsWith(`predict.${stem.position}.`));
    const lines = gunzipSync(readFileSync(join(data, csv as string)))
      .toString()
      .split("\n");
    expect(lines[2]).toMatch(/^end_timestamp,+$/);
    expect(lines.at(-2)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:00\+00:00,/);
  });

  it("empty, as the reference's default is, records no outputs", async () => {
    const run = await runThree([`${DEBUG}.save_node_io=`], "per-bar");
    expect(run.nodes()).toEqual([]);
    expect((await run.orders()).length).toBeGreaterThan(0);
  });
});

describe("save_node_df_out_stats", () => {
  it.each(["per-bar", "per-stream"] as const)("describes whole outputs, %s", async (files) => {
    const run = await runThree([`${DEBUG}.save_node_df_out_stats=true`], files);
    const [first] = run.nodes();
    const descriptions = await run.nodeDescriptions(first as NonNullable<typeof first>);
    const windows = await run.nodeWindows(first);
    expect(descriptions.map(({barEnd}) => barEnd)).toEqual(windows.map(({barEnd}) => barEnd));
    const text = (descriptions[0]?.lines ?? []).join("\n");
    const {rows, columns} = await nodeOutputSizes(run);
    const [rowCount, columnCount] = [rows.data[0]?.[0], columns.data[0]?.[0]] as [number, number];
    expect(text).toContain(`shape=(${rowCount}, ${columnCount})`);
    expect(rowCount).toBeGreaterThan(windows[0]?.panel.index.length as number);
    expect(columnCount).toBe(
      (windows[0]?.panel.features.size ?? 0) * (windows[0]?.panel.columns.length ?? 0),
    );
    expect(rows.columns).toEqual(run.nodes().map(({id}) => id));
  });
});

describe("profiles", () => {
  it("tell of each node before and after it ran, per bar", async () => {
    const run = await runThree([], "per-bar");
    const names = readdirSync(join(at, NODE_PROFILE_DIR));
    const count = (when: string) => names.filter((name) => name.includes(`.${when}_execution.`));
    expect(count("before")).toHaveLength(3 * run.nodes().length);
    expect(count("after")).toHaveLength(3 * run.nodes().length);
    const read = (when: string) =>
      readFileSync(join(at, NODE_PROFILE_DIR, count(when)[0] as string), "utf8");
    const size = String.raw`\d+\.\d{3}GB`;
    const virtual = process.platform === "linux" ? ` vms=${size}` : "";
    const memory = `timestamp=\\d{8}_\\d{6}\nmemory=rss=${size}${virtual} mem_pct=\\d+%\n`;
    expect(read("before")).toMatch(new RegExp(`^${memory}$`));
    expect(read("after")).toMatch(
      new RegExp(`^${memory}node_execution done \\([\\d.]+ s\\)\nrun_node done \\([\\d.]+ s\\)\n`),
    );
    const both = virtual === "" ? size : `${size} -?${size}`;
    expect(read("after")).toMatch(
      new RegExp(`start=\\(${both} \\d+%\\) end=.* diff=\\(-?${both} `),
    );
  });

  it("give the time of every node and of all", async () => {
    const run = await runThree([], "per-stream");
    const times = await nodeExecutionTimes(run);
    expect(times.columns).toEqual(["all_nodes", ...run.nodes().map(({id}) => id)]);
    const [all, ...nodes] = times.data as [Float64Array, ...Float64Array[]];
    for (const [t, sum] of all.entries()) {
      expect(sum).toBeGreaterThan(0);
      expect(nodes.reduce((total, own) => total + (own[t] as number), 0)).toBeCloseTo(sum, 12);
    }
  });
});

const FILLS: readonly Fill[] = [
  {
    fillId: 3,
    orderId: 7,
    instrumentId: "A",
    time: SAMPLE_START + BAR_MS,
    shares: -1.5,
    price: 10.25,
    fee: 0.01,
    parentOrderId: 6,
    strategy: "SAU1",
    account: "candidate",
  },
];

/** One bar of two instruments, with what limits leave recorded and a fill booked. */
function outcome(barEnd: number): BarOutcome {
  const cells = Float64Array.of(1, 2);
  const statistics = {pnl: 0, gross_volume: 0, net_volume: 0, gmv: 3, nmv: 3};
  const targets = {
    holdings_shares: cells,
    price: cells,
    holdings_notional: cells,
    prediction: cells,
    volatility: cells,
    spread: cells,
    target_holdings_notional: cells,
    target_trades_notional: cells,
    target_trades_shares: cells,
    target_holdings_shares: cells,
    "target_trades_shares.before_apply_cc_limits": Float64Array.of(5, 6),
  };
  const portfolio = {
    strategy: "SAU1",
    account: "candidate",
    lastFills: [FILLS[0], undefined],
    wallClock: barEnd + 100,
    price: cells,
    holdingsShares: cells,
    holdingsNotional: cells,
    executedTradesShares: cells,
    executedTradesNotional: cells,
    pnl: cells,
    fills: FILLS,
    statistics: {...statistics, cash: 10, net_wealth: 13, leverage: 3 / 13, fees: 0},
  };
  return {barEnd, kind: "traded", portfolio, targets, orders: [], fills: FILLS};
}

describe("a bar", () => {
  it.each(["per-bar", "per-stream"] as const)(
    "keeps fills and unlimited targets, %s",
    async (files) => {
      const log = new RunLog({
        dir: at,
        files,
        instrumentIds: ["A", "B"],
        nodeRows: 0,
        isProfiled: false,
      });
      log.open();
      log.json("system_config.output.json", {});
      for (const bar of [1, 2]) {
        log.bar(outcome(SAMPLE_START + bar * BAR_MS));
      }
      await log.close();
      log.finish({exit_state: "done", bars: 0}, 0);
      const run = new RunFolder(at);
      const bars = [SAMPLE_START + BAR_MS, SAMPLE_START + 2 * BAR_MS];
      expect(await run.fills()).toEqual(bars.map((barEnd) => ({barEnd, ...FILLS[0]})));
      const targets = await run.targets();
      const name = "target_trades_shares.before_apply_cc_limits";
      expect(targets[name]?.data.map((column) => [...column])).toEqual([
        [5, 5],
        [6, 6],
      ]);
      expect(Object.keys(targets).filter((key) => key.includes("before"))).toEqual([name]);
      expect(await run.orderTimes()).toEqual([]);
      expect(existsSync(join(at, TARGETS_DIR))).toBe(true);
      expect(readdirSync(at).sort()).toEqual([
        "log.txt",
        "process_forecasts",
        "run.json",
        "system_config.output.json",
      ]);
    },
  );
});

describe("a run without a folder", () => {
  it("runs and leaves nothing, and leaves alone what is there", async () => {
    const {record, preserved} = await runSample(at, {files: "none"});
    expect(record).toMatchObject({exit_state: "done", bars: 24});
    expect(preserved).toBeUndefined();
    expect(existsSync(at)).toBe(false);
  });
});
