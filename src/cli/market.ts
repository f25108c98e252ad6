import type {CommandModule, InferredOptionTypes} from "yargs";
import {ReckonError} from "../errors.js";
import {parsePeriod} from "../time/bar-grid.js";
import {type EpochMs, parseStamp} from "../time/epoch.js";
import {systemClock} from "../time/system-clock.js";
import {formatDump, formatFetch, formatImport, formatSeries} from "./market-text.js";

const STORE = {
  "data-dir": {type: "string", default: "./reckon-data", describe: "folder of the market store"},
  json: {type: "boolean", default: false, describe: "print one JSON document"},
} as const;

const SERIES = {
  exchange: {type: "string", demandOption: true, describe: "for example binance"},
  timeframe: {type: "string", demandOption: true, describe: "length of a bar: 1m, 5m, 1h, 1d"},
} as const;

const IMPORT = {
  ...STORE,
  ...SERIES,
  strict: {type: "boolean", default: false, describe: "store nothing when any row is bad"},
  instruments: {type: "string", describe: "JSON file with a list of instrument records"},
  kind: {
    choices: ["spot", "linear", "inverse"],
    default: "linear",
    describe: "kind of the instruments that have no record",
  },
} as const;

const importCommand: CommandModule<object, {dir: string} & InferredOptionTypes<typeof IMPORT>> = {
  command: "import <dir>",
  describe: "csv and csv.gz files of bars into the store",
  builder: (flags) => flags.positional("dir", {type: "string", demandOption: true}).options(IMPORT),
  async handler(args) {
    const {importCsv} = await import("../market/csv/import-csv.js");
    const report = await importCsv({
      from: args.dir,
      ...seriesOf(args),
      isStrict: args.strict,
      kind: args.kind as "spot" | "linear" | "inverse",
      ...(args.instruments === undefined ? {} : {instrumentFile: args.instruments}),
    });
    print(args, report, formatImport);
    if (report.status === "refused") {
      throw new ReckonError("bad-data", {
        place: args.dir,
        expected: "no bad row, as --strict asks",
        found: "the rows listed above",
        fix: "mend the files, or import without --strict, which leaves bad rows out",
      });
    }
  },
};

const FETCH = {
  ...STORE,
  ...SERIES,
  symbols: {type: "string", demandOption: true, describe: "ccxt names: BTC/USDT,ETH/USDT"},
  "start-timestamp": {type: "string", demandOption: true, describe: "YYYYMMDD_HHMMSS, UTC"},
  "end-timestamp": {type: "string", describe: "YYYYMMDD_HHMMSS, UTC; now when left out"},
  "api-url": {type: "string", describe: "server to ask in place of the exchange's own"},
  "timeout-in-secs": {type: "number", default: 3_600, describe: "give up after this long"},
} as const;

const fetchCommand: CommandModule<object, InferredOptionTypes<typeof FETCH>> = {
  command: "fetch",
  describe: "closed bars from an exchange into the store, through ccxt",
  builder: (flags) => flags.options(FETCH),
  async handler(args) {
    const start = parseStamp(args["start-timestamp"], "--start-timestamp");
    const now = systemClock.now();
    const given = args["end-timestamp"];
    const end = given === undefined ? now : parseStamp(given, "--end-timestamp");
    requireOrder(start, end);
    parsePeriod(args.timeframe, "--timeframe");
    const {openExchange} = await import("../market/exchange/exchange-client.js");
    const {fetchOhlcv} = await import("../market/exchange/fetch-ohlcv.js");
    const apiUrl = args["api-url"];
    const report = await fetchOhlcv({
      ...seriesOf(args),
      symbols: listOf(args.symbols),
      start,
      end,
      client: await openExchange(args.exchange, apiUrl === undefined ? {} : {apiUrl}),
      clock: systemClock,
      deadlineMs: now + args["timeout-in-secs"] * 1_000,
    });
    print(args, report, formatFetch);
  },
};

const DUMP = {
  ...STORE,
  ...SERIES,
  symbols: {type: "string", describe: "instrument ids: BTCUSDT,ETHUSDT; all when left out"},
  "start-timestamp": {type: "string", demandOption: true, describe: "of the run, YYYYMMDD_HHMMSS"},
  "end-timestamp": {type: "string", demandOption: true, describe: "of the run, YYYYMMDD_HHMMSS"},
  history: {type: "string", default: "7d", describe: "how much before the start to include"},
  dst: {type: "string", default: "test_data.csv.gz", describe: "the file to write"},
} as const;

const dumpCommand: CommandModule<object, InferredOptionTypes<typeof DUMP>> = {
  command: "dump",
  describe: "the bars of a run and its history into a replay file",
  builder: (flags) => flags.options(DUMP),
  async handler(args) {
    const {dumpMarketData} = await import("../market/replay-file/dump-market-data.js");
    const start = parseStamp(args["start-timestamp"], "--start-timestamp");
    const end = parseStamp(args["end-timestamp"], "--end-timestamp");
    requireOrder(start, end);
    const report = await dumpMarketData({
      ...seriesOf(args),
      path: args.dst,
      start,
      end,
      historyMs: parsePeriod(args.history, "--history"),
      ...(args.symbols === undefined ? {} : {symbols: listOf(args.symbols)}),
    });
    print(args, report, formatDump);
  },
};

const listCommand: CommandModule<object, InferredOptionTypes<typeof STORE>> = {
  command: "list",
  describe: "what the store holds",
  builder: (flags) => flags.options(STORE),
  async handler(args) {
    const {listMarket} = await import("../market/parquet/list-market.js");
    print(args, await listMarket(args["data-dir"]), formatSeries);
  },
};

/** `reckon market …`: the market store, into it and out of it. */
export const marketCommand: CommandModule = {
  command: "market",
  describe: "bars: csv or exchange into the store, replay files out of it",
  builder: (flags) =>
    flags
      .command(importCommand)
      .command(fetchCommand)
      .command(dumpCommand)
      .command(listCommand)
      .demandCommand(1, "an action is needed: import, fetch, dump or list"),
  handler: () => undefined,
};

function seriesOf(args: {"data-dir": string; exchange: string; timeframe: string}): {
  dataDir: string;
  exchange: string;
  timeframe: string;
} {
  return {dataDir: args["data-dir"], exchange: args.exchange, timeframe: args.timeframe};
}

/** The parts of `a,b,c`. */
function listOf(text: string): string[] {
  const parts = text.split(",").map((part) => part.trim());
  const wanted = parts.filter((part) => part !== "");
  if (wanted.length === 0) {
    throw new ReckonError("misuse", {
      place: "--symbols",
      expected: "names separated by commas",
      found: JSON.stringify(text),
    });
  }
  return [...new Set(wanted)];
}

function requireOrder(start: EpochMs, end: EpochMs): void {
  if (start >= end) {
    throw new ReckonError("misuse", {
      place: "--start-timestamp",
      expected: "a time before --end-timestamp",
      found: "the same or a later one",
    });
  }
}

function print<T>({json}: {json: boolean}, report: T, format: (report: T) => string): void {
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : format(report));
}
