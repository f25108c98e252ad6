import {cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {readSide} from "../../../src/reconcile/record/recorded-side.js";
import {executionQuality} from "../../../src/report/execution/execution-quality.js";
import {runEarnings} from "../../../src/report/observer/run-earnings.js";
import {type ComparedRun, comparedRun} from "../../../src/report/reconciliation/compared-run.js";
import {loadRun} from "../../../src/report/recorded-run.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {orderExecutionTimes} from "../../../src/runlog/reading/run-timing.js";
import {record} from "../../reconcile/faults/inject.js";
import {smallC1} from "../../reconcile/faults/walk-market.js";

const RUN = smallC1({seed: 5, bars: 8});
const PORTFOLIO = join("process_forecasts", "portfolio");

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-compared-"));
  await record(RUN, join(root, "per-bar"), {files: "per-bar"});
  await record(RUN, join(root, "per-stream"));
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

async function compared(dir: string): Promise<ComparedRun> {
  const run = new RunFolder(dir);
  return await comparedRun(run, await readSide("prod", run));
}

/** The run of a file per bar with something done to its portfolio's streams. */
function damaged(name: string, change: (portfolio: string) => void): string {
  const dir = join(root, name);
  cpSync(join(root, "per-bar"), dir, {recursive: true});
  change(join(dir, PORTFOLIO));
  return dir;
}

describe("comparedRun", () => {
  it.each(["per-bar", "per-stream"])("is the run as it is loaded, %s", async (files) => {
    const {portfolio, orderTimes, ...rest} = await compared(join(root, files));
    const whole = await loadRun(join(root, files));
    const {wallClock: own, ...frames} = portfolio;
    const {wallClock, ...loaded} = whole.portfolio;
    expect({...rest, portfolio: frames}).toEqual({...whole, portfolio: loaded});
    expect(orderTimes).toEqual(await orderExecutionTimes(new RunFolder(join(root, files))));
    const inSeconds = (time: number): number => Math.floor(time / 1_000) * 1_000;
    expect(own).toEqual(wallClock.map(inSeconds));
  });

  it("keeps the account where its metrics are gone", async () => {
    const dir = damaged("no-metrics", (portfolio) => {
      for (const fileName of readdirSync(join(portfolio, "statistics"))) {
        writeFileSync(join(portfolio, "statistics", fileName), "");
      }
    });
    const run = await compared(dir);
    expect(run.portfolio.holdings_shares.index).toHaveLength(8);
    expect(runEarnings(run.portfolio.statistics).netPnl).toBeNaN();
    expect(executionQuality(run)?.trades.length).toBeGreaterThan(0);
  });

  it("keeps the bars of the whole account, or else the metrics alone", async () => {
    const shorter = damaged("shorter", (portfolio) => {
      const dir = join(portfolio, "holdings_notional");
      rmSync(join(dir, readdirSync(dir).sort()[3] as string));
    });
    expect((await compared(shorter)).portfolio.executed_trades_shares.index).toHaveLength(7);
    const without = damaged("without", (portfolio) => {
      rmSync(join(portfolio, "holdings_shares"), {recursive: true});
    });
    const {portfolio} = await compared(without);
    expect(portfolio.executed_trades_shares.index).toHaveLength(0);
    expect(runEarnings(portfolio.statistics).netPnl).not.toBeNaN();
  });
});
