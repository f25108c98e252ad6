import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {parseOverride} from "../../../src/config/override.js";
import type {SymbolBars} from "../../../src/market/bars.js";
import {reconcileRuns} from "../../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import type {RunRequest} from "../../../src/system/run/run-system.js";
import {SECOND_MS} from "../../../src/time/epoch.js";
import {withHole} from "../../system/sample-run.js";
import type {WholeRun} from "../../system/whole-runs.js";
import {brokerWith} from "./broker-faults.js";
import {BAR_MS, idsOf} from "./fault.js";
import {record} from "./inject.js";
import {seededRandom, smallC1, smallMock1} from "./walk-market.js";

const SEEDS = 20;
const WAYS: readonly (readonly [name: string, request: Partial<RunRequest>, after?: Edit])[] = [
  ["paper trading, a file per bar", {runMode: "paper_trading", files: "per-bar"}],
  ["a file per stream", {}],
  ["one row of each node", overriding("dag_property_config.debug_mode_config.save_node_io=last:1")],
  ["whole windows", overriding("dag_property_config.debug_mode_config.save_node_io=full")],
  [
    "timed, and described",
    overriding(
      "dag_property_config.debug_mode_config.profile_execution=true",
      "dag_property_config.debug_mode_config.save_node_df_out_stats=true",
    ),
  ],
  [
    "by another name",
    overriding(
      'cf_config.instance_type="PROD"',
      'cf_config.account="main"',
      'secret_identifier_config="binance.prod.trading.1"',
      "market_data_config.sleep_in_secs=0.5",
    ),
  ],
  ["on another machine, by another commit", {}, otherMachine],
  ["replaying the fills of the other", {runMode: "simulation_with_replayed_fills"}],
  ["beginning from the other's record", {}],
  ["standing still for half a minute", {}],
];

const stallOf = ({start}: WholeRun) => ({stallAt: start + BAR_MS, stallMs: 30 * SECOND_MS});

/** Does something to a run folder that must not matter. */
type Edit = (dir: string) => void;

let root: string;
const alarms: string[] = [];
let pairs = 0;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-clean-"));
  for (let seed = 0; seed < SEEDS; ++seed) {
    const run = cleanRun(seed);
    const simDir = join(root, String(seed), "sim");
    await record(run, simDir);
    for (const [k, [name, request, edit]] of WAYS.entries()) {
      const dir = join(root, String(seed), String(k));
      const from = {
        ...(name.startsWith("replaying") ? {replayFillsFrom: simDir} : {}),
        ...(name.startsWith("beginning") ? {openingFrom: simDir} : {}),
        ...(name.startsWith("standing") ? {broker: brokerWith(run, stallOf(run))} : {}),
      };
      await record(run, dir, {...request, ...from});
      edit?.(dir);
      const found = await reconcileRuns(new RunFolder(dir), new RunFolder(simDir));
      pairs += 1;
      if (found.status !== "identical" || found.first !== undefined) {
        const {first, notCompared} = found;
        alarms.push(`${run.model} ${seed}, ${name}: ${JSON.stringify({first, notCompared})}`);
      }
    }
  }
}, 300_000);
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

describe("200 pairs of runs that did the same", () => {
  it("raise no alarm", () => {
    expect(pairs).toBe(SEEDS * WAYS.length);
    expect(pairs).toBe(200);
    expect(alarms).toEqual([]);
  });
});

function overriding(...texts: readonly string[]): Partial<RunRequest> {
  return {overrides: texts.map(parseOverride)};
}

/** Models, lengths and markets vary: every third market has holes, late rows and corrections. */
function cleanRun(seed: number): WholeRun {
  const make = seed % 2 === 0 ? smallC1 : smallMock1;
  const bars = 2 + Math.floor(12 * seededRandom(seed)());
  const run = make({seed, bars, lotDecimals: seed % 5 === 0 ? 0 : 6});
  return seed % 3 === 0 ? rough(run, seededRandom(seed + 1)) : run;
}

function rough(run: WholeRun, random: () => number): WholeRun {
  const [first, second] = idsOf(run) as [string, string];
  const {bars} = run.market;
  const holed = withHole(bars, first, () => random() < 0.1);
  const own = holed.bySymbol.get(second) as SymbolBars;
  const knowledgeTime = own.knowledgeTime.map((known) =>
    random() < 0.2 ? known + 40 * SECOND_MS : known,
  );
  const row = own.barEnd.indexOf(run.start + BAR_MS);
  const corrections = {
    barEnd: own.barEnd.slice(row, row + 1),
    knowledgeTime: Float64Array.of((own.barEnd[row] as number) + 11 * SECOND_MS),
    columns: new Map(
      Array.from(own.columns, ([name, cells]) => [name, cells.slice(row, row + 1).map(grown)]),
    ),
  };
  const bySymbol = new Map(holed.bySymbol).set(second, {...own, knowledgeTime, corrections});
  return {...run, market: {...run.market, bars: {...holed, bySymbol}}};
}

function grown(value: number): number {
  return 1.01 * value;
}

function otherMachine(dir: string): void {
  const path = join(dir, "run.json");
  const run = JSON.parse(readFileSync(path, "utf8")) as {volatile: Record<string, unknown>};
  const volatile = {
    ...run.volatile,
    host: "elsewhere",
    git_commit: "0123456789abcdef",
    reckon: "9",
  };
  writeFileSync(path, JSON.stringify({...run, volatile}));
}
