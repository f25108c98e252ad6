import {readFileSync} from "node:fs";
import {join} from "node:path";
import {researchPortfolio} from "../../backtest/research-portfolio.js";
import type {Override} from "../../config/override.js";
import {netPnl} from "../../finance/pnl/net-pnl.js";
import {fullSymbol} from "../../market/instruments/instrument.js";
import {barTableRows} from "../../market/replay-file/bar-table-rows.js";
import {readMarketDump} from "../../market/replay-file/read-market-dump.js";
import {REPLAY_FILE, writeReplayFile} from "../../market/replay-file/write-replay-file.js";
import {type Reconciliation, reconcileRuns} from "../../reconcile/reconcile-runs.js";
import {runFolderHash} from "../../runlog/folder-hash.js";
import type {RunFolder} from "../../runlog/reading/run-folder.js";
import {correlation} from "../../stats/comparison/correlation.js";
import {openStore} from "../../store/open/open-store.js";
import type {RunRecord} from "../../system/run/run-record.js";
import {type Frame, selectRows} from "../../table/frame.js";
import {formatMinute, toIso} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {CheckFailure, type ModelCheck} from "./model-check.js";
import type {ModelDesk} from "./model-desk.js";
import {refuseOpenLists} from "./order-lists.js";

type Culprit = NonNullable<Reconciliation["first"]>;

/** Below this the orders do something else than the forecasts say. */
const LOWEST_CORRELATION = 0.9;

const determinism: ModelCheck = {
  id: "determinism",
  title: "run twice, its run folder is the same, byte by byte",
  fix: "take chance, the clock and variables outside of `dag` out of the nodes",
  after: "config",
  run: async (desk) => {
    const [first, second] = [await desk.run("simulation"), await desk.run("second")];
    const hash = runFolderHash(first.dir);
    if (runFolderHash(second.dir) !== hash) {
      const {first: culprit} = await reconcileRuns(first, second, 0);
      const what = culprit === undefined ? "other bytes" : `other ${describe(culprit)}`;
      throw new CheckFailure(`the second run over the same bars recorded ${what}`);
    }
    return `SHA-256 ${hash.slice(0, 12)}`;
  },
};

const trades: ModelCheck = {
  id: "trades",
  title: "it trades, and what it holds adds up",
  fix:
    "look at its predictions, and in the config at target_gmv, prediction_abs_threshold, " +
    "volatility_lower_bound, the trading hours and restrictions",
  after: "config",
  run: async (desk) => {
    const run = await desk.run("simulation");
    const orders = await run.orders();
    if (orders.length === 0) {
      throw new CheckFailure(
        `not one order in ${reasons(run.runRecord() as unknown as RunRecord)}`,
      );
    }
    const {statistics} = await run.portfolio();
    refuseImbalance(statistics);
    const sent = formatCount(orders.length, "order");
    return `${sent}; at every bar net PnL is the change of net wealth`;
  },
};

const paperReplay: ModelCheck = {
  id: "paper-replay",
  title: "a paper run, replayed from its market data, earns the same to the cent",
  fix: "let the nodes read nothing but their inputs; `determinism` and `non-time-vs-time` first",
  after: "config",
  run: async (desk) => {
    const paper = await desk.run("paper", {runMode: "paper_trading", files: "per-stream"});
    const path = desk.place(REPLAY_FILE);
    const names = new Map(desk.instruments.map((own) => [own.id, fullSymbol(own)]));
    await writeReplayFile(path, barTableRows(desk.bars), {barMs: desk.bars.barMs, names});
    const bars = await readMarketDump(path);
    const {market} = desk.options;
    const symbols = desk.instruments.map(({id}) => id);
    const replay = await desk.run("replay", {
      market: async () => ({...market, bars: {...bars, symbols}}),
    });
    const {first} = await reconcileRuns(paper, replay, 0);
    if (first !== undefined) {
      throw new CheckFailure(`the replay has other ${describe(first)}`);
    }
    return "no difference in any layer";
  },
};

const researchCorrelation: ModelCheck = {
  id: "research-vs-portfolio",
  title: "its orders earn what its forecasts alone would have earned",
  fix:
    "see what keeps the orders from following it: trading hours, restrictions, minimum " +
    "notionals, fees",
  after: "trades",
  run: async (desk) => {
    const run = await desk.run("simulation");
    const research = await researchPortfolio(run);
    const {statistics} = await run.portfolio();
    if (research === undefined) {
      throw new CheckFailure("the trial run recorded no model output");
    }
    const [a, b] = sharedPnl(research.statistics, statistics);
    const found = correlation(a, b);
    const text = `corr = ${found.toFixed(3)}, corr_samples = ${a.length}`;
    if (!(found >= LOWEST_CORRELATION)) {
      throw new CheckFailure(`${text}; wanted at least ${LOWEST_CORRELATION}`);
    }
    return text;
  },
};

