import {ReckonError} from "../../errors.js";
import {type EpochMs, MINUTE_MS, parseStamp, SECOND_MS, toIso} from "../../time/epoch.js";
import type {RunFlags} from "./flags.js";

/** The interval of a run, and whether its bars are still to come. */
export interface RunInterval {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly isLive: boolean;
}

type IntervalFlags = Pick<
  RunFlags,
  "runMode" | "startTimestamp" | "endTimestamp" | "runDuration" | "feed" | "marketDataFile"
>;

/**
 * The interval a command line asks for: two timestamps, or one and a duration; a live run may
 * leave its start out and begins with the next bar.
 *
 * A run in prod or paper_trading whose end lies ahead of the clock is live, unless it is told to
 * replay recorded bars; a simulation never is.
 *
 * @param now the run's wall clock
 * @throws ReckonError `misuse` when too little or too much is given
 */
export function runInterval(flags: IntervalFlags, now: EpochMs): RunInterval {
  const {runMode, startTimestamp, endTimestamp, runDuration, feed, marketDataFile} = flags;
  const given = startTimestamp && parseStamp(startTimestamp, "--start-timestamp");
  if ((endTimestamp === undefined) === (runDuration === undefined)) {
    throw new ReckonError("misuse", {
      place: "--end-timestamp",
      expected: "an end, or --run-duration in seconds",
      found: endTimestamp === undefined ? "neither" : "both",
    });
  }
  const start = given || now - (now % MINUTE_MS);
  const end =
    endTimestamp === undefined
      ? start + checkDuration(runDuration as number) * SECOND_MS
      : parseStamp(endTimestamp, "--end-timestamp");
  const isReplay = !["prod", "paper_trading"].includes(runMode) || feed === "recorded";
  const isLive = !isReplay && marketDataFile === undefined && end > now;
  if (!isLive && !given) {
    throw new ReckonError("misuse", {
      place: "--start-timestamp",
      expected: "the start of the recorded bars to replay",
      found: "none",
      fix: `write for example --start-timestamp 20250901_000000; now is ${toIso(now)}`,
    });
  }
  return {start, end, isLive};
}

function checkDuration(seconds: number): number {
  if (!(seconds > 0 && Number.isFinite(seconds))) {
    throw new ReckonError("misuse", {
      place: "--run-duration",
      expected: "a number of seconds above 0",
      found: String(seconds),
    });
  }
  return Math.round(seconds);
}
