import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {parseOverride} from "../../../src/config/override.js";
import {netPnl} from "../../../src/finance/pnl/net-pnl.js";
import {
  explainedByInstrument,
  explainedTotal,
} from "../../../src/reconcile/explain/explanation-sums.js";
import {reconcileRuns} from "../../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {formatParquet, parseParquet} from "../../../src/table/parquet.js";
import {record} from "../faults/inject.js";
import {smallC1} from "../faults/walk-market.js";

const RUN = smallC1({seed: 4, bars: 12});
const FEES = "portfolio_config.broker_config.fee_bps";

let root: string;
let free: RunFolder;
let paid: RunFolder;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-explain-"));
  await record(RUN, join(root, "free"));
  await record(RUN, join(root, "paid"), {overrides: [parseOverride(`${FEES}=5`)]});
  [free, paid] = [new RunFolder(join(root, "free")), new RunFolder(join(root, "paid"))];
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** Net PnL over a whole run, from its account. */
async function earned(run: RunFolder): Promise<number> {
  const {statistics} = await run.portfolio();
  return netPnl(statistics).reduce((sum, pnl) => sum + (Number.isNaN(pnl) ? 0 : pnl), 0);
}

describe("the difference of two runs' PnL", () => {
  it("is that of their accounts, and all of it fees where only these differ", async () => {
    const {pnl} = await reconcileRuns(free, paid);
    const {total, parts} = (pnl && explainedTotal(pnl)) ?? {total: Number.NaN, parts: undefined};
    expect(total).toBeGreaterThan(1);
    expect(total).toBeCloseTo((await earned(free)) - (await earned(paid)), 6);
    expect(parts?.fees).toBeCloseTo(total, 6);
    const rows = pnl === undefined ? [] : explainedByInstrument(pnl);
    expect(rows.reduce((sum, row) => sum + row.total, 0)).toBeCloseTo(total, 6);
  });

  it("is explained for a run of another size, with nothing left over", async () => {
    const sizing = "process_forecasts_node_dict.process_forecasts_dict.optimizer_config.params";
    const overrides = [parseOverride(`${sizing}.kwargs.target_gmv=500000`)];
    await record(RUN, join(root, "half"), {overrides});
    const half = new RunFolder(join(root, "half"));
    const {pnl} = await reconcileRuns(half, free);
    const found = pnl && explainedTotal(pnl);
    expect(found?.total).toBeCloseTo((await earned(half)) - (await earned(free)), 6);
    expect(Math.abs(found?.parts["carried position"] ?? 0)).toBeGreaterThan(1);
    expect(Math.abs(found?.parts.unexplained ?? 1)).toBeLessThan(1e-6);
  });

  it("is told before fees where one of them recorded none", async () => {
    const dir = join(root, "feeless");
    cpSync(free.dir, dir, {recursive: true});
    rmSync(join(dir, "process_forecasts", "fills"), {recursive: true});
    rmSync(join(dir, "process_forecasts", "portfolio", "statistics"), {recursive: true});
    const {pnl, notCompared} = await reconcileRuns(new RunFolder(dir), paid);
    const found = pnl && explainedTotal(pnl);
    expect(found?.parts.fees).toBe(0);
    expect(Math.abs(found?.total ?? 1)).toBeLessThan(1e-6);
    expect(notCompared).toContainEqual({
      what: "fees",
      side: "prod",
      why: "prod did not record what it paid",
    });
  });

  it("is what the accounts say, also where holdings and trades tell nothing of it", async () => {
    const dir = join(root, "booked");
    cpSync(free.dir, dir, {recursive: true});
    const path = join(dir, "process_forecasts", "portfolio", "statistics", "statistics.parquet");
    const columns = await parseParquet(readFileSync(path), path);
    const booked = columns.map((column) =>
      column.name === "pnl" && column.kind === "number"
        ? {...column, data: column.data.map((x, t) => (t === 5 ? x - 250 : x))}
        : column,
    );
    writeFileSync(path, formatParquet(booked));
    const {pnl} = await reconcileRuns(new RunFolder(dir), free);
    const found = pnl && explainedTotal(pnl);
    expect(found?.total).toBeCloseTo(-250, 6);
    expect(found?.parts.unexplained).toBeCloseTo(-250, 6);
    expect(explainedByInstrument(pnl as NonNullable<typeof pnl>)[0]).toMatchObject({
      instrument: "account",
      total: expect.closeTo(-250, 6),
    });
  });

  it("is fees where the account paid some that no fill tells of", async () => {
    const dir = join(root, "charged");
    cpSync(free.dir, dir, {recursive: true});
    const path = join(dir, "process_forecasts", "portfolio", "statistics", "statistics.parquet");
    const columns = await parseParquet(readFileSync(path), path);
    const charged = columns.map((column) =>
      column.name === "fees" && column.kind === "number"
        ? {...column, data: column.data.map((x, t) => (t === 5 ? x + 250 : x))}
        : column,
    );
    writeFileSync(path, formatParquet(charged));
    const {pnl, cause} = await reconcileRuns(new RunFolder(dir), free);
    const found = pnl && explainedTotal(pnl);
    expect(found?.parts.fees).toBeCloseTo(-250, 6);
    expect(found?.parts.unexplained).toBeCloseTo(0, 6);
    expect(cause?.name).toBe("fees");
  });
});
