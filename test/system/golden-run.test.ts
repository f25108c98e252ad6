import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, it} from "vitest";
import {parseOverride} from "../../src/config/override.js";
import type {BarTable} from "../../src/market/bars.js";
import {inferInstrument} from "../../src/market/instruments/instrument.js";
import {runSystem} from "../../src/system/run/run-system.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {parseUtc} from "../../src/time/utc-text.js";
import {expectGolden, folderText} from "../golden/golden.js";

const START = parseUtc("2000-01-03 14:30:00+00:00");

/** Forty one-minute bars: close 101 and 100 in turns of five, the feature +1 and −1 likewise. */
function toyBars(): BarTable {
  const minutes = Array.from({length: 40}, (_, t) => t);
  const isFirst = (t: number): boolean => Math.floor(t / 5) % 2 === 0;
  const barEnd = Float64Array.from(minutes, (t) => START + (t + 1) * MINUTE_MS);
  const columns = new Map([
    ["close", Float64Array.from(minutes, (t) => (isFirst(t) ? 101 : 100))],
    ["volume", new Float64Array(40).fill(100)],
    ["feature1", Float64Array.from(minutes, (t) => (isFirst(t) ? 1 : -1))],
  ]);
  const bySymbol = new Map([["101", {barEnd, knowledgeTime: barEnd, columns}]]);
  return {barMs: MINUTE_MS, symbols: ["101"], bySymbol};
}

describe("the run folder", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "reckon-golden-"));
  });
  afterAll(() => {
    rmSync(dir, {recursive: true, force: true});
  });

  it("of four bars of mock1 is what it was, file by file", async () => {
    await runSystem({
      model: "mock1",
      runMode: "paper_trading",
      start: START,
      end: START + 20 * MINUTE_MS,
      dir: join(dir, "run"),
      overrides: [
        "dag_property_config.debug_mode_config.save_node_io=none",
        "dag_property_config.debug_mode_config.profile_execution=false",
      ].map(parseOverride),
      choices: {exchange: "toy", timeframe: "1m", instrumentIds: ["101"]},
      market: async () => ({
        exchange: "toy",
        timeframe: "1m",
        title: "toy 1m",
        bars: toyBars(),
        instruments: [
          inferInstrument({
            id: "101",
            venue: "toy",
            kind: "spot",
            priceDecimals: 2,
            volumeDecimals: 9,
          }),
        ],
      }),
    });
    const text = folderText(join(dir, "run"), (name, content) =>
      name === "run.json" ? content.replace(/"volatile": \{[^}]*\}/, '"volatile": {}') : content,
    );
    expectGolden("mock1-run.txt", text);
  });
});
