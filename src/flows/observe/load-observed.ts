import {existsSync} from "node:fs";
import {ReckonError} from "../../errors.js";
import {parseScheduleMode} from "../../reconcile/discovery/reconciliation-layout.js";
import {type ObservedAccount, observeAccount} from "../../report/observer/account.js";
import {loadObservedRun, type ObservedRun} from "../../report/observer/observed-run.js";
import {type EpochMs, parseStamp} from "../../time/epoch.js";
import {systemClock} from "../../time/system-clock.js";
import {findObservedRun} from "./find-observed-run.js";
import {storeAccount} from "./store-account.js";

/** What the observer's notebook is told; an empty text stands for "not given". */
export interface ObserverChoice {
  /** A run folder; empty to look for a run below the root. */
  readonly runDir: string;
  readonly rootDir?: string;
  readonly model?: string;
  readonly tag?: string;
  readonly runMode?: string;
  /** Start, end and schedule mode: all for one run, none for the newest. */
  readonly startTimestamp?: string;
  readonly endTimestamp?: string;
  readonly scheduleMode?: string;
  /** What "now" is, YYYYMMDD_HHMMSS UTC; empty for the machine's clock. */
  readonly asOf?: string;
  /** Folder of the SQL store to ask for positions and balance; empty for the run folder's own. */
  readonly dataDir?: string;
}

/** A run, its account, and the time by which both are judged. */
export interface Observed {
  readonly run: ObservedRun;
  readonly account: ObservedAccount;
  readonly asOf: EpochMs;
}

/**
 * Finds and reads the run that is to be observed, and asks for its positions and balance.
 *
 * @throws ReckonError `misuse` for a time or mode that is none; `bad-data` when there is no run
 */
export async function loadObserved(choice: ObserverChoice): Promise<Observed> {
  const asOf = given(choice.asOf) ? parseStamp(choice.asOf as string, "asOf") : systemClock.now();
  const {logDir, placed} = placeOf(choice, asOf);
  const run = await loadObservedRun(logDir, placed);
  const source = given(choice.dataDir) ? storeAccount(run, choice.dataDir as string) : undefined;
  return {run, account: await observeAccount(run, source), asOf};
}

function placeOf(choice: ObserverChoice, now: EpochMs) {
  const {runDir, rootDir = "", model = "", tag = "", runMode = ""} = choice;
  const start = instantOf(choice.startTimestamp, "startTimestamp");
  const end = instantOf(choice.endTimestamp, "endTimestamp");
  if (runDir !== "") {
    return {logDir: runDir, placed: {...known({model, runMode}), start, end}};
  }
  if (rootDir === "" || model === "" || runMode === "" || !existsSync(rootDir)) {
    throw new ReckonError("misuse", {
      place: "runDir",
      expected: "a run folder, or rootDir, model and runMode to look for one",
      found: rootDir === "" ? "neither" : `rootDir ${rootDir}, model "${model}", "${runMode}"`,
    });
  }
  const {scheduleMode} = choice;
  const run = findObservedRun({
    root: rootDir,
    model,
    tag,
    runMode,
    now,
    start,
    end,
    scheduleMode: given(scheduleMode) ? parseScheduleMode(scheduleMode as string) : undefined,
  });
  return {logDir: run.logDir, placed: {model, runMode, start: run.start, end: run.end}};
}

/** Without the texts that are empty. */
function known(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
}

function instantOf(text: string | undefined, place: string): EpochMs | undefined {
  return given(text) ? parseStamp(text as string, place) : undefined;
}

function given(text: string | undefined): boolean {
  return text !== undefined && text !== "";
}
