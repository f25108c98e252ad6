import process from "node:process";
import type {CommandModule, InferredOptionTypes} from "yargs";
import {ReckonError} from "../../errors.js";
import type {CollectStatus} from "../../market/exchange/collect/collect-counts.js";
import {parsePeriod} from "../../time/bar-grid.js";
import {formatMinute, SECOND_MS, toIso} from "../../time/epoch.js";
import {parseClockScale, scaledClock} from "../../time/scaled-clock.js";
import {systemClock} from "../../time/system-clock.js";
import {formatCount} from "../../words.js";
import {positiveNumber} from "../console/positive-number.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import {SERVER, serverOf} from "./fetch.js";
import {listOf, SERIES, STORE, seriesOf} from "./options.js";

const COLLECT = {
  ...STORE,
  ...SERIES,
  ...SERVER,
  symbols: {type: "string", demandOption: true, describe: "ccxt names: BTC/USDT,ETH/USDT"},
  "run-duration": {type: "number", describe: "end after this many seconds; else on Ctrl-C"},
  backfill: {type: "string", default: "1d", describe: "how far back missing bars are asked for"},
  "silent-after-in-secs": {
    type: "number",
    describe: "connect anew when nothing came for this long; 3 bars, at most 90, when left out",
  },
  "recheck-bars": {
    type: "number",
    default: 5,
    describe: "ask for the newest bars every so many bars, to find corrections",
  },
  json: {type: "boolean", default: false, describe: "print one JSON line of counters per bar"},
  clock: {type: "string", hidden: true, describe: "START@REAL_STARTxSPEED, for drills"},
} as const;

type CollectArgs = InferredOptionTypes<typeof COLLECT>;

/** `reckon market collect`: live bars from an exchange into the SQL store. */
export const collectCommand: CommandModule<object, CollectArgs> = {
  command: "collect",
  describe: "live bars from an exchange into the SQL store, until it is stopped",
  builder: (flags) => flags.options(COLLECT),
  async handler(args) {
    const clock =
      args.clock === undefined
        ? systemClock
        : scaledClock(parseClockScale(args.clock, "--clock"), systemClock);
    const duration = args["run-duration"];
    const settings = settingsOf(args);
    const {collectMarket} = await import("../../flows/market/collect-market.js");
    const report = await untilInterrupted((signal) =>
      collectMarket({
        ...seriesOf(args),
        ...serverOf(args["api-url"]),
        symbols: listOf(args.symbols),
        clock,
        signal,
        durationMs:
          duration === undefined
            ? undefined
            : positiveNumber(duration, "--run-duration") * SECOND_MS,
        settings,
        onBar: (status) => printBar(args, status),
        onEvent: (text) => process.stderr.write(`${formatMinute(clock.now())} UTC  ${text}\n`),
      }),
    );
    process.stdout.write(
      args.json
        ? `${JSON.stringify({end: toIso(clock.now()), ...report})}\n`
        : `${formatCount(report.bars, "bar")} and ` +
            `${formatCount(report.corrections, "correction")} written.\n`,
    );
  },
};

function settingsOf(args: CollectArgs) {
  const silent = args["silent-after-in-secs"];
  const recheckBars = positiveNumber(args["recheck-bars"], "--recheck-bars");
  if (!Number.isInteger(recheckBars)) {
    throw refused("--recheck-bars", "a whole number", recheckBars);
  }
  return {
    backfillMs: parsePeriod(args.backfill, "--backfill"),
    recheckBars,
    ...(silent === undefined
      ? {}
      : {silentMs: positiveNumber(silent, "--silent-after-in-secs") * SECOND_MS}),
  };
}

function refused(place: string, expected: string, found: number): ReckonError {
  return new ReckonError("misuse", {place, expected, found: String(found)});
}

/** A line per bar: JSON on stdout, or text on stderr. */
function printBar({json}: {json: boolean}, status: CollectStatus): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({...status, barEnd: toIso(status.barEnd)})}\n`);
    return;
  }
  const {barEnd, bars, corrections, missing, pending, isLive, reconnects, silent, errors} = status;
  const troubles = [
    missing.length > 0 ? `missing ${missing.join(", ")}` : "",
    pending > 0 ? `${pending} waiting for the store` : "",
    isLive ? "" : "not live, asking",
  ].filter((text) => text !== "");
  process.stderr.write(
    `${formatMinute(barEnd)} UTC  bars ${bars}  corrections ${corrections}  ` +
      `reconnects ${reconnects}  silent ${silent}  errors ${errors}` +
      `${troubles.length > 0 ? `  (${troubles.join("; ")})` : ""}\n`,
  );
}
