import {readdirSync, readFileSync, rmSync, truncateSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {checkNodes} from "../../src/reconcile/consistency/check-nodes.js";
import {readSide} from "../../src/reconcile/record/recorded-side.js";
import {consistencyTable, consistencyVerdict} from "../../src/report/nodes/consistency.js";
import {accountSummary, accountView, observeAccount} from "../../src/report/observer/account.js";
import {loadObservedRun, type ObservedRun} from "../../src/report/observer/observed-run.js";
import {comparedRun} from "../../src/report/reconciliation/compared-run.js";
import {orderNotionalFigure, ordersSummary} from "../../src/report/reconciliation/orders-table.js";
import {readableTimes} from "../../src/report/recorded-run.js";
import type {makeTable} from "../../src/report/table.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {
  AT,
  BARS,
  cut,
  edited,
  emptied,
  type Injury,
  injuredRuns,
  NODES,
  ORDERS,
  PORTFOLIO,
  recordPath,
  TARGETS,
} from "../reconcile/injure.js";

const runs = injuredRuns();

const observed = async (injury: Injury): Promise<ObservedRun> =>
  await loadObservedRun(await runs.copy(injury));
const folder = async (injury: Injury): Promise<RunFolder> => new RunFolder(await runs.copy(injury));

describe("the observer of a run with a damaged file", () => {
  const holdings = join(PORTFOLIO, "holdings_shares");

  it.each([
    ["half", cut(holdings), /a truncated file/],
    ["nothing", emptied(holdings), /an empty file/],
    ["a word", edited(holdings, (text) => text.replace(/,[^,]*\n$/, ",abc\n")), /found "abc"/],
  ] as const)("shows the other bars where %s is left of one", async (_what, injury, why) => {
    const {portfolio, problems, research, lastOutput} = await observed(injury);
    expect(portfolio.statistics.index).toHaveLength(BARS - 1);
    expect(portfolio.pnl.index).toHaveLength(BARS - 1);
    const told = problems.find((problem) => problem.includes("cannot be read at 1 bar: "));
    expect(told).toMatch(/^The stream holdings_shares cannot/);
    expect(told).toMatch(why);
    expect([research.index.length > 0, lastOutput?.node]).toEqual([true, "predict"]);
  });

  it("shows the account where a whole stream of it is damaged", async () => {
    const {portfolio, problems} = await observed((dir) => {
      for (const name of readdirSync(join(dir, holdings))) {
        truncateSync(join(dir, holdings, name), 0);
      }
    });
    expect(portfolio.statistics.index).toHaveLength(BARS);
    expect(portfolio.pnl.data.some((column) => column.some((x) => x !== 0))).toBe(true);
    expect(problems.join(" ")).toMatch(/holdings_shares cannot be read at 8 bars: .* empty file/);
  });

  it.each([
    ["target_positions", cut(TARGETS)],
    ["orders", cut(ORDERS)],
  ])("keeps the other bars of %s", async (_name, injury) => {
    const whole = await observed(() => {});
    const {orders, targets, orderTimes} = await observed(injury);
    const bars = (run: Pick<ObservedRun, "orders">): number =>
      new Set(run.orders.map(({barEnd}) => barEnd)).size;
    expect(bars({orders})).toBeGreaterThanOrEqual(bars(whole) - 1);
    expect(targets.price?.index.length).toBeGreaterThanOrEqual(BARS - 1);
    expect(orderTimes.index.length).toBeGreaterThanOrEqual(BARS - 1);
  });

  it("shows the newest output that can be read, and names what cannot", async () => {
    const newest: Injury = (dir) =>
      truncateSync(recordPath(dir, NODES, {at: BARS - 1, like: "predict.df_out"}), 100);
    const {lastOutput, portfolio, problems} = await observed(newest);
    expect(lastOutput?.row.index[0]).toBe(portfolio.statistics.index.at(-2));
    expect(problems.join(" ")).toMatch(/Node predict cannot be read at 1 bar, .*whole Parquet/);
    const older = await observed(cut(NODES, "predict.df_out"));
    expect(older.lastOutput?.row.index[0]).toBe(portfolio.statistics.index.at(-1));
  });

  it("knows no shares of an instrument that its last bar does not name", async () => {
    const run = await observed((dir) => {
      const path = recordPath(dir, holdings);
      const [heads, row] = readFileSync(path, "utf8").trimEnd().split("\n");
      writeFileSync(path, `${heads},ZZZUSDT\n${row},5\n`);
    });
    const account = await observeAccount(run);
    const {positions} = accountSummary(account);
    expect(positions).toContainEqual({id: "ZZZUSDT", shares: null, value: null});
    expect(accountView(account).html).toMatch(/ZZZUSDT<\/td><td[^>]*>not known/);
  });
});

