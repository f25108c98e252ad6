import process from "node:process";
import {ReckonError} from "../../errors.js";
import type {EpochMs} from "../../time/epoch.js";

/** Flags of every market command. */
export const STORE = {
  "data-dir": {type: "string", default: "./reckon-data", describe: "folder of the market store"},
  json: {type: "boolean", default: false, describe: "print one JSON document"},
} as const;

/** Flags that name an exchange and a bar length. */
export const SERIES = {
  exchange: {type: "string", demandOption: true, describe: "for example binance"},
  timeframe: {type: "string", demandOption: true, describe: "length of a bar: 1m, 5m, 1h, 1d"},
} as const;

/** The series that {@link STORE} and {@link SERIES} name. */
export function seriesOf(args: {"data-dir": string; exchange: string; timeframe: string}): {
  dataDir: string;
  exchange: string;
  timeframe: string;
} {
  return {dataDir: args["data-dir"], exchange: args.exchange, timeframe: args.timeframe};
}

/**
 * The parts of `a,b,c`, each once.
 *
 * @throws ReckonError `misuse` when there is none
 */
export function listOf(text: string): string[] {
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

/** @throws ReckonError `misuse` unless the start is before the end */
export function requireOrder(start: EpochMs, end: EpochMs): void {
  if (start >= end) {
    throw new ReckonError("misuse", {
      place: "--start-timestamp",
      expected: "a time before --end-timestamp",
      found: "the same or a later one",
    });
  }
}

/** Prints a report as one JSON document or as text. */
export function print<T>({json}: {json: boolean}, report: T, format: (report: T) => string): void {
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : format(report));
}
