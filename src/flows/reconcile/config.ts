import {existsSync} from "node:fs";
import {type RecordedResearch, recordedResearch} from "../../backtest/recorded-research.js";
import type {Override} from "../../config/override.js";
import {parseOverrides} from "../../config/override.js";
import {RUN_MODES, type RunMode} from "../../config/system-config.js";
import {ReckonError} from "../../errors.js";
import {findModel} from "../../models/registry.js";
import {
  checkTag,
  parseScheduleMode,
  reconciliationFolders,
  type ScheduleMode,
} from "../../reconcile/discovery/reconciliation-layout.js";
import {type Reconciliation, reconcileSides} from "../../reconcile/reconcile-runs.js";
import {readSide} from "../../reconcile/record/recorded-side.js";
import {type ComparedRun, comparedRun} from "../../report/reconciliation/compared-run.js";
import type {ByRole} from "../../report/roles.js";
import {RunFolder} from "../../runlog/reading/run-folder.js";
import {type Frame, rowsWithin} from "../../table/frame.js";
import {type EpochMs, parseStamp} from "../../time/epoch.js";
import {checkTolerance, recordedTolerance} from "./tolerance.js";

/** What a person writes to name a reconciliation: values and names of the command line's flags. */
export interface ReconciliationChoice {
  /** Folder below which reconciliations are. */
  readonly dstRootDir: string;
  readonly model: string;
  readonly runMode: string;
  /** `YYYYMMDD_HHMMSS`, UTC. */
  readonly startTimestamp: string;
  readonly endTimestamp: string;
  readonly scheduleMode?: string;
  /** Appended to the model's name in folders; empty for none. */
  readonly tag?: string;
  /** Overrides as on the command line, joined by `;`; empty for none. */
  readonly setConfigValues?: string;
  /**
   * Relative; values closer than this count as equal. Where left out, what the simulation was
   * configured with.
   */
  readonly tolerance?: number | null;
}

/** A checked choice, and the folders it means. */
export interface ReconciliationConfig {
  readonly model: string;
  readonly runMode: RunMode;
  readonly scheduleMode: ScheduleMode;
  readonly tag: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly overrides: readonly Override[];
  readonly tolerance: number;
  /** Of the whole reconciliation. */
  readonly dir: string;
  readonly prodRun: string;
  readonly simRun: string;
}

/** Both runs, what their forecasts alone would have earned, and how they compare. */
export interface LoadedReconciliation {
  readonly config: ReconciliationConfig;
  readonly prod: ComparedRun;
  readonly sim: ComparedRun;
  /** Of the recorded run's forecasts, as far as they can be read. */
  readonly research: RecordedResearch;
  readonly reconciliation: Reconciliation;
  /** Bar metrics of all three, for figures and tables. */
  readonly metrics: ByRole<Frame>;
}

/**
 * Checks the choice and finds its folders.
 *
 * @throws ReckonError `misuse` for a model, mode, time, order of times, override or tolerance that
 *   is none, and for a reconciliation that does not exist, naming the folder that was looked for
 */
export function buildReconciliationConfig(choice: ReconciliationChoice): ReconciliationConfig {
  const {dstRootDir, scheduleMode = "scheduled", tag = "", setConfigValues = ""} = choice;
  const run = {
    model: findModel(choice.model).id,
    runMode: parseRunMode(choice.runMode),
    scheduleMode: parseScheduleMode(scheduleMode),
    tag: checkTag(tag),
    start: parseStamp(choice.startTimestamp, "startTimestamp"),
    end: parseStamp(choice.endTimestamp, "endTimestamp"),
  };
  const {dir, prodRun, simRun} = reconciliationFolders(dstRootDir, run);
  if (!existsSync(dir)) {
    throw new ReckonError("misuse", {
      place: dir,
      expected: "the folder of this reconciliation",
      found: existsSync(dstRootDir) ? "none below the root" : "no such root",
      fix: "check root, model, modes, times and tag, or run `reckon reconcile all` first",
    });
  }
  return {
    ...run,
    overrides: parseOverrides(setConfigValues),
    tolerance: checkTolerance(choice.tolerance ?? recordedTolerance(new RunFolder(simRun))),
    dir,
    prodRun,
    simRun,
  };
}

/** Reads both runs, evaluates the recorded forecasts and compares layer by layer. */
export async function loadReconciliation(
  config: ReconciliationConfig,
): Promise<LoadedReconciliation> {
  const [prodFolder, simFolder] = [new RunFolder(config.prodRun), new RunFolder(config.simRun)];
  const research = await researchOf(prodFolder, simFolder, config.overrides);
  const [a, b] = [await readSide("prod", prodFolder), await readSide("sim", simFolder)];
  const [prod, sim] = [await comparedRun(prodFolder, a), await comparedRun(simFolder, b)];
  const {start, end} = config;
  return {
    config,
    prod,
    sim,
    research,
    reconciliation: reconcileSides(a, b, config.tolerance),
    metrics: {
      prod: prod.portfolio.statistics,
      sim: sim.portfolio.statistics,
      research: research.portfolio && rowsWithin(research.portfolio.statistics, start, end),
    },
  };
}

/**
 * Of the recorded forecasts; a run of the reference system does not record its config and
 * instruments in full, so those of the simulation count.
 */
export async function researchOf(
  prod: RunFolder,
  sim: RunFolder,
  overrides: readonly Override[],
): Promise<RecordedResearch> {
  const rules = prod.layout === "reckon" ? prod : sim;
  return await recordedResearch({run: prod, rules, overrides});
}

function parseRunMode(text: string): RunMode {
  const mode = RUN_MODES.find((known) => known === text);
  if (mode === undefined) {
    const expected = RUN_MODES.join(", ");
    throw new ReckonError("misuse", {place: "run mode", expected, found: JSON.stringify(text)});
  }
  return mode;
}
