import {describe, expect, it} from "vitest";
import {runDag} from "../../src/dag/run-dag.js";
import {aggregateBars} from "../../src/market/aggregate-bars.js";
import type {BarTable} from "../../src/market/bars.js";
import {RecordedMarket} from "../../src/market/recorded-market.js";
import {SIMULATED_ASSETS} from "../../src/market/simulated/simulated-assets.js";
import {simulateBars, startMarket} from "../../src/market/simulated/simulated-process.js";
import {findModel} from "../../src/models/registry.js";
import {SeededRandom} from "../../src/stats/distribution/seeded-random.js";
import {systemConfigOf} from "../../src/system/run/system-config-of.js";
import {featureOf} from "../../src/table/panel.js";
import {barEnds} from "../../src/time/bar-grid.js";
import {HOUR_MS, MINUTE_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";

const END = Date.UTC(2025, 8, 3);
const FIVE = 5 * MINUTE_MS;
const ASSETS = SIMULATED_ASSETS.slice(0, 4);
const SYMBOLS = ASSETS.map(({instrument}) => instrument.id);

/** Fifty hours of one-minute bars, with rows missing here and there. */
function minutes(): BarTable {
  const ends = barEnds(END - 50 * HOUR_MS, END, MINUTE_MS);
  const bySymbol = simulateBars(startMarket(new SeededRandom(3), ASSETS), ends, MINUTE_MS);
  return {barMs: MINUTE_MS, symbols: SYMBOLS, bySymbol};
}

function forecastsOn(bars: BarTable) {
  const market = new RecordedMarket({bars, clock: new SimulatedClock(END), delayMs: 0});
  const model = findModel("C1");
  const choices = {runMode: "simulation", exchange: "x", instrumentIds: SYMBOLS} as const;
  const {dag_config} = systemConfigOf(model, choices);
  const window = market.window({barEnd: END, bars: (49 * HOUR_MS) / bars.barMs});
  return runDag(model.dag(dag_config, FIVE), {market: window}, {});
}

describe("C1, traded every five minutes", () => {
  it("says of one-minute bars what it says of the five-minute bars they make", () => {
    const fine = minutes();
    const bySymbol = new Map(
      Array.from(fine.bySymbol, ([id, bars]) => [id, aggregateBars(bars, FIVE)] as const),
    );
    const [ofMinutes, ofFives] = [fine, {...fine, barMs: FIVE, bySymbol}].map(forecastsOn);
    if (ofMinutes === undefined || ofFives === undefined) {
      throw new Error("no forecasts");
    }
    expect(ofMinutes.index).toEqual(ofFives.index);
    for (const name of ["close", "volatility", "prediction"]) {
      expect(featureOf(ofMinutes, name).data, name).toEqual(featureOf(ofFives, name).data);
    }
    const newest = featureOf(ofMinutes, "prediction").data.map((column) => column.at(-1));
    expect(newest.every(Number.isFinite)).toBe(true);
  });
});
