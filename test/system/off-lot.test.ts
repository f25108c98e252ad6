import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {OPENING_FILE} from "../../src/runlog/opening-state.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {columnOf} from "../../src/table/frame.js";
import {HOUR_MS} from "../../src/time/epoch.js";
import type {BarOutcome} from "../../src/trading/targets/process-forecasts.js";
import {describeEachStore} from "../store/on-each-store.js";
import {runSample, SAMPLE_START} from "./sample-run.js";
import {BARS, DATABASE, IDENTICAL, layersOf, openStoreOf, SECOND, SLOW} from "./stored-sample.js";

const [A, B, C] = BARS.symbols as [string, string, string];
/** Lots of 0.001: the first two holdings are off them, the third is less than one. */
const HELD = {[A]: 0.5004, [B]: -2.0007, [C]: 0.0004};
const LOTS = {...SECOND, instrument: () => ({lotSize: 0.001})};
const CASH = 1_000_000;

let root: string;
let begun: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-off-lot-"));
  begun = join(root, "begun");
  await runSample(begun, {...LOTS, start: SAMPLE_START, end: SAMPLE_START + HOUR_MS / 12});
  const state = {cash: CASH, holdings: HELD, source: "config", restrictions: []};
  writeFileSync(join(begun, OPENING_FILE), JSON.stringify(state));
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

describeEachStore("holdings that are off the lot", (store) => {
  it("are traded in whole lots, kept to the last bit, and earn what wealth gains", async () => {
    const dir = join(root, `${store().kind}.memory`);
    const notes: string[] = [];
    const onBar = (bar: BarOutcome): void => {
      notes.push(...(bar.notes ?? []).map(({instrument, text}) => `${instrument}: ${text}`));
    };
    await runSample(dir, {...LOTS, openingFrom: begun, options: {onBar}});
    const run = new RunFolder(dir);
    const {holdings_shares: held, statistics} = await run.portfolio();
    const fills = await run.fills();
    for (const [i, id] of BARS.symbols.entries()) {
      const traded = fills
        .filter(({instrumentId}) => instrumentId === id)
        .map(({shares}) => Math.round(shares * 1_000));
      expect(traded.length).toBeGreaterThan(0);
      const lots = traded.reduce((sum, count) => sum + count, 0);
      expect(held.data[i]?.at(-1)).toBeCloseTo((HELD[id] as number) + lots / 1_000, 9);
    }
    const wealth = columnOf(statistics, "net_wealth");
    const earned = columnOf(statistics, "pnl")
      .slice(1)
      .reduce((sum, x, t) => sum + x - (columnOf(statistics, "fees")[t + 1] as number), 0);
    expect(earned).toBeCloseTo((wealth.at(-1) as number) - (wealth[0] as number), 6);
    expect(notes).toContain(`${C}: less than a lot is held: it is kept`);
    await runSample(`${dir}.again`, {...LOTS, openingFrom: dir});
    expect(await layersOf(dir, `${dir}.again`)).toEqual(IDENTICAL);
  });

  it("are the same in the tables as in memory", async () => {
    const dir = join(root, `${store().kind}.tables`);
    const overrideTexts = [DATABASE, SLOW, `cf_config.account=${store().kind}.off-lot`];
    const openStore = openStoreOf(store());
    await runSample(dir, {...LOTS, overrideTexts, openStore, openingFrom: begun});
    const memory = join(root, `${store().kind}.twin`);
    await runSample(memory, {...LOTS, openingFrom: begun});
    expect(await layersOf(dir, memory)).toEqual(IDENTICAL);
  });
});
