import {readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {PnlExplanation} from "../../../src/finance/pnl/explain-pnl.js";
import {explainedByInstrument} from "../../../src/reconcile/explain/explanation-sums.js";
import type {Reconciliation} from "../../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {BARS, type Injury, injuredRuns, PORTFOLIO} from "../injure.js";

const runs = injuredRuns();

/** The bars' files of a stream with other cells: one of an instrument, or its whole column. */
function cells(stream: string, id: string, edit: (cell: string, at: number) => string | undefined) {
  return (dir: string): void => {
    const folder = join(dir, PORTFOLIO, stream);
    for (const [at, name] of readdirSync(folder).sort().entries()) {
      const rows = readFileSync(join(folder, name), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => line.split(","));
      const j = rows[0]?.indexOf(id) as number;
      const cell = edit(rows[1]?.[j] as string, at);
      const edited = rows.map((row, i) =>
        cell === undefined
          ? row.filter((_, k) => k !== j)
          : i === 0
            ? row
            : row.map((own, k) => (k === j ? cell : own)),
      );
      writeFileSync(join(folder, name), `${edited.map((row) => row.join(",")).join("\n")}\n`);
    }
  };
}

const lostValue =
  (id: string, at: readonly number[]): Injury =>
  (dir) =>
    cells("holdings_notional", id, (cell, bar) => (at.includes(bar) ? "" : cell))(dir);

const totals = ({pnl}: Reconciliation): number[] =>
  explainedByInstrument(pnl as PnlExplanation).map(({total}) => total);

/** An instrument that is held at every bar but the first. */
async function heldInstrument(): Promise<string> {
  const run = new RunFolder(join(runs.root, "sim"));
  const {holdings_shares: held} = await run.portfolio();
  const j = held.data.findIndex((column) => column.slice(2).every((x) => x !== 0));
  return held.columns[j] as string;
}

describe("an account that does not tell all of an instrument", () => {
  it("is explained by the others, and the instrument is named", async () => {
    const id = await heldInstrument();
    const found = await runs.reconcile(cells("executed_trades_notional", id, () => undefined));
    expect(found.pnl?.total.columns).not.toContain(id);
    expect(found.pnl?.total.columns.length).toBeGreaterThan(1);
    expect(Math.max(...totals(found).map(Math.abs))).toBeLessThan(1e-6);
    expect(found.notCompared).toContainEqual({
      what: `PnL of ${id}`,
      side: "prod",
      why: "other streams of prod tell of it, but not executed_trades_notional",
    });
  });

  it("earned over a gap in its values what it is worth more behind it", async () => {
    const id = await heldInstrument();
    const {pnl} = await runs.reconcile(lostValue(id, [4, 5]));
    const of = (pnl as PnlExplanation).total.data[pnl?.total.columns.indexOf(id) as number];
    expect(Math.max(...totals({pnl} as Reconciliation).map(Math.abs))).toBeLessThan(1e-6);
    expect(of?.[6]).toBeCloseTo(-(of?.[5] as number) - (of?.[4] as number), 6);
  });

  it("is not taken to have lost what has no value at the end", async () => {
    const id = await heldInstrument();
    const found = await runs.reconcile(lostValue(id, [BARS - 2, BARS - 1]));
    expect(Math.max(...totals(found).map(Math.abs))).toBeLessThan(1e-6);
    expect(found.notCompared).toContainEqual({
      what: expect.stringMatching(new RegExp(`^PnL of ${id} after .* UTC$`)),
      side: "prod",
      why: "prod held it to the end and recorded no value of it",
    });
  });
});
