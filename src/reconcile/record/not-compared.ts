import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";

/** Which of the two runs. */
export type SideName = "prod" | "sim";

/** Something that could not be compared, and why. */
export interface NotCompared {
  /** For example `holdings_shares` or `bars up to 2025-09-01 06:00`. */
  readonly what: string;
  /** The run that is to blame; both where neither has it. */
  readonly side: SideName | "both";
  readonly why: string;
}

/** Something that is the matter with one bar's record. */
export interface BarNote {
  readonly barEnd: EpochMs;
  readonly why: string;
}

/** Bars that are told one by one. */
const MOST_TOLD = 5;

/** What is the matter with bars of a stream: the first few one by one, the rest together. */
export function barNotes(
  what: string,
  side: SideName,
  notes: readonly BarNote[],
): readonly NotCompared[] {
  const told = notes.slice(0, MOST_TOLD).map(({barEnd, why}) => ({
    what: `${what} at ${formatMinute(barEnd)} UTC`,
    side,
    why,
  }));
  const [next, ...more] = notes.slice(MOST_TOLD);
  if (next === undefined) {
    return told;
  }
  const last = more.at(-1) ?? next;
  const span = `${formatMinute(next.barEnd)} to ${formatMinute(last.barEnd)} UTC`;
  const bars = formatCount(more.length + 1, "more bar");
  const rest = {what: `${what} at ${bars}, ${span}`, side, why: `likewise; the first: ${next.why}`};
  return [...told, rest];
}
