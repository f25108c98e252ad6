import {join} from "node:path";
import type {CommandModule, InferredOptionTypes} from "yargs";
import {parsePeriod} from "../../time/bar-grid.js";
import {parseStamp} from "../../time/epoch.js";
import {listOf, print, requireOrder, STORE} from "./options.js";
import {formatDump} from "./text.js";

const DUMP = {
  ...STORE,
  exchange: {type: "string", describe: "for example binance; the only one when left out"},
  timeframe: {type: "string", describe: "length of a bar; default 5m, from the SQL store 1m"},
  symbols: {type: "string", describe: "instrument ids: BTCUSDT,ETHUSDT; all when left out"},
  from: {choices: ["parquet", "sql"], default: "parquet", describe: "which store to read"},
  table: {
    type: "string",
    default: "ccxt_ohlcv_futures",
    describe: "table of the SQL store",
  },
  "start-timestamp": {type: "string", demandOption: true, describe: "of the run, YYYYMMDD_HHMMSS"},
  "end-timestamp": {type: "string", demandOption: true, describe: "of the run, YYYYMMDD_HHMMSS"},
  history: {type: "string", default: "7D", describe: "how much before the start to include"},
  "dst-dir": {type: "string", default: ".", describe: "where test_data.csv.gz is written"},
  dst: {type: "string", describe: "the file to write, instead of --dst-dir"},
} as const;

/** `reckon market dump`: the bars of a run into a replay file. */
export const dumpCommand: CommandModule<object, InferredOptionTypes<typeof DUMP>> = {
  command: "dump",
  describe: "the bars of a run and its history into a replay file",
  builder: (flags) => flags.options(DUMP),
  async handler(args) {
    const {dumpMarket} = await import("../../flows/market/dump-market.js");
    const {REPLAY_FILE} = await import("../../market/replay-file/write-replay-file.js");
    const start = parseStamp(args["start-timestamp"], "--start-timestamp");
    const end = parseStamp(args["end-timestamp"], "--end-timestamp");
    requireOrder(start, end);
    const report = await dumpMarket({
      dataDir: args["data-dir"],
      exchange: args.exchange,
      timeframe: args.timeframe,
      symbols: args.symbols === undefined ? undefined : listOf(args.symbols),
      table: args.from === "sql" ? args.table : undefined,
      path: args.dst ?? join(args["dst-dir"], REPLAY_FILE),
      start,
      end,
      historyMs: parsePeriod(args.history, "--history"),
    });
    print(args, report, formatDump);
  },
};
