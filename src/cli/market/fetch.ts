import process from "node:process";
import type {CommandModule, InferredOptionTypes} from "yargs";
import type {FetchProgress} from "../../market/exchange/fetch-ohlcv.js";
import {parsePeriod} from "../../time/bar-grid.js";
import {parseStamp, SECOND_MS} from "../../time/epoch.js";
import {systemClock} from "../../time/system-clock.js";
import {formatCount} from "../../words.js";
import {positiveNumber} from "../console/positive-number.js";
import {ProgressLine} from "../console/progress-line.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import {listOf, print, requireOrder, SERIES, STORE, seriesOf} from "./options.js";
import {formatFetch} from "./text.js";

/** Flags that name an exchange's server. */
export const SERVER = {
  "api-url": {
    type: "string",
    describe: "server to ask in place of the exchange's own; RECKON_EXCHANGE_URL when left out",
  },
} as const;

/** The server that a flag or `RECKON_EXCHANGE_URL` names in place of the exchange's own. */
export function serverOf(flag: string | undefined): {apiUrl?: string} {
  const url = flag ?? process.env.RECKON_EXCHANGE_URL;
  return url === undefined || url === "" ? {} : {apiUrl: url};
}

const FETCH = {
  ...STORE,
  ...SERIES,
  ...SERVER,
  symbols: {type: "string", demandOption: true, describe: "ccxt names: BTC/USDT,ETH/USDT"},
  "start-timestamp": {
    type: "string",
    demandOption: true,
    alias: "since",
    describe: "YYYYMMDD_HHMMSS, UTC",
  },
  "end-timestamp": {
    type: "string",
    alias: "until",
    describe: "YYYYMMDD_HHMMSS, UTC; now when left out",
  },
  to: {
    choices: ["parquet", "sql"] as const,
    default: "parquet" as const,
    describe: "which store: files in the data folder, or the SQL store",
  },
  again: {
    type: "boolean",
    default: false,
    describe: "ask for stored bars too, to take what was corrected",
  },
  "timeout-in-secs": {type: "number", default: 3_600, describe: "give up after this long"},
} as const;

/** `reckon market fetch`: history from an exchange into the store. */
export const fetchCommand: CommandModule<object, InferredOptionTypes<typeof FETCH>> = {
  command: "fetch",
  describe: "closed bars from an exchange into the store; goes on where it was stopped",
  builder: (flags) => flags.options(FETCH),
  async handler(args) {
    const start = parseStamp(args["start-timestamp"], "--start-timestamp");
    const now = systemClock.now();
    const given = args["end-timestamp"];
    const end = given === undefined ? now : parseStamp(given, "--end-timestamp");
    requireOrder(start, end);
    parsePeriod(args.timeframe, "--timeframe");
    const timeout = positiveNumber(args["timeout-in-secs"], "--timeout-in-secs");
    const {fetchMarket} = await import("../../flows/market/fetch-market.js");
    const progress = new ProgressLine(process.stderr);
    const report = await untilInterrupted((signal) =>
      fetchMarket({
        ...seriesOf(args),
        ...serverOf(args["api-url"]),
        symbols: listOf(args.symbols),
        start,
        end,
        to: args.to,
        isAgain: args.again,
        clock: systemClock,
        deadlineMs: now + timeout * SECOND_MS,
        signal,
        onProgress: (step) => showProgress(progress, step),
        onWaiting: (text) => progress.say(text),
      }),
    ).finally(() => progress.end());
    print(args, report, formatFetch);
  },
};

function showProgress(line: ProgressLine, step: FetchProgress): void {
  const {symbol, done, symbols, share, bars, retry} = step;
  if (retry !== undefined) {
    line.say(retry);
    return;
  }
  const title = `${symbol} (${done + 1} of ${symbols})`;
  line.show({title, share, note: formatCount(bars, "bar")});
}
