import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {beforeAll, describe, expect, it, onTestFinished} from "vitest";
import type {SystemConfig} from "../../src/config/system-config.js";
import {runDag} from "../../src/dag/run-dag.js";
import {marketPanel} from "../../src/market/market-panel.js";
import {findModel} from "../../src/models/registry.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import type {Panel} from "../../src/table/panel.js";
import {HOUR_MS, MINUTE_MS, SECOND_MS} from "../../src/time/epoch.js";
import type {BarOutcome} from "../../src/trading/targets/process-forecasts.js";
import {HAS_SHARED, NEEDS_SHARED} from "../oracles/shared.js";
import {POISONS, poisonAfter, poisonedMarket} from "./poisoned-market.js";
import {c1Day, mock1Run, outcomesOf, type WholeRun} from "./whole-runs.js";

const MODELS: [name: string, isThere: boolean, bars: number, make: () => WholeRun][] = [
  ["C1, a day of the simulated market", true, 288, () => c1Day()],
  [`mock1, the reference's market${NEEDS_SHARED}`, HAS_SHARED, 23, mock1Run],
];

for (const [name, isThere, bars, make] of MODELS) {
  describe.skipIf(!isThere)(`${name}: the future changes nothing`, () => {
    let run: WholeRun;
    let clean: BarOutcome[];
    beforeAll(async () => {
      run = make();
      clean = await outcomesOf(run);
    });

    it("and there is something that it could change", () => {
      expect(clean).toHaveLength(bars);
      expect(clean.filter(({orders}) => orders.length > 0).length).toBeGreaterThan(bars / 2);
    });

    it.each(POISONS)("when all after each bar is %s", async (_name, poison) => {
      const over = poisonedMarket(run.market, poison);
      expect(await outcomesOf(run, {over})).toEqual(clean);
    });

    it.each(POISONS)("when all after some bar is %s from the start on", async (_name, poison) => {
      const {market, start} = run;
      const end = Math.min(run.end, start + HOUR_MS);
      for (const t of [
        start,
        start + 5 * MINUTE_MS,
        start + 35 * MINUTE_MS,
        end - 10 * MINUTE_MS,
      ]) {
        const over = {...market, bars: poisonAfter(market.bars, t, poison)};
        const past = clean.filter(({barEnd}) => barEnd <= t);
        const seen = await outcomesOf({...run, end}, {over});
        expect(seen.slice(0, past.length)).toEqual(past);
        expect(seen).not.toEqual(clean.slice(0, seen.length));
      }
    });

    it("where a poison within the bar itself changes what it does", async () => {
      const end = Math.min(run.end, run.start + 2 * HOUR_MS);
      const over = poisonedMarket(run.market, () => 1e9, run.market.bars.barMs);
      const seen = await outcomesOf({...run, end}, {over});
      const same = seen.filter((bar, t) => {
        const {targets, orders} = clean[t] as BarOutcome;
        return JSON.stringify([bar.targets, bar.orders]) === JSON.stringify([targets, orders]);
      });
      expect(same).toEqual([]);
    });
  });
}

describe("bar by bar on the clock is what the whole history says at once", () => {
  it.each(MODELS.filter(([, isThere]) => isThere))("%s", async (_name, _isThere, bars, make) => {
    const run = make();
    const dir = mkdtempSync(join(tmpdir(), "reckon-non-time-"));
    onTestFinished(() => rmSync(dir, {recursive: true, force: true}));
    await outcomesOf(run, {dir: join(dir, "run")});
    const folder = new RunFolder(join(dir, "run"));
    const timed = await folder.nodeOutput();
    const {dag_config, dag_runner_config} = folder.config() as unknown as SystemConfig;
    const dag = findModel(run.model).dag(
      dag_config,
      dag_runner_config.bar_duration_in_secs * SECOND_MS,
    );
    const whole = runDag(dag, {market: marketPanel(run.market.bars)});
    expect(timed?.index).toHaveLength(bars);
    expect(largestGap(timed as Panel, whole)).toBeLessThan(1e-9);
  });
});

/** The largest relative difference of the cells of `part`; Infinity where one is missing. */
function largestGap(part: Panel, whole: Panel): number {
  const rows = Array.from(part.index, (end) => whole.index.indexOf(end));
  let largest = 0;
  for (const [name, columns] of part.features) {
    columns.forEach((column, j) => {
      rows.forEach((row, t) => {
        const [x, y] = [column[t] as number, whole.features.get(name)?.[j]?.[row] ?? Number.NaN];
        const gap = Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y), 1e-12);
        if (!Object.is(x, y)) {
          largest = Math.max(largest, Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap);
        }
      });
    });
  }
  return largest;
}
