import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {loadObserved} from "../../../src/flows/observe/load-observed.js";
import {openSharedStore} from "../../../src/flows/shared-store.js";
import {accountView} from "../../../src/report/observer/account.js";
import {openPositions} from "../../../src/store/oms/oms-account.js";
import {formatStamp} from "../../../src/time/epoch.js";
import {runSample, SAMPLE_END, SAMPLE_START} from "../../system/sample-run.js";

let root: string;
let runDir: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-store-account-"));
  runDir = join(root, "run");
  await runSample(runDir, {runMode: "paper_trading", files: "per-stream"});
  const store = await openSharedStore(join(root, "data"));
  try {
    for (const [tradeDate, cash] of [
      ["2025-08-31", 1],
      ["2025-09-01", 5_000],
      ["2025-09-03", 2],
    ] as const) {
      await openPositions(
        store,
        {runId: "", strategy: "SAU1", account: "candidate"},
        {tradeDate, at: SAMPLE_START, cash, shares: new Map([["DELTAUSDT", 3]]), replaces: false},
      );
    }
  } finally {
    await store.close();
  }
}, 60_000);
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

describe("the account of a run in the SQL store", () => {
  it("is that of the newest trade date up to the run's last bar", async () => {
    const choice = {runDir, asOf: formatStamp(SAMPLE_END), dataDir: join(root, "data")};
    const {account} = await loadObserved(choice);
    expect(account).toMatchObject({
      source: "the SQL store",
      remark: "strategy SAU1, account candidate, trade date 2025-09-01",
      cash: 5_000,
      isRunFolder: false,
    });
    const [delta] = account.positions.filter(({id}) => id === "DELTAUSDT");
    expect(delta?.shares).toBe(3);
    expect(account.netWealth).toBeCloseTo(5_000 + (delta?.value ?? Number.NaN), 6);
    expect(accountView(account).text).toContain("Positions and balance from the SQL store.");
  }, 60_000);
});
