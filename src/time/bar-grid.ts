import {ReckonError} from "../errors.js";
import {DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS, toIso} from "./epoch.js";

const UNIT_MS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  S: SECOND_MS,
  m: MINUTE_MS,
  T: MINUTE_MS,
  min: MINUTE_MS,
  h: HOUR_MS,
  H: HOUR_MS,
  d: DAY_MS,
  D: DAY_MS,
};

/**
 * The length of a period written as `5m`, `5T`, `1h`, `10S`, `7D`.
 *
 * @throws ReckonError `misuse` when the text is none
 */
export function parsePeriod(text: string, place = "period"): number {
  const match = /^(\d+)\s*([A-Za-z]+)$/.exec(text.trim());
  const unit = UNIT_MS[match?.[2] ?? ""];
  if (!match || unit === undefined || Number(match[1]) === 0) {
    throw new ReckonError("misuse", {
      place,
      expected: "a period such as 5m, 1h or 1d",
      found: JSON.stringify(text),
    });
  }
  return Number(match[1]) * unit;
}

const TIMEFRAME_UNITS: readonly (readonly [ms: number, letter: string])[] = [
  [DAY_MS, "d"],
  [HOUR_MS, "h"],
  [MINUTE_MS, "m"],
  [SECOND_MS, "s"],
];

/** A bar length as folders and exchanges spell it: the largest whole unit of `5m`, `1h`, `1d`. */
export function formatTimeframe(barMs: number): string {
  const [ms, letter] = TIMEFRAME_UNITS.find(([unit]) => barMs % unit === 0) ?? [SECOND_MS, "s"];
  return `${barMs / ms}${letter}`;
}

/** The latest bar end at or before `time`; bars are counted from the epoch. */
export function floorToBar(time: EpochMs, barMs: number): EpochMs {
  return Math.floor(time / barMs) * barMs;
}

/** The earliest bar end at or after `time`; a time on the grid stays. */
export function ceilToBar(time: EpochMs, barMs: number): EpochMs {
  return Math.ceil(time / barMs) * barMs;
}

/**
 * The bar end nearest to `time`; the midpoint goes to the even bar, as numpy rounds.
 *
 * @param maxDistanceMs farther than this from any bar end is an error (a bar that came too late)
 */
export function roundToBar(time: EpochMs, barMs: number, maxDistanceMs = Infinity): EpochMs {
  const below = floorToBar(time, barMs);
  const rest = time - below;
  const isUp = rest * 2 > barMs || (rest * 2 === barMs && (below / barMs) % 2 !== 0);
  const bar = isUp ? below + barMs : below;
  if (Math.abs(time - bar) > maxDistanceMs) {
    throw new ReckonError("failed", {
      place: "wall clock",
      expected: `a time within ${maxDistanceMs / SECOND_MS} s of a bar end`,
      found: `${toIso(time)}, nearest bar end ${toIso(bar)}`,
    });
  }
  return bar;
}

/** The ends of the bars in (start, end]: what a run from start to end handles. */
export function barEnds(start: EpochMs, end: EpochMs, barMs: number): Float64Array {
  const first = floorToBar(start, barMs) + barMs;
  const count = Math.max(0, Math.floor((end - first) / barMs) + 1);
  return Float64Array.from({length: count}, (_, i) => first + i * barMs);
}