const databasePortfolio: ModelCheck = {
  id: "database-portfolio",
  title: "through a database and an order processor, its portfolio is the same",
  fix: "`determinism` first; where that passes, it is a defect of Reckon: please report it",
  after: "config",
  run: async (desk) => {
    const [memory, database] = [await desk.run("simulation"), await databaseRun(desk)];
    const {layers} = await reconcileRuns(memory, database, 0);
    const differs = layers.filter(({name, status}) => status === "differs" && name !== "config");
    if (differs.length > 0) {
      throw new CheckFailure(`other ${differs.map(({name}) => name).join(", ")} than in memory`);
    }
    return "orders, holdings and PnL equal, bar by bar";
  },
};

const orderProcessor: ModelCheck = {
  id: "order-processor",
  title: "the order processor accepts and fills every list of its orders",
  fix: "a refused list says why; lists that are left open mean orders that last too long",
  after: "trades",
  run: async (desk) => {
    const run = await databaseRun(desk);
    const text = readFileSync(join(run.dir, "order_processor.json"), "utf8");
    const signature = JSON.parse(text) as string[];
    return refuseOpenLists({orders: await run.orders(), end: desk.options.end, signature});
  },
};

/** Checks of whole trial runs. */
export const RUN_CHECKS: readonly ModelCheck[] = [
  determinism,
  trades,
  paperReplay,
  researchCorrelation,
  databasePortfolio,
  orderProcessor,
];

/** The trial run whose orders go through the tables of a database of its own. */
function databaseRun(desk: ModelDesk): Promise<RunFolder> {
  return desk.run("database", {
    overrides: [throughDatabase()],
    openStore: () => openStore({dataDir: desk.place("store")}),
  });
}

/** `target positions: price of ALFAUSDT at 2025-09-01 18:05 UTC, 3 and 4`. */
function describe({layer, field, instrument, barEnd, prod, sim}: Culprit): string {
  const bar = Number.isNaN(barEnd) ? "" : ` at ${formatMinute(barEnd)} UTC`;
  return `${layer}: ${field} of ${instrument || "the run"}${bar}, ${prod} and ${sim}`;
}

/** `72 bars: 70 no-forecast; names left alone: 3 no-price`. */
function reasons({bars, not_traded, untraded_names}: RunRecord): string {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([reason, count]) => `${count} ${reason}`);
  const untraded = list(untraded_names).map((text) => `names left alone: ${text}`);
  const told = [...list(not_traded), ...untraded].join(", ");
  return `${formatCount(bars, "bar")}: ${told || "its targets are where it stands at every bar"}`;
}

function throughDatabase(): Override {
  const path = ["portfolio_config", "broker_config", "type"];
  return {path, value: "database", text: `${path.join(".")}=database`};
}

/** Net PnL is the change of net wealth, to a billionth of it. */
function refuseImbalance(statistics: Frame): void {
  const wealth = statistics.data[statistics.columns.indexOf("net_wealth")] as Float64Array;
  const pnl = netPnl(statistics);
  for (let t = 1; t < wealth.length; t++) {
    const change = (wealth[t] as number) - (wealth[t - 1] as number);
    if (Math.abs(change - (pnl[t] as number)) > 1e-9 * Math.abs(wealth[t] as number)) {
      throw new CheckFailure(
        `at ${toIso(statistics.index[t] as number)} net wealth changed by ${change}, ` +
          `but net PnL is ${pnl[t]}`,
      );
    }
  }
}

/** Net PnL of both at the bars that both have and know. */
function sharedPnl(a: Frame, b: Frame): [Float64Array, Float64Array] {
  const inB = new Set(b.index);
  const index = a.index.filter((end) => inB.has(end));
  const [x, y] = [a, b].map((frame) => netPnl(selectRows(frame, index)));
  const known = Array.from(index.keys()).filter(
    (t) => !Number.isNaN(x?.[t]) && !Number.isNaN(y?.[t]),
  );
  const pick = (pnl: Float64Array | undefined) =>
    Float64Array.from(known, (t) => pnl?.[t] as number);
  return [pick(x), pick(y)];
}
