import {formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import type {NotCompared, RecordedSide, SideName} from "../record/recorded-side.js";
import {withoutLost} from "../record/without-lost.js";

/**
 * Both runs, each stream without the bars of which the record of either cannot be used, and the
 * stretch of time of which both have records.
 */
export interface Comparable {
  readonly prod: RecordedSide;
  readonly sim: RecordedSide;
  /** Within this of the larger of two values they count as equal. */
  readonly relative: number;
  /** True for bars from the later beginning to the earlier end of the two records. */
  readonly isComparable: (barEnd: number) => boolean;
  /** What lies outside, or is damaged. */
  readonly notCompared: readonly NotCompared[];
}

/**
 * The bars that both runs cover. A bar in between that one side lacks is a difference; what lies
 * before the one began or after it ended is only told.
 */
export function comparable(prod: RecordedSide, sim: RecordedSide, relative: number): Comparable {
  const notCompared: NotCompared[] = [...prod.problems, ...sim.problems];
  const [from, to] = [
    Math.max(prod.bars[0] ?? Number.NaN, sim.bars[0] ?? Number.NaN),
    Math.min(prod.bars.at(-1) ?? Number.NaN, sim.bars.at(-1) ?? Number.NaN),
  ];
  for (const [side, other] of [
    [prod, sim],
    [sim, prod],
  ] as const) {
    notCompared.push(...beyond(side, other, {from, to}));
  }
  return {
    ...withoutLost(prod, sim),
    relative,
    isComparable: (barEnd) => from <= to && barEnd <= to && barEnd >= firstRow(from, prod, sim),
    notCompared,
  };
}

/** Rows from before the first bar are history that its records hold: they are compared as well. */
function firstRow(from: number, prod: RecordedSide, sim: RecordedSide): number {
  return prod.bars[0] === sim.bars[0] ? Number.NEGATIVE_INFINITY : from;
}

function beyond(
  {name, bars}: RecordedSide,
  other: RecordedSide,
  {from, to}: {readonly from: number; readonly to: number},
): NotCompared[] {
  if (bars.length === 0) {
    return [{what: "all bars", side: name, why: `${name} recorded no bar`}];
  }
  if (other.bars.length === 0) {
    return [];
  }
  const told = (what: string, side: SideName, why: string): NotCompared => ({what, side, why});
  if (!(from <= to)) {
    const span = `${formatMinute(bars[0] as number)} to ${formatMinute(bars.at(-1) as number)}`;
    return [told("all bars", name, `the runs have no bar in common: ${name} has ${span} UTC`)];
  }
  const before = bars.filter((bar) => bar < from).length;
  const after = bars.filter((bar) => bar > to).length;
  const found: NotCompared[] = [];
  if (before > 0) {
    const first = formatMinute(other.bars[0] as number);
    found.push(
      told(
        `${formatCount(before, "bar")} before ${first} UTC`,
        other.name,
        `${other.name} begins later`,
      ),
    );
  }
  if (after > 0) {
    const last = formatMinute(other.bars.at(-1) as number);
    found.push(
      told(
        `${formatCount(after, "bar")} after ${last} UTC`,
        other.name,
        `${other.name} ends earlier`,
      ),
    );
  }
  return found;
}