describe("the slow page of a run with a damaged file", () => {
  const lostOf = async (injury: Injury, whole?: string) => {
    const checks = await checkNodes(new RunFolder(await runs.copy(injury, whole)));
    return {checks, text: consistencyVerdict(checks).text};
  };

  it.each([cut(NODES, "read_data"), emptied(NODES, "read_data")])(
    "checks the bars beside it and names it",
    async (injury) => {
      const {checks, text} = await lostOf(injury);
      expect(checks.map(({pairs, lost}) => [pairs, lost.length])).toEqual([
        [BARS - 2, 1],
        ...new Array(4).fill([BARS - 1, 0]),
      ]);
      expect(checks.every(({sharedRows, revised}) => sharedRows > 0 && revised === 0)).toBe(true);
      expect(text).toMatch(/^Every node stood by what it had said, as far as it can be read: /);
      expect(text).toMatch(/Not read: read_data \(1 bar\); dag\/.*\.parquet: expected a whole/);
      const table = consistencyTable(checks) as ReturnType<typeof makeTable>;
      expect(table.array("Bars not read")).toEqual([1, 0, 0, 0, 0]);
    },
  );

  it("names a node whose one file is damaged", async () => {
    const {checks, text} = await lostOf(
      (dir) => truncateSync(recordPath(dir, NODES, {at: 0, like: "read_data.df_out"}), 300),
      join(runs.root, "sim"),
    );
    expect(checks.map(({pairs}) => pairs)).toEqual([0, ...new Array(4).fill(BARS - 1)]);
    expect(text).toMatch(
      /Not read: read_data; dag\/.*read_data\.df_out\.parquet: expected a whole/,
    );
  });

  it("sizes each node by the newest record that can be read", async () => {
    const whole = await readableTimes(await folder(() => {}));
    const injured = await readableTimes(
      await folder((dir) =>
        truncateSync(recordPath(dir, NODES, {at: BARS - 1, like: "read_data.df_out"}), 100),
      ),
    );
    expect(injured.outputs).toEqual(whole.outputs);
    expect(injured.outputs[0]?.rows).toBeGreaterThan(0);
  });
});

describe("orders of a run without an account", () => {
  it("are drawn and counted, and nobody knows what became of them", async () => {
    const run = await folder((dir) => rmSync(join(dir, PORTFOLIO), {recursive: true}));
    const prod = await comparedRun(run, await readSide("prod", run));
    const figure = orderNotionalFigure(prod) as {data: readonly Record<string, unknown>[]};
    expect(figure.data.map(({y}) => (y as number[]).some((x) => x !== 0))).toContain(true);
    const [row] = ordersSummary({prod}).objects() as Record<string, number>[];
    expect(row?.Orders).toBe(prod.orders.length);
    expect([row?.Filled, row?.["Open at the end"]]).toEqual([Number.NaN, Number.NaN]);
  });

  it("have no value where no target tells a price", async () => {
    const run = await folder((dir) => rmSync(join(dir, TARGETS), {recursive: true}));
    const prod = await comparedRun(run, await readSide("prod", run));
    expect(prod.orders.length).toBeGreaterThan(AT);
    expect(orderNotionalFigure(prod)).toMatchObject({
      text: "What the orders were worth is not known: no record tells a price.",
    });
  });
});
