import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {reconciliationJson} from "../../src/reconcile/json/reconciliation-json.js";
import type {LayerName} from "../../src/reconcile/layers/layer.js";
import {type Reconciliation, reconcileRuns} from "../../src/reconcile/reconcile-runs.js";
import {readSide} from "../../src/reconcile/record/recorded-side.js";
import {comparedRun} from "../../src/report/reconciliation/compared-run.js";
import {
  divergenceRow,
  notComparedTable,
  otherCauses,
} from "../../src/report/reconciliation/findings.js";
import {layerDifferences, layersTable} from "../../src/report/reconciliation/layers.js";
import {ordersSummary} from "../../src/report/reconciliation/orders-table.js";
import {pnlExplained, pnlWaterfall} from "../../src/report/reconciliation/pnl-explained.js";
import {targetShortfalls} from "../../src/report/reconciliation/targets-table.js";
import {verdict} from "../../src/report/reconciliation/verdict.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {BAR_MS} from "./faults/fault.js";
import {record} from "./faults/inject.js";
import {smallC1, smallMock1} from "./faults/walk-market.js";

const BARS = 8;
const PORTFOLIO = join("process_forecasts", "portfolio");
const NODES = join("dag", "node_io", "node_io.data");

let root: string;
let whole: string;
let count = 0;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-bad-input-"));
  whole = join(root, "whole");
  const run = smallC1({seed: 1, bars: BARS});
  await record(run, whole, {files: "per-bar"});
  await record(run, join(root, "sim"));
  const later = {...run, start: run.start + 4 * BAR_MS};
  await record(later, join(root, "later"));
  await record({...run, end: run.start + 2 * BAR_MS}, join(root, "early"));
  await record({...run, start: run.start + 5 * BAR_MS}, join(root, "late"));
  await record(smallMock1({seed: 1, bars: BARS}), join(root, "mock1"));
  const symbols = run.market.bars.symbols.slice(0, 3);
  const instruments = run.market.instruments.slice(0, 3);
  const fewer = {...run.market, bars: {...run.market.bars, symbols}, instruments};
  await record({...run, market: fewer}, join(root, "fewer"));
}, 60_000);
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** The whole run with something done to its folder. */
function damaged(change: (dir: string) => void): string {
  const dir = join(root, `damaged-${++count}`);
  cpSync(whole, dir, {recursive: true});
  change(dir);
  return dir;
}

const without = (stream: string) => () =>
  damaged((dir) => rmSync(join(dir, stream), {recursive: true}));
const firstFile = (dir: string, stream: string): string =>
  join(dir, stream, readdirSync(join(dir, stream)).sort()[2] as string);

interface Case {
  readonly name: string;
  readonly prod: () => string;
  readonly status: Reconciliation["status"];
  /** Of what is told not to be compared: what, and why. */
  readonly told: readonly (readonly [what: RegExp, why: RegExp])[];
  /** Layers that are compared all the same. */
  readonly compared: readonly LayerName[];
}

const ALL: readonly LayerName[] = [
  "market data",
  "DAG nodes",
  "target positions",
  "orders and fills",
  "holdings",
  "PnL",
];
const but = (...names: readonly LayerName[]) => ALL.filter((name) => !names.includes(name));

