import type {EpochMs} from "../../time/epoch.js";

/** What can be wrong with the values of a row. */
export const FAULTS = [
  "no number",
  "price not positive",
  "high below open, close or low",
  "low above open, close or high",
  "volume negative",
] as const;
/** One of {@link FAULTS}. */
export type Fault = (typeof FAULTS)[number];

/** A row with a fault. */
export interface FaultyRow {
  readonly fault: Fault;
  readonly barEnd: EpochMs;
  /** Open, high, low, close, volume. */
  readonly values: readonly number[];
}

/** What is wrong with the values of a row; nothing when they make a bar. */
export function faultsOf(
  open: number,
  high: number,
  {low, close, volume}: {readonly low: number; readonly close: number; readonly volume: number},
): readonly Fault[] {
  const isWhole =
    Number.isFinite(open + high + low + close + volume) &&
    low > 0 &&
    low <= open &&
    low <= close &&
    high >= open &&
    high >= close &&
    volume >= 0;
  if (isWhole) {
    return [];
  }
  if (![open, high, low, close, volume].every(Number.isFinite)) {
    return ["no number"];
  }
  const found: Fault[] = [];
  if (Math.min(open, high, low, close) <= 0) {
    found.push("price not positive");
  }
  if (high < Math.max(open, close, low)) {
    found.push("high below open, close or low");
  }
  if (low > Math.min(open, close, high)) {
    found.push("low above open, close or high");
  }
  if (volume < 0) {
    found.push("volume negative");
  }
  return found;
}
