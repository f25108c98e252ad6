import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {
  decimalsOf,
  fullSymbol,
  inferInstrument,
  parseInstruments,
  splitPair,
} from "../../../src/market/instruments/instrument.js";
import {
  readInstrumentFile,
  readInstruments,
  saveInstruments,
} from "../../../src/market/instruments/instrument-book.js";
import {withFolder} from "../sample-bars.js";

describe("decimalsOf", () => {
  const cases: [step: number, wanted: number][] = [
    [1, 0],
    [25, 0],
    [0.5, 1],
    [0.001, 3],
    [1e-7, 7],
    [2.5e-7, 8],
    [1e21, 0],
  ];
  it.each(cases)("%s has %s", (step, wanted) => {
    expect(decimalsOf(step)).toBe(wanted);
  });
});

describe("splitPair", () => {
  const cases: [id: string, base: string, quote: string][] = [
    ["BTCUSDT", "BTC", "USDT"],
    ["1000PEPEUSDT", "1000PEPE", "USDT"],
    ["BTCUSD", "BTC", "USD"],
    ["XRP_ETH", "XRP", "ETH"],
    ["ETH-EUR", "ETH", "EUR"],
    ["ETHBTC", "ETH", "BTC"],
    ["BTC", "BTC", "USD"],
    ["USDT", "USDT", "USD"],
  ];
  it.each(cases)("%s is %s in %s", (id, base, quote) => {
    expect(splitPair(id)).toEqual({base, quote});
  });
});

const known = {id: "BTCUSDT", venue: "binance", priceDecimals: 1, volumeDecimals: 3} as const;

describe("inferInstrument", () => {
  it("steps by the decimals, settles in quote currency", () => {
    const instrument = inferInstrument({...known, kind: "linear"});
    expect(instrument).toMatchObject({
      symbol: "BTC/USDT:USDT",
      tickSize: 0.1,
      lotSize: 0.001,
      settlementCurrency: "USDT",
      multiplier: 1,
      minNotional: 0,
    });
    expect(fullSymbol(instrument)).toBe("binance::BTC_USDT");
  });

  it("settles an inverse contract in base currency, and names a spot pair plainly", () => {
    const inverse = inferInstrument({...known, id: "BTCUSD", kind: "inverse"});
    expect([inverse.symbol, inverse.settlementCurrency]).toEqual(["BTC/USD:BTC", "BTC"]);
    expect(inferInstrument({...known, kind: "spot"}).symbol).toBe("BTC/USDT");
  });
});

describe("parseInstruments", () => {
  const good = inferInstrument({...known, kind: "linear"});
  const cases: [name: string, value: unknown, wanted: RegExp][] = [
    ["no list", {good}, /array/],
    ["a tick of zero", [{...good, tickSize: 0}], /0\.tickSize/],
    ["an unknown key", [{...good, colour: "red"}], /colour/],
    ["a path for an id", [{...good, id: "../x"}], /0\.id/],
    ["an unknown kind", [{...good, kind: "option"}], /0\.kind/],
    ["one id twice", [good, good], /two with id BTCUSDT/],
  ];
  it.each(cases)("refuses %s", (_name, value, wanted) => {
    expect(() => parseInstruments(value, "file.json")).toThrow(wanted);
  });

  it("fills in multiplier, limits and calendar", () => {
    const {id, symbol, venue, kind, tickSize, lotSize} = good;
    const {baseCurrency, quoteCurrency, settlementCurrency} = good;
    const currencies = {baseCurrency, quoteCurrency, settlementCurrency};
    const short = {id, symbol, venue, kind, tickSize, lotSize, ...currencies};
    expect(parseInstruments([short], "file.json")).toEqual([good]);
    expect(good).toMatchObject({minAmount: 0, maxAmount: null, sessionCalendar: "24/7"});
  });
});

describe("the store's book", () => {
  const coarse = inferInstrument({...known, kind: "linear"});
  const fine = inferInstrument({...known, kind: "linear", priceDecimals: 2, volumeDecimals: 0});
  const place = (dataDir: string) => ({dataDir, exchange: "binance"});

  it("refines what was inferred and never what was given", async () => {
    await withFolder(async (dir) => {
      await saveInstruments(place(dir), {inferred: [coarse]});
      await saveInstruments(place(dir), {inferred: [fine]});
      const refined = {...coarse, tickSize: 0.01, lotSize: 0.001};
      expect((await readInstruments(place(dir))).get("BTCUSDT")).toEqual(refined);
      const given = {...coarse, tickSize: 0.5, minNotional: 100};
      await saveInstruments(place(dir), {given: [given]});
      await saveInstruments(place(dir), {inferred: [fine]});
      expect((await readInstruments(place(dir))).get("BTCUSDT")).toEqual(given);
    });
  });

  it("is empty where nothing was stored, and says what is wrong with a user's file", async () => {
    await withFolder(async (dir) => {
      expect((await readInstruments(place(dir))).size).toBe(0);
      const file = join(dir, "mine.json");
      await expect(readInstrumentFile(file)).rejects.toThrow(/mine\.json: expected a JSON file/);
      writeFileSync(file, "[{");
      await expect(readInstrumentFile(file)).rejects.toThrow(/mine\.json: expected a JSON file/);
    });
  });
});
