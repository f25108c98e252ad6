import assert from "node:assert/strict";
import {ReckonError} from "../../errors.js";
import {type EpochMs, toIso} from "../../time/epoch.js";

/** One bar's forecasts; arrays are in instrument order, NaN means missing. */
export interface Forecasts {
  readonly barEnd: EpochMs;
  /** When the bar was decided: its cut-off. Now where left out. */
  readonly asOf?: EpochMs;
  readonly prediction: Float64Array;
  readonly volatility: Float64Array;
  readonly spread?: Float64Array | undefined;
}

/**
 * Refuses forecasts that cannot be of this bar: one value per instrument, and none of the future.
 *
 * @throws ReckonError `failed` for forecasts of a bar that is not over
 */
export function checkForecasts(forecasts: Forecasts, barEnd: EpochMs, count: number): void {
  for (const [name, values] of Object.entries(forecasts)) {
    const isRow = typeof values === "object";
    assert.ok(!isRow || values.length === count, `${name}: one value per instrument`);
  }
  if (forecasts.barEnd > barEnd) {
    throw new ReckonError("failed", {
      place: "forecasts",
      expected: `those of the bar that ends at ${toIso(barEnd)}`,
      found: `a row of ${toIso(forecasts.barEnd)}, which lies in the future`,
    });
  }
}

/** A row in which everything is missing. */
export function noForecasts(barEnd: EpochMs, count: number): Forecasts {
  const missing = new Float64Array(count).fill(Number.NaN);
  return {barEnd, prediction: missing, volatility: missing};
}

/** A row with what cannot be used taken as missing. */
export interface UsableForecasts {
  readonly forecasts: Forecasts;
  /** Names, by number, whose volatility or spread was negative or infinite. */
  readonly refused: readonly number[];
  /** Names without a finite prediction. */
  readonly missing: readonly number[];
}

/**
 * Forecasts in which an infinite prediction, a negative or infinite volatility and a negative or
 * infinite spread are NaN: the sizing would make a largest or a reversed position of them.
 */
export function usableForecasts(given: Forecasts): UsableForecasts {
  const refused: number[] = [];
  const missing: number[] = [];
  const sizes = (values: Float64Array): Float64Array =>
    values.map((value, i) => {
      const isUsable = Number.isNaN(value) || (value >= 0 && value < Number.POSITIVE_INFINITY);
      if (!isUsable && !refused.includes(i)) {
        refused.push(i);
      }
      return isUsable ? value : Number.NaN;
    });
  const prediction = given.prediction.map((x, i) => {
    const isUsable = Number.isFinite(x);
    if (!isUsable) {
      missing.push(i);
    }
    return isUsable ? x : Number.NaN;
  });
  const forecasts = {
    barEnd: given.barEnd,
    prediction,
    volatility: sizes(given.volatility),
    spread: given.spread === undefined ? undefined : sizes(given.spread),
  };
  return {forecasts, refused: refused.sort((a, b) => a - b), missing};
}
