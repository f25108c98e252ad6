import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {OPENING_FILE} from "../../src/runlog/opening-state.js";
import {columnOf} from "../../src/table/frame.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {sampleOutcomes} from "./sample-outcomes.js";
import {runSample, SAMPLE_START, sampleBars, withHole} from "./sample-run.js";

const BAR = 5 * MINUTE_MS;
const NAME = "DELTAUSDT";
const HELD = 1_000;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-unpriced-"));
});
afterAll(() => {
  rmSync(dir, {recursive: true, force: true});
});

describe("an account that goes on with a name that has no data yet", () => {
  it("does not know its wealth until there is some, and books no PnL of its coming", async () => {
    const first = join(dir, "first");
    await runSample(first, {end: SAMPLE_START + BAR});
    const path = join(first, OPENING_FILE);
    const opening = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({...opening, holdings: {[NAME]: HELD}}));

    const known = SAMPLE_START + 4 * BAR;
    const at = join(dir, "next");
    const {run} = await sampleOutcomes(at, {
      bars: withHole(sampleBars(), NAME, (end) => end < known),
      openingFrom: first,
      end: SAMPLE_START + 6 * BAR,
    });
    const {pnl, statistics, holdings_notional: value} = await run.portfolio();
    const unknown = Array.from(columnOf(statistics, "net_wealth"), Number.isNaN);
    expect(unknown).toEqual([true, true, true, false, false, false]);
    expect(columnOf(value, NAME)[3]).toBeGreaterThan(0);
    expect(Array.from(columnOf(pnl, NAME), Number.isNaN)).toEqual([
      ...unknown.slice(0, 3),
      true,
      false,
      false,
    ]);
    const wealth = columnOf(statistics, "net_wealth");
    const gross = columnOf(statistics, "pnl");
    const fees = columnOf(statistics, "fees");
    for (const t of [4, 5]) {
      const change = (wealth[t] as number) - (wealth[t - 1] as number);
      expect((gross[t] as number) - (fees[t] as number)).toBeCloseTo(change, 6);
    }
    expect(readFileSync(join(at, "log.txt"), "utf8")).toMatch(
      new RegExp(`held but has no price: kept, and its value and PnL are unknown.*${NAME}`),
    );
  });
});
