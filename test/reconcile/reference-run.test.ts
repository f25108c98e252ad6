import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {inferInstrument} from "../../src/market/instruments/instrument.js";
import {differencesOf} from "../../src/reconcile/compare/difference.js";
import {reconcileRuns} from "../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {runSystem} from "../../src/system/run/run-system.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {parseUtc} from "../../src/time/utc-text.js";
import {HAS_SHARED, NEEDS_SHARED, readOracleBars, SHARED_DIR} from "../oracles/shared.js";

const REFERENCE = join(SHARED_DIR, "oracles/system/10_mock1_system_log_dir");

/** The same model over the same market, run here. */
async function runMock1(dir: string): Promise<RunFolder> {
  const instrument = {id: "101", venue: "mock", kind: "spot"} as const;
  await runSystem({
    model: "mock1",
    runMode: "simulation",
    start: parseUtc("2000-01-01 09:30:00-05:00"),
    end: parseUtc("2000-01-01 10:05:00-05:00"),
    dir,
    choices: {exchange: "mock", timeframe: "1m", instrumentIds: ["101"]},
    market: async () => ({
      exchange: "mock",
      timeframe: "1m",
      title: "mock 1m",
      instruments: [inferInstrument({...instrument, priceDecimals: 2, volumeDecimals: 9})],
      bars: readOracleBars("10_mock1_market_df1.csv", MINUTE_MS),
    }),
  });
  return new RunFolder(dir);
}

describe.skipIf(!HAS_SHARED)(`reconciling a run of the reference${NEEDS_SHARED}`, () => {
  it("with itself finds everything identical", async () => {
    const {layers, first, prodBars} = await reconcileRuns(
      new RunFolder(REFERENCE),
      new RunFolder(REFERENCE),
    );
    expect(layers.map(({status}) => status)).toEqual(new Array(7).fill("identical"));
    expect(first).toBeUndefined();
    expect(prodBars).toBe(7);
  });

  it("with our run of the same finds the same targets, orders, holdings and PnL", async () => {
    const root = mkdtempSync(join(tmpdir(), "reckon-both-"));
    try {
      const ours = await runMock1(join(root, "run"));
      const {layers, status} = await reconcileRuns(new RunFolder(REFERENCE), ours);
      expect(status).toBe("incomplete"); // the reference records no fills
      const names = ["target positions", "orders and fills", "holdings", "PnL"];
      const found = layers.filter(({name}) => names.includes(name));
      const differences = found.flatMap((layer) => differencesOf(layer.differences));
      expect(differences).toEqual([]);
      expect(found.map(({name}) => name)).toEqual(names);
    } finally {
      rmSync(root, {recursive: true, force: true});
    }
  });
});
