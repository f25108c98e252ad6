import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {inferInstrument} from "../../src/market/instruments/instrument.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {runSystem} from "../../src/system/run/run-system.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {parseUtc} from "../../src/time/utc-text.js";
import {
  HAS_SHARED,
  NEEDS_SHARED,
  type OracleTable,
  readOracle,
  readOracleBars,
  toFrame,
} from "../oracles/shared.js";

interface Mock1Oracle {
  readonly runs: Record<
    string,
    {readonly market_data: string; readonly expected: Record<string, OracleTable>}
  >;
}

const RUNS = [
  ["df1", "2000-01-01 10:05:00-05:00", "per-bar"],
  ["df1", "2000-01-01 10:05:00-05:00", "per-stream"],
  ["df3", "2000-01-01 11:25:00-05:00", "per-bar"],
] as const;

describe.skipIf(!HAS_SHARED)(`mock1 as the reference ran it${NEEDS_SHARED}`, () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "reckon-mock1-"));
  });
  afterAll(() => {
    rmSync(dir, {recursive: true, force: true});
  });

  it.each(RUNS)("portfolio of %s until %s, %s", async (name, end, files) => {
    const {runs} = readOracle<Mock1Oracle>("10_mock1_system_portfolio.json");
    const {market_data, expected} = runs[name] as Mock1Oracle["runs"][string];
    const runDir = join(dir, `${name}.${files}`);
    const instruments = [
      inferInstrument({
        id: "101",
        venue: "mock",
        kind: "spot",
        priceDecimals: 2,
        volumeDecimals: 9,
      }),
    ];
    await runSystem({
      model: "mock1",
      runMode: "simulation",
      start: parseUtc("2000-01-01 09:30:00-05:00"),
      end: parseUtc(end),
      dir: runDir,
      files,
      choices: {exchange: "mock", timeframe: "1m", instrumentIds: ["101"]},
      market: async () => ({
        exchange: "mock",
        timeframe: "1m",
        title: "mock 1m",
        instruments,
        bars: readOracleBars(market_data, MINUTE_MS),
      }),
    });
    const portfolio = await new RunFolder(runDir).portfolio();
    for (const stream of [
      "holdings_shares",
      "holdings_notional",
      "executed_trades_shares",
      "executed_trades_notional",
      "pnl",
      "statistics",
    ] as const) {
      const wanted = toFrame(expected[stream] as OracleTable);
      const actual = portfolio[stream];
      const rows = Array.from(wanted.index, (time) => portfolio.wallClock.indexOf(time));
      for (const [j, column] of wanted.columns.entries()) {
        const cells = actual.data[actual.columns.indexOf(column)] as Float64Array;
        rows.forEach((t, i) => {
          const at = `${stream} ${column} row ${i}`;
          const value = (wanted.data[j] as Float64Array)[i] as number;
          if (Number.isNaN(value)) expect(cells[t], at).toBeNaN();
          else
            expect(Math.abs((cells[t] as number) - value), at).toBeLessThan(
              1e-9 * Math.max(1, Math.abs(value)),
            );
        });
      }
    }
  });
});
