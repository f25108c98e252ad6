import process from "node:process";
import type {CommandModule, InferredOptionTypes} from "yargs";
import {parseStamp} from "../../time/epoch.js";
import {formatCheck} from "./check-text.js";
import {listOf, print, requireOrder, STORE} from "./options.js";

const CHECK = {
  ...STORE,
  exchange: {type: "string", describe: "for example binance; the only one when left out"},
  timeframe: {type: "string", describe: "length of a bar: 1m, 5m, 1h, 1d"},
  symbols: {type: "string", describe: "instrument ids: BTCUSDT,ETHUSDT; all when left out"},
  file: {type: "string", describe: "check a replay file (test_data.csv.gz)"},
  csv: {type: "string", describe: "check a folder of csv files without importing them"},
  from: {choices: ["parquet", "sql"], default: "parquet", describe: "which store to check"},
  table: {
    type: "string",
    default: "ccxt_ohlcv_futures",
    describe: "table of the SQL store",
  },
  "start-timestamp": {
    type: "string",
    alias: "start",
    describe: "YYYYMMDD_HHMMSS, UTC; the first bar ends after it; default: the first row",
  },
  "end-timestamp": {
    type: "string",
    alias: "end",
    describe: "YYYYMMDD_HHMMSS, UTC; the last bar ends at it; default: the last row",
  },
  "dst-dir": {type: "string", describe: "write market_check.html and market_check.json there"},
  strict: {type: "boolean", default: false, describe: "exit with 1 when a check fails"},
} as const;

/** `reckon market check`: what is missing, repeated, impossible or late in market data. */
export const checkCommand: CommandModule<object, InferredOptionTypes<typeof CHECK>> = {
  command: "check",
  describe: "gaps, repeated rows, impossible values and late arrivals in market data",
  builder: (flags) => flags.options(CHECK).conflicts("file", ["csv", "exchange", "timeframe"]),
  async handler(args) {
    const {checkMarket, writeMarketCheck} = await import("../../flows/market/check-market.js");
    const range = {
      from: stampOf(args["start-timestamp"], "--start-timestamp"),
      to: stampOf(args["end-timestamp"], "--end-timestamp"),
    };
    if (range.from !== undefined && range.to !== undefined) {
      requireOrder(range.from, range.to);
    }
    const quality = await checkMarket({
      dataDir: args["data-dir"],
      exchange: args.exchange,
      timeframe: args.timeframe,
      symbols: args.symbols === undefined ? undefined : listOf(args.symbols),
      file: args.file,
      csv: args.csv,
      table: args.from === "sql" ? args.table : undefined,
      range,
    });
    print(args, quality, formatCheck);
    const dstDir = args["dst-dir"];
    if (dstDir !== undefined) {
      const page = writeMarketCheck(dstDir, quality);
      process.stderr.write(`wrote ${page}\n`);
    }
    if (args.strict && quality.checks.some(({result}) => result !== "PASSED")) {
      process.exitCode = 1;
    }
  },
};

function stampOf(text: string | undefined, place: string): number | undefined {
  return text === undefined ? undefined : parseStamp(text, place);
}
