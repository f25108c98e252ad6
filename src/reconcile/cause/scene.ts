import {columnOf, type Frame} from "../../table/frame.js";
import {type EpochMs, formatMinute, SECOND_MS} from "../../time/epoch.js";
import type {Comparable} from "../layers/comparable.js";
import type {RecordedSide, SideName} from "../record/recorded-side.js";

/** Handling a bar takes a few seconds; a clock that is this much further off tells of a stall. */
const STALL_MS = 20 * SECOND_MS;

/** The sides by name. */
export function sideOf({prod, sim}: Comparable, name: SideName): RecordedSide {
  return name === "prod" ? prod : sim;
}

/** The value of a frame at a bar and column; NaN where it has none. */
export function valueAt(frame: Frame | undefined, barEnd: EpochMs, column: string): number {
  if (frame === undefined || !frame.columns.includes(column)) {
    return Number.NaN;
  }
  return columnOf(frame, column)[frame.index.indexOf(barEnd)] ?? Number.NaN;
}

/** Smallest step of an instrument's quantity on a side; NaN where it is not recorded. */
export function lotOf({instruments}: RecordedSide, id: string): number {
  return instruments.find((instrument) => instrument.id === id)?.lotSize ?? Number.NaN;
}

/** The coarser lot of both sides; 0 where neither is recorded. */
export function coarserLot({prod, sim}: Comparable, id: string): number {
  return Math.max(0, ...[lotOf(prod, id), lotOf(sim, id)].filter(Number.isFinite));
}

/** How much later than the sim's prod's clock stood when it handled a bar, ms; NaN if unknown. */
export function clockShift({prod, sim}: Comparable, barEnd: EpochMs): number {
  return (prod.wallClock.get(barEnd) ?? NaN) - (sim.wallClock.get(barEnd) ?? NaN);
}

/** True where the clocks of the two runs stood much further apart than at most other bars. */
export function isClockOff(both: Comparable, barEnd: EpochMs): boolean {
  const shifts = Array.from(both.prod.wallClock.keys(), (bar) => clockShift(both, bar))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const usual = shifts[shifts.length >> 1] ?? 0;
  return Math.abs(clockShift(both, barEnd) - usual) >= STALL_MS;
}

/** When prod and sim handled a bar, in words. */
export function clockText(both: Comparable, barEnd: EpochMs): string {
  const seconds = Math.round(clockShift(both, barEnd) / SECOND_MS);
  const order = seconds >= 0 ? "later" : "earlier";
  return Number.isNaN(seconds) || seconds === 0
    ? ""
    : `Prod handled the bar ${formatMinute(barEnd)} ${Math.abs(seconds)} s ${order} than the ` +
        "simulation did.";
}

/** The last bar of either side before this one; NaN when there is none. */
export function barBefore({prod, sim}: Comparable, barEnd: EpochMs): EpochMs {
  return Math.max(
    ...[prod, sim].map(({bars}) => bars.filter((bar) => bar < barEnd).at(-1) ?? -Infinity),
  );
}

/** Digits of a number in a sentence: values that differ still do. */
const SHOWN_DIGITS = 10;

function roundedOf(value: number | string): number | string {
  return typeof value === "number" ? Number(value.toPrecision(SHOWN_DIGITS)) : value;
}

/** A value in a sentence. */
export function wordOf(value: number | string): string {
  return Number.isNaN(value) ? "missing" : String(roundedOf(value));
}
