import type {Column} from "../../table/frame.js";
import {DAY_MS} from "../../time/epoch.js";
import {isBusinessDay} from "../series/observations-per-year.js";
import {usualStep} from "../series/usual-step.js";

/** Dates that are needed before their spacing says anything. */
const FEWEST_DATES = 4;

/** Two weeks have weekends, if the dates have any. */
const FEWEST_DAYS_OF_WEEK = 14;

/**
 * Says that dates contradict the periods of a year they are annualised with; undefined where they
 * fit, or are too few.
 *
 * Days of all the week are 365 a year and business days 261 (252 without holidays): these are told
 * apart, though 365 / 261 is 1.4. Other dates are 365.25 over their median spacing, and contradict
 * by more than a factor of 1.5.
 *
 * @param index midnights that name the periods, increasing
 */
export function spacingWarning(index: Column, periodsPerYear: number): string | undefined {
  const kind = index.length < FEWEST_DATES ? undefined : kindOfDates(index);
  if (kind === undefined) {
    return undefined;
  }
  const {words, perYear, tolerance, fitting = String(perYear)} = kind;
  const factor = periodsPerYear / perYear;
  if (factor <= tolerance && factor >= 1 / tolerance) {
    return undefined;
  }
  const times = Math.sqrt(Math.max(factor, 1 / factor)).toFixed(1);
  return (
    `The dates are ${words}, about ${perYear} a year, but a year is taken to have ` +
    `${periodsPerYear} periods: volatility and Sharpe ratio are ${times} times too ` +
    `${factor > 1 ? "large" : "small"}, other annual figures are wrong too; ${fitting} would fit.`
  );
}

interface KindOfDates {
  readonly words: string;
  readonly perYear: number;
  /** Beyond this factor the periods of a year are another kind's. */
  readonly tolerance: number;
  readonly fitting?: string;
}

function kindOfDates(index: Column): KindOfDates {
  const days = Math.max(1, Math.round(usualStep(index) / DAY_MS));
  if (days > 1) {
    const perYear = Math.max(1, Math.round(365.25 / days));
    return {words: `${days} days apart`, perYear, tolerance: 1.5};
  }
  const span = ((index.at(-1) as number) - (index[0] as number)) / DAY_MS;
  if (span < FEWEST_DAYS_OF_WEEK) {
    return {words: "days", perYear: 365, tolerance: 1.5};
  }
  // A stray weekend among business days does not make a market that never closes.
  const weekends = index.filter((time) => !isBusinessDay(time)).length / index.length;
  return weekends < 0.05
    ? {words: "business days", perYear: 261, tolerance: 1.2, fitting: "252 or 261"}
    : {words: "days of all the week", perYear: 365, tolerance: 1.2};
}
