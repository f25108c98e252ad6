import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {SystemConfig} from "../../../src/config/system-config.js";
import {fileMarket} from "../../../src/flows/market/file-market.js";
import {withFolder} from "../../market/sample-bars.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../../oracles/shared.js";

const HEADER =
  "end_timestamp,asset_id,knowledge_timestamp,open,high,low,close,volume," +
  "end_download_timestamp,id,full_symbol,start_timestamp";
const day = "2023-08-01";

/** A line as the reference's dump writes it: stamps in New York time. */
const line = (minute: number, asset: number, [pair, close]: [string, string]) => {
  const stamp = (at: number) => `${day} 09:${String(at).padStart(2, "0")}:00-04:00`;
  const known = `${day} 09:${String(minute).padStart(2, "0")}:02.531000-04:00`;
  const values = `${close},${close},${close},${close},12.5`;
  const rest = `${known},4711,binance::${pair},${stamp(minute - 1)}`;
  return `${stamp(minute)},${asset},${known},${values},${rest}`;
};

const withFile = (use: (path: string) => Promise<void>) =>
  withFolder(async (dir) => {
    const path = join(dir, "test_data.csv");
    const lines = [1, 2].flatMap((minute) => [
      line(minute, 1467591036, ["BTC_USDT", "29123.45"]),
      line(minute, 3303714233, ["ETH_USDT", "1850.1"]),
    ]);
    writeFileSync(path, [HEADER, ...lines, ""].join("\n"));
    await use(path);
  });

const configFor = (ids: readonly string[]) =>
  ({market_data_config: {asset_ids: ids}}) as unknown as SystemConfig;

describe("fileMarket", () => {
  it("reads the reference's file: integer ids, instruments from full symbols", async () => {
    await withFile(async (path) => {
      const {choices, market} = await fileMarket({path});
      expect(choices).toEqual({
        exchange: "binance",
        timeframe: "1m",
        instrumentIds: ["1467591036", "3303714233"],
      });
      const run = await market(configFor(["3303714233"]));
      expect(run).toMatchObject({exchange: "binance", timeframe: "1m", title: "binance 1m"});
      expect(run.instruments).toMatchObject([
        {
          id: "3303714233",
          venue: "binance",
          symbol: "ETH/USDT:USDT",
          baseCurrency: "ETH",
          quoteCurrency: "USDT",
          tickSize: 0.1,
          lotSize: 0.1,
        },
      ]);
      const bars = "bars" in run ? run.bars.bySymbol.get("3303714233") : undefined;
      expect(Array.from(bars?.columns.get("close") ?? [])).toEqual([1850.1, 1850.1]);
      expect(bars?.knowledgeTime[0]).toBe(Date.UTC(2023, 7, 1, 13, 1, 2, 531));
    });
  });

  it("takes the instruments asked for, and names those the file lacks", async () => {
    await withFile(async (path) => {
      const {choices} = await fileMarket({path, symbols: ["3303714233"]});
      expect(choices.instrumentIds).toEqual(["3303714233"]);
      const failure = fileMarket({path, symbols: ["1"]});
      await expect(failure).rejects.toMatchObject({code: "bad-data"});
      await expect(failure).rejects.toThrow(/expected one of 1467591036, 3303714233, found 1/);
    });
  });
});

describe.skipIf(!HAS_SHARED)(`the reference's own market file${NEEDS_SHARED}`, () => {
  it("is a market although it names neither venue nor pair", async () => {
    const path = `${SHARED_DIR}oracles/system/10_mock1_market_df1.csv`;
    const {choices, market} = await fileMarket({path});
    expect(choices).toEqual({exchange: "file", timeframe: "1m", instrumentIds: ["101"]});
    const {instruments} = await market(configFor(["101"]));
    expect(instruments).toMatchObject([{id: "101", quoteCurrency: "USD", tickSize: 1}]);
  });
});