const CASES: readonly Case[] = [
  ...["holdings_shares", "executed_trades_notional", "statistics"].map((stream) => ({
    name: `no ${stream}`,
    prod: without(join(PORTFOLIO, stream)),
    status: "incomplete" as const,
    told: [[new RegExp(`^${stream}$`), /prod did not record it$/]] as const,
    compared: ALL,
  })),
  {
    name: "no target positions",
    prod: without(join("process_forecasts", "target_positions")),
    status: "incomplete",
    told: [[/^target_positions$/, /did not record it/]],
    compared: but("target positions"),
  },
  {
    name: "no orders",
    prod: without(join("process_forecasts", "orders")),
    status: "incomplete",
    told: [[/^orders$/, /did not record any/]],
    compared: ALL,
  },
  {
    name: "no fills",
    prod: without(join("process_forecasts", "fills")),
    status: "incomplete",
    told: [[/^fills$/, /did not record it/]],
    compared: ALL,
  },
  {
    name: "no output of any node",
    prod: without("dag"),
    status: "incomplete",
    told: [
      [/^node read_data$/, /prod recorded no output of it/],
      [/^node predict$/, /prod recorded no output of it/],
    ],
    compared: but("market data", "DAG nodes"),
  },
  {
    name: "nothing but its config",
    prod: () =>
      damaged((dir) => {
        rmSync(join(dir, "process_forecasts"), {recursive: true});
        rmSync(join(dir, "dag"), {recursive: true});
      }),
    status: "missing",
    told: [[/^all bars$/, /prod recorded no bar/]],
    compared: [],
  },
  {
    name: "a truncated stream",
    prod: () => damaged((dir) => truncateSync(firstFile(dir, join(PORTFOLIO, "statistics")), 40)),
    status: "incomplete",
    told: [[/^statistics at .* UTC$/, /statistics.*expected .*restore it or run again/]],
    compared: ALL,
  },
  {
    name: "a truncated node",
    prod: () => damaged((dir) => truncateSync(firstFile(dir, NODES), 40)),
    status: "incomplete",
    told: [[/^node .* at .* UTC$/, /expected .*restore it or run again/]],
    compared: ALL,
  },
  {
    name: "a damaged line of an order",
    prod: () =>
      damaged((dir) => {
        writeFileSync(firstFile(dir, join("process_forecasts", "orders")), "Order: order_id=x\n");
      }),
    status: "incomplete",
    told: [[/^orders at .* UTC$/, /restore it or run again/]],
    compared: ALL,
  },
  {
    name: "a damaged config",
    prod: () => damaged((dir) => truncateSync(join(dir, "system_config.output.json"), 50)),
    status: "incomplete",
    told: [[/^config$/, /system_config.output.json: expected whole JSON/]],
    compared: ALL,
  },
  {
    name: "a damaged run.json and instruments.json",
    prod: () =>
      damaged((dir) => {
        writeFileSync(join(dir, "run.json"), "{");
        writeFileSync(join(dir, "instruments.json"), "[{}]");
      }),
    status: "incomplete",
    told: [
      [/^run.json$/, /expected whole JSON/],
      [/^instruments.json$/, /instruments.json/],
    ],
    compared: ALL,
  },
  {
    name: "bars that were recorded twice",
    prod: () =>
      damaged((dir) => {
        const path = firstFile(dir, join(PORTFOLIO, "holdings_shares"));
        copyFileSync(path, path.replace(/(\d{5})(\d)\.csv$/, "$19.csv"));
      }),
    status: "incomplete",
    told: [[/^holdings_shares$/, /1 bar is recorded more than once; the last record counts/]],
    compared: ALL,
  },
  ...(["holdings_shares", "statistics"] as const).map((stream) => ({
    name: `a bar of ${stream} with two lines that differ`,
    prod: () =>
      damaged((dir) => {
        const path = firstFile(dir, join(PORTFOLIO, stream));
        const line = readFileSync(path, "utf8").split("\n")[1] as string;
        appendFileSync(path, `${line.replace(/[\d.]+$/, "12345.5")}\n`);
      }),
    status: "incomplete" as const,
    told: [
      [
        new RegExp(`^${stream} at `),
        /\.csv: expected one line for the bar, found lines that differ; restore/,
      ],
    ] as const,
    compared: ALL,
  })),
  {
    name: "a run that ended early",
    prod: () => join(root, "early"),
    status: "incomplete",
    told: [[/^6 bars after /, /prod ends earlier/]],
    compared: ALL,
  },
  {
    name: "a run of other bars",
    prod: () => join(root, "late"),
    status: "differs",
    told: [[/^5 bars before /, /prod begins later/]],
    compared: ALL,
  },
  {
    name: "a run of fewer instruments",
    prod: () => join(root, "fewer"),
    status: "differs",
    told: [],
    compared: ALL,
  },
  {
    name: "a run of another model",
    prod: () => join(root, "mock1"),
    status: "differs",
    told: [
      [/^node compute_vol$/, /sim recorded no output of it/],
      [/^node signals$/, /prod recorded no output of it/],
      [/^all bars$/, /the runs have no bar in common/],
    ],
    compared: [],
  },
];

describe("a run folder with something wrong", () => {
  it.each(CASES)("$name: says what is not compared and compares the rest", async (one) => {
    const [prod, sim] = [new RunFolder(one.prod()), new RunFolder(join(root, "sim"))];
    const found = await reconcileRuns(prod, sim);
    expect(found.status).toBe(one.status);
    for (const [what, why] of one.told) {
      const named = found.notCompared.find((lacking) => what.test(lacking.what));
      expect(`${what} ${named?.why}`).toMatch(why);
    }
    expect(found.notCompared.length > 0).toBe(one.told.length > 0);
    const compared = found.layers.filter(
      ({name, fields}) => name !== "config" && fields.some(({cells}) => cells > 0),
    );
    expect(compared.map(({name}) => name)).toEqual(one.compared);
    if (one.status === "incomplete") {
      expect(found.first).toBeUndefined();
    }
    await expectPage(found, prod, sim);
  });

  it("two runs without a bar in common cannot be compared", async () => {
    const [prod, sim] = [new RunFolder(join(root, "early")), new RunFolder(join(root, "late"))];
    const found = await reconcileRuns(prod, sim);
    expect(found.status).toBe("missing");
    expect(verdict(found).text).toMatch(
      /Nothing of production and its simulation could be compared\. .*no bar in common: prod has/,
    );
    await expectPage(found, prod, sim);
  });
});

/** Everything a page is made of, without an error; the verdict is never that all is well. */
async function expectPage(found: Reconciliation, prod: RunFolder, sim: RunFolder): Promise<void> {
  const {status, text} = verdict(found, "paper_trading");
  expect(["identical", "within-tolerance"]).not.toContain(status);
  const read = async (run: RunFolder) => comparedRun(run, await readSide("prod", run));
  const [a, b] = [await read(prod), await read(sim)];
  const shown = [
    layersTable(found),
    ...ALL.map((name) => layerDifferences(found, name)),
    ...[divergenceRow, otherCauses, notComparedTable].map((view) => view(found)),
    ...[pnlWaterfall, pnlExplained].map((view) => view(found)),
    targetShortfalls(a.targets),
    ordersSummary({prod: a, sim: b}),
  ];
  expect(shown.every((one) => one !== undefined)).toBe(true);
  expect(reconciliationJson(found, text).not_compared).toHaveLength(found.notCompared.length);
}
