import {existsSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {messageOf, ReckonError} from "../../../errors.js";
import {slippage} from "../../../finance/execution/slippage.js";
import {type FoundRun, findRuns} from "../../../reconcile/discovery/find-runs.js";
import {reconciliationFolders} from "../../../reconcile/discovery/reconciliation-layout.js";
import {
  type ReconciliationJson,
  reconciliationJson,
} from "../../../reconcile/json/reconciliation-json.js";
import {reconciliationSchema} from "../../../reconcile/json/reconciliation-schema.js";
import {reconcileRuns} from "../../../reconcile/reconcile-runs.js";
import type {Multiday, ReconciledDay} from "../../../report/multiday/day.js";
import {joinDays} from "../../../report/multiday/join-days.js";
import {runFacts} from "../../../report/run-facts.js";
import {RunFolder, type RunPortfolio} from "../../../runlog/reading/run-folder.js";
import {orderExecutionTimes} from "../../../runlog/reading/run-timing.js";
import {mean} from "../../../stats/distribution/moments.js";
import {columnOf} from "../../../table/frame.js";
import {toIso} from "../../../time/epoch.js";
import {researchOf} from "../config.js";
import {recordedTolerance} from "../tolerance.js";
import type {MultidayConfig} from "./multiday-config.js";

/**
 * Reads every reconciliation of the period. What one run lacks is told of that run: the others are
 * read all the same.
 *
 * @throws ReckonError `bad-data` when the period has none
 */
export async function loadMultiday(config: MultidayConfig): Promise<Multiday> {
  const runs = runsOfPeriod(config);
  const days: ReconciledDay[] = [];
  for (const run of runs) {
    days.push(await readDay(config, run, config.tolerance));
  }
  return joinDays(days, frequencyOf(runs));
}

/**
 * The reconciliations of the period, oldest first.
 *
 * @throws ReckonError `bad-data` when there is none
 */
export function runsOfPeriod(config: MultidayConfig): readonly FoundRun[] {
  const {dstRootDir, model, tag, runMode, start, end} = config;
  const runs = findRuns(dstRootDir, {model, tag, runMode, start, end});
  if (runs.length === 0) {
    throw new ReckonError("bad-data", {
      place: dstRootDir,
      expected: `reconciliations of ${model} that start from ${toIso(start)} to ${toIso(end)}`,
      found: "none",
      fix: "check root, model, tag, run mode and period, or run `reckon reconcile all` first",
    });
  }
  return runs;
}

function frequencyOf(runs: readonly FoundRun[]): string {
  for (const {logDir} of runs) {
    try {
      return runFacts(new RunFolder(logDir)).frequency;
    } catch {} // told of its day
  }
  return "5T";
}

async function readDay(
  config: MultidayConfig,
  run: FoundRun,
  given: number | null,
): Promise<ReconciledDay> {
  const {start, end, scheduleMode, dir, layout} = run;
  const place = {start, end, scheduleMode, dir};
  try {
    const folders = reconciliationFolders(config.dstRootDir, {...config, ...place}, layout);
    const prod = new RunFolder(folders.prodRun);
    const sim = new RunFolder(folders.simRun);
    const tolerance = given ?? recordedTolerance(sim);
    const found = await findingOf(folders.json, {prod, sim, tolerance});
    const prodPortfolio = await prod.portfolio();
    const {portfolio} = await researchOf(prod, sim, []);
    return {
      ...place,
      status: found.status,
      failure: "",
      first: firstOf(found),
      cause: found.cause?.name ?? "",
      metrics: {
        prod: prodPortfolio.statistics,
        sim: (await sim.portfolio()).statistics,
        research: portfolio?.statistics,
      },
      slippageBps: slippageBpsOf(prodPortfolio),
      orderDelayS: await orderDelayOf(prod),
    };
  } catch (error) {
    const unknown = {slippageBps: Number.NaN, orderDelayS: Number.NaN};
    const failure = messageOf(error).replaceAll(`${dir}/`, "");
    return {...place, status: "failed", failure, first: "", cause: "", metrics: {}, ...unknown};
  }
}

/** What was found before, where neither run has changed since; else it is compared now. */
async function findingOf(
  path: string,
  {prod, sim, tolerance}: {prod: RunFolder; sim: RunFolder; tolerance: number},
): Promise<ReconciliationJson> {
  const changedAt = (file: string) => (existsSync(file) ? statSync(file).mtimeMs : -Infinity);
  const recordOf = (run: RunFolder) => join(run.dir, "run.json");
  if (changedAt(path) > Math.max(changedAt(recordOf(prod)), changedAt(recordOf(sim)))) {
    const known = readFinding(path);
    if (known?.tolerance.relative === tolerance) {
      return known;
    }
  }
  return reconciliationJson(await reconcileRuns(prod, sim, tolerance), "");
}

/** Undefined where it is damaged or of another version. */
function readFinding(path: string): ReconciliationJson | undefined {
  try {
    return reconciliationSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

function firstOf({first_divergence: first}: ReconciliationJson): string {
  const parts = [first?.layer, first?.node, first?.instrument, first?.field];
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

/** Σ slippage / Σ |value traded|, over all bars and instruments; NaN where nothing was traded. */
function slippageBpsOf(portfolio: RunPortfolio): number {
  const {slippage_notional} = slippage(portfolio);
  let [cost, traded] = [0, 0];
  for (const [j, column] of slippage_notional.data.entries()) {
    const values = portfolio.executed_trades_notional.data[j] as Float64Array;
    for (const [t, one] of column.entries()) {
      if (!Number.isNaN(one)) {
        cost += one;
        traded += Math.abs(values[t] as number);
      }
    }
  }
  return traded === 0 ? Number.NaN : (1e4 * cost) / traded;
}

async function orderDelayOf(run: RunFolder): Promise<number> {
  const times = await orderExecutionTimes(run);
  return times.index.length === 0 ? Number.NaN : mean(columnOf(times, "execution_time"));
}
