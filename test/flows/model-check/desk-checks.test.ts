import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {DESK_CHECKS} from "../../../src/flows/model-check/desk-checks.js";
import {runModelChecks} from "../../../src/flows/model-check/model-check.js";
import {ModelDesk} from "../../../src/flows/model-check/model-desk.js";
import {trialMarket} from "../../../src/flows/model-check/trial-market.js";

const TRIAL = trialMarket(1);
const OLDER = "20250901_000000.20250902_000000";
const NEWER = "20250902_000000.20250903_000000";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-desk-checks-"));
});
afterEach(() => {
  rmSync(root, {recursive: true, force: true});
});

/** Empty files below the desk's root, with their folders. */
function make(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(join(root, dirname(path)), {recursive: true});
    writeFileSync(join(root, path), "");
  }
}

/** `pass` or what is wrong, by check. */
async function checkDesk(): Promise<Record<string, string>> {
  const dirs = {runsDir: join(root, "runs"), reconciliationsDir: join(root, "reconciled")};
  const desk = await ModelDesk.open({model: "C1", ...TRIAL, ...dirs});
  try {
    const results = await runModelChecks(DESK_CHECKS, desk);
    return Object.fromEntries(
      results.map(({id, status, detail}) => [id, `${status}: ${detail.replaceAll(root, "")}`]),
    );
  } finally {
    desk.close();
  }
}

const runAt = (interval: string, mode = "scheduled") =>
  `runs/preprod/system_reconciliation/C1/paper_trading/${mode}/${interval}/system_log_dir/run.json`;
const reconciledAt = (interval: string) => `reconciled/C1/paper_trading/scheduled/${interval}`;
const pageOf = (interval: string) => [
  `${reconciledAt(interval)}/prod/system_log_dir/run.json`,
  `${reconciledAt(interval)}/reconciliation_notebook/fast/result_0/success.txt`,
];
const observerOf = (interval: string) =>
  `runs/preprod/system_reconciliation/C1/paper_trading/scheduled/${interval}/` +
  "pnl_realtime_observer_notebook/20250902_000500/result_0/success.txt";

describe("what a desk has seen of a model", () => {
  it("is nothing at first", async () => {
    expect(await checkDesk()).toEqual({
      "paper-run": "fail: no paper run below /runs",
      reconciliation: "fail: no finished reconciliation below /reconciled",
      "observer-page": "fail: no observer page beside any paper run",
      "scheduled-jobs": "fail: no paper run below /runs",
    });
  });

  it("is a scheduled paper run, reconciled, with a page", async () => {
    make(runAt(OLDER), ...pageOf(OLDER), observerOf(OLDER));
    expect(await checkDesk()).toEqual({
      "paper-run": "pass: 1 found, the newest from 2025-09-01 00:00 UTC",
      reconciliation: "pass: 1 found, the newest of the run from 2025-09-01 00:00 UTC",
      "observer-page": "pass: 1 run has one",
      "scheduled-jobs": "pass: 1 scheduled run",
    });
  });

  it("is not enough when only an older run was reconciled, or none was scheduled", async () => {
    make(runAt(OLDER, "manual"), runAt(NEWER, "manual"), ...pageOf(OLDER));
    expect(await checkDesk()).toMatchObject({
      "paper-run": "pass: 2 found, the newest from 2025-09-02 00:00 UTC",
      reconciliation:
        "fail: the newest is of the run from 2025-09-01 00:00 UTC, " +
        "a run began 2025-09-02 00:00 UTC",
      "scheduled-jobs": "fail: every recorded run was started by hand",
    });
  });

  it("is not a page that failed, nor the run of another model", async () => {
    make(
      runAt(OLDER).replace("/C1/", "/C2/"),
      observerOf(OLDER).replace("success.txt", "C1.html"),
      pageOf(OLDER)[0] as string,
    );
    const told = Object.values(await checkDesk());
    expect(told.every((text) => text.startsWith("fail: "))).toBe(true);
  });
});
