import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {type FoundRun, findRuns} from "../../reconcile/discovery/find-runs.js";
import {formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {CheckFailure, type ModelCheck} from "./model-check.js";
import type {ModelDesk} from "./model-desk.js";

/** The folder that `reckon run` makes below its root and stage. */
const RUNS_DIR = "system_reconciliation";

const paperRun: ModelCheck = {
  id: "paper-run",
  title: "a paper run of it is recorded",
  fix: "`reckon run --model MODEL --run-mode paper_trading --root-dir DIR …`; check with that DIR",
  run: async (desk) => {
    const runs = paperRuns(desk);
    return `${runs.length} found, the newest from ${formatMinute(newest(runs).start)} UTC`;
  },
};

const reconciliation: ModelCheck = {
  id: "reconciliation",
  title: "its newest paper run was reconciled",
  fix: "`reckon reconcile all --run-notebook --dst-root-dir DIR …`; check with that DIR",
  run: async (desk) => {
    const {reconciliationsDir} = desk.options;
    const found = runsBelow(desk, reconciliationsDir).filter(({dir}) =>
      hasMarker(join(dir, "reconciliation_notebook", "fast")),
    );
    if (found.length === 0) {
      throw new CheckFailure(`no finished reconciliation below ${reconciliationsDir ?? "nowhere"}`);
    }
    const of = startOf(newest(found));
    const last = runsBelow(desk, desk.options.runsDir).at(-1);
    if (last !== undefined && last.start > newest(found).start) {
      throw new CheckFailure(`the newest is of the run from ${of}, a run began ${startOf(last)}`);
    }
    return `${found.length} found, the newest of the run from ${of}`;
  },
};

const observerPage: ModelCheck = {
  id: "observer-page",
  title: "a PnL observer page of a paper run was published",
  fix: "publish one with `reckon observe --model … --prod-data-root-dir DIR/system_reconciliation`",
  run: async (desk) => {
    const pages = [
      ...runsBelow(desk, desk.options.runsDir),
      ...runsBelow(desk, desk.options.reconciliationsDir),
    ].flatMap(({dir, logDir}) =>
      [dir, join(logDir, "..")].map((at) => join(at, "pnl_realtime_observer_notebook")),
    );
    const published = [...new Set(pages)].filter(
      (at) => existsSync(at) && readdirSync(at).some((stamp) => hasMarker(join(at, stamp))),
    );
    if (published.length === 0) {
      throw new CheckFailure("no observer page beside any paper run");
    }
    return `${formatCount(published.length, "run")} ${published.length === 1 ? "has" : "have"} one`;
  },
};

const scheduledRun: ModelCheck = {
  id: "scheduled-jobs",
  title: "a scheduler has started it: a run in the schedule mode `scheduled`",
  fix: "let the desk's scheduler start `reckon run --model MODEL --mode scheduled …`",
  run: async (desk) => {
    const runs = paperRuns(desk).filter(({scheduleMode}) => scheduleMode === "scheduled");
    if (runs.length === 0) {
      throw new CheckFailure("every recorded run was started by hand");
    }
    return formatCount(runs.length, "scheduled run");
  },
};

/** What a desk should have seen of a model before it relies on it. */
export const DESK_CHECKS: readonly ModelCheck[] = [
  paperRun,
  reconciliation,
  observerPage,
  scheduledRun,
];

function paperRuns(desk: ModelDesk): FoundRun[] {
  const {runsDir} = desk.options;
  const runs = runsBelow(desk, runsDir);
  if (runs.length === 0) {
    throw new CheckFailure(`no paper run below ${runsDir ?? "nowhere: no folder was named"}`);
  }
  return runs;
}

/** Paper runs, and those with real money, in order of time. */
function runsBelow(desk: ModelDesk, root: string | undefined): FoundRun[] {
  const {model} = desk.options;
  const runs = rootsOf(root).flatMap((dir) =>
    ["paper_trading", "prod"].flatMap((runMode) => findRuns(dir, {model, runMode})),
  );
  return runs.sort((a, b) => a.start - b.start);
}

/** The folder itself, and where `reckon run --root-dir` puts runs below it, with a stage or not. */
function rootsOf(root: string | undefined): string[] {
  if (root === undefined || !existsSync(root)) {
    return [];
  }
  const below = readdirSync(root, {withFileTypes: true})
    .filter((entry) => entry.isDirectory())
    .map(({name}) => join(root, name, RUNS_DIR));
  return [root, join(root, RUNS_DIR), ...below];
}

/** Of runs in order of time. */
function newest(runs: readonly FoundRun[]): FoundRun {
  return runs.at(-1) as FoundRun;
}

function startOf({start}: FoundRun): string {
  return `${formatMinute(start)} UTC`;
}

/** A notebook's result that says it succeeded. */
function hasMarker(dir: string): boolean {
  return existsSync(join(dir, "result_0", "success.txt"));
}
