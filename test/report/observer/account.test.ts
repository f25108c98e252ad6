import {describe, expect, it} from "vitest";
import {accountSummary, accountView, observeAccount} from "../../../src/report/observer/account.js";
import {mapCells} from "../../../src/table/frame.js";
import {recordedRun} from "../sample-recorded-run.js";

describe("the account", () => {
  it("is that of the run's last bar, largest first, with the PnL so far", async () => {
    const account = await observeAccount(recordedRun(5));
    expect(account).toMatchObject({source: "the run folder", remark: "", cash: 0, netWealth: 1026});
    expect(account.positions).toEqual([
      {id: "A", shares: 10, value: 130, pnl: 30, recordedShares: 10},
      {id: "B", shares: -4, value: -100, pnl: 0, recordedShares: -4},
    ]);
    const {text} = accountView(account);
    expect(text).toMatch(/A +long +10 +\$130\.00 +56\.52% +\$30\.00/);
    expect(text).toContain("Gross market value: $230 (1 long, 1 short)");
  });

  it("shows shares to their own precision", async () => {
    const run = recordedRun(5);
    const shares = mapCells(run.portfolio.holdings_shares, (x) => x * 0.0625);
    const portfolio = {...run.portfolio, holdings_shares: shares};
    expect(accountView(await observeAccount({...run, portfolio})).text).toMatch(/A +long +0\.625 /);
    expect(accountView(await observeAccount(recordedRun(0))).text).toContain(
      "No position is open.",
    );
  });

  it("is asked for where a broker or a store can be, and set beside the run folder", async () => {
    const shares = new Map([
      ["A", 12],
      ["C", 3],
    ]);
    const source = {name: "the broker", read: async () => ({cash: 50, shares, remark: "sub 1"})};
    const account = await observeAccount(recordedRun(5), source);
    // 12 A at 13, nothing known of C's price; B is held by the run folder alone.
    expect(account).toMatchObject({source: "the broker", cash: 50, netWealth: Number.NaN});
    const {text} = accountView(account);
    expect(text).toContain("Positions and balance from the broker. Sub 1.");
    expect(text).toMatch(/A +long +12 +10 +\$156\.00/);
    expect(text).toMatch(/B +flat +0 +−4 +\$0\.00/);
    expect(JSON.parse(JSON.stringify(accountSummary(account)))).toEqual(accountSummary(account));
  });

  it("says why a source could not be asked, and shows the run folder's", async () => {
    const source = {name: "the broker", read: () => Promise.reject(new Error("no route"))};
    const account = await observeAccount(recordedRun(5), source);
    expect(account).toMatchObject({source: "the run folder", netWealth: 1026});
    expect(accountView(account).text).toContain("The broker could not be asked: no route.");
  });
});
