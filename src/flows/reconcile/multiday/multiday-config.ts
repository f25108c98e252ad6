import {existsSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {RUN_MODES, type RunMode} from "../../../config/system-config.js";
import {messageOf, ReckonError} from "../../../errors.js";
import {slippage} from "../../../finance/execution/slippage.js";
import {findModel} from "../../../models/registry.js";
import {type FoundRun, findRuns} from "../../../reconcile/discovery/find-runs.js";
import {
  checkTag,
  reconciliationFolders,
} from "../../../reconcile/discovery/reconciliation-layout.js";
import {
  type ReconciliationJson,
  reconciliationJson,
} from "../../../reconcile/json/reconciliation-json.js";
import {reconciliationSchema} from "../../../reconcile/json/reconciliation-schema.js";
import {reconcileRuns} from "../../../reconcile/reconcile-runs.js";
import type {Multiday, ReconciledDay} from "../../../report/multiday/day.js";
import {joinDays} from "../../../report/multiday/join-days.js";
import {runFacts} from "../../../report/run-facts.js";
import {RunFolder, type RunPortfolio} from "../../../runlog/run-folder.js";
import {orderExecutionTimes} from "../../../runlog/run-timing.js";
import {mean} from "../../../stats/distribution/moments.js";
import {columnOf} from "../../../table/frame.js";
import {type EpochMs, parseStamp, toIso} from "../../../time/epoch.js";
import {researchOf} from "../config.js";
import {checkTolerance, recordedTolerance} from "../tolerance.js";

/** What a person writes to name a period of reconciliations. */
export interface MultidayChoice {
  /** Folder below which reconciliations are. */
  readonly dstRootDir: string;
  readonly model: string;
  readonly runMode: string;
  /** `YYYYMMDD_HHMMSS`, UTC: runs that start from then on. */
  readonly startTimestamp: string;
  /** Runs that start up to then. */
  readonly endTimestamp: string;
  /** Appended to the model's name in folders; empty for none. */
  readonly tag?: string;
  /** As of one reconciliation; where left out, that of each simulation. */
  readonly tolerance?: number | null;
}

/** A checked choice. */
export interface MultidayConfig {
  readonly dstRootDir: string;
  readonly model: string;
  readonly runMode: RunMode;
  readonly tag: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly tolerance: number | null;
}

/**
 * Checks the choice.
 *
 * @throws ReckonError `misuse` for a model, mode, tag or time that is none, or an empty period
 */
export function buildMultidayConfig(choice: MultidayChoice): MultidayConfig {
  const {dstRootDir, tag = "", tolerance: given = null} = choice;
  const runMode = RUN_MODES.find((mode) => mode === choice.runMode);
  const start = parseStamp(choice.startTimestamp, "startTimestamp");
  const end = parseStamp(choice.endTimestamp, "endTimestamp");
  if (runMode === undefined || end < start) {
    throw new ReckonError("misuse", {
      place: runMode === undefined ? "run mode" : "endTimestamp",
      expected: runMode === undefined ? RUN_MODES.join(", ") : `${choice.startTimestamp} or later`,
      found: runMode === undefined ? JSON.stringify(choice.runMode) : choice.endTimestamp,
    });
  }
  const tolerance = given === null ? null : checkTolerance(given);
  const model = findModel(choice.model).id;
  return {dstRootDir, model, runMode, tag: checkTag(tag), start, end, tolerance};
}

/**
 * Reads every reconciliation of the period. What one run lacks is told of that run: the others are
 * read all the same.
 *
 * @throws ReckonError `bad-data` when the period has none
 */
export async function loadMultiday(config: MultidayConfig): Promise<Multiday> {
  const {dstRootDir, model, tag, runMode, start, end, tolerance} = config;
  const runs = findRuns(dstRootDir, {model, tag, runMode, start, end});
  if (runs.length === 0) {
    throw new ReckonError("bad-data", {
      place: dstRootDir,
      expected: `reconciliations of ${model} that start from ${toIso(start)} to ${toIso(end)}`,
      found: "none",
      fix: "check root, model, tag, run mode and period, or run `reckon reconcile all` first",
    });
  }
  const days: ReconciledDay[] = [];
  for (const run of runs) {
    days.push(await readDay(config, run, tolerance));
  }
  return joinDays(days, frequencyOf(runs));
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
    const research = await researchOf(prod, sim, []);
    return {
      ...place,
      status: found.status,
      failure: "",
      first: firstOf(found),
      cause: found.cause?.name ?? "",
      metrics: {
        prod: prodPortfolio.statistics,
        sim: (await sim.portfolio()).statistics,
        research: research?.statistics,
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
    const known = reconciliationSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    if (known.success && known.data.tolerance.relative === tolerance) {
      return known.data;
    }
  }
  return reconciliationJson(await reconcileRuns(prod, sim, tolerance), "");
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
