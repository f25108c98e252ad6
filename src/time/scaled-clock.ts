import {ReckonError} from "../errors.js";
import type {Clock} from "./clock.js";
import {type EpochMs, formatStamp, parseStamp} from "./epoch.js";

/** Time that runs faster or slower than the machine's: what several processes agree on. */
export interface ClockScale {
  /** What the clock reads at {@link realStart}. */
  readonly start: EpochMs;
  /** On the machine's clock. */
  readonly realStart: EpochMs;
  /** Seconds of clock time per second of machine time. */
  readonly speed: number;
}

/**
 * A wall clock at `speed` times the pace of `base`: a day of trading in 24 minutes at 60.
 *
 * It reads start + (base − realStart) · speed, in whole milliseconds.
 */
export function scaledClock({start, realStart, speed}: ClockScale, base: Clock): Clock {
  return {
    now: () => start + Math.floor((base.now() - realStart) * speed),
    sleepUntil: (time, signal) =>
      base.sleepUntil(realStart + Math.ceil((time - start) / speed), signal),
  };
}

const SCALE = /^(\d{8}_\d{6})@(\d{8}_\d{6})x(\d+(?:\.\d+)?)$/;

/**
 * A scale written `START@REAL_STARTxSPEED`, for example `20250901_000000@20261121_143000x60`;
 * both times are UTC stamps.
 *
 * @throws ReckonError `misuse`
 */
export function parseClockScale(text: string, place: string): ClockScale {
  const [, start, realStart, speed] = SCALE.exec(text) ?? [];
  if (start === undefined || realStart === undefined || !(Number(speed) > 0)) {
    throw new ReckonError("misuse", {
      place,
      expected:
        "START@REAL_STARTxSPEED with UTC stamps, such as 20250901_000000@20260102_080000x60",
      found: JSON.stringify(text),
    });
  }
  return {
    start: parseStamp(start, place),
    realStart: parseStamp(realStart, place),
    speed: Number(speed),
  };
}

/** The inverse of {@link parseClockScale}. */
export function formatClockScale({start, realStart, speed}: ClockScale): string {
  return `${formatStamp(start)}@${formatStamp(realStart)}x${speed}`;
}
