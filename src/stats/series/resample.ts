import {type Column, type Frame, makeFrame} from "../../table/frame.js";
import {DAY_MS} from "../../time/epoch.js";
import {frequencyMs} from "./observations-per-year.js";

/** How rows are put together. */
export interface Resampling {
  /** `5T`, `H`, `D`, … or `B`: Monday to Friday, a weekend belonging to the Friday before. */
  readonly frequency: string;
  /**
   * Which edge of a bin belongs to it and names it: `left` (default) [a, b) named a, as pandas
   * does; `right` (a, b] named b, as bars are.
   */
  readonly closed?: "left" | "right";
  /** Days begin at midnight of this offset from UTC; default 0. */
  readonly utcOffsetMs?: number;
  /** What a bin makes of its known values; a bin without any is NaN. Default `sum` for all. */
  readonly reduce?: Readonly<Record<string, Reduction>>;
}

export type Reduction = "sum" | "mean";

/**
 * Rows put into bins of time, every bin from the first row's to the last row's, empty ones too.
 *
 * Bins of a fixed length are counted from midnight before the first row.
 *
 * @throws ReckonError `misuse` when the frequency is none
 */
export function resample(frame: Frame, options: Resampling): Frame {
  const {reduce = {}} = options;
  const {index, binOf} = binning(frame.index, options);
  const data = frame.columns.map((name, j) => {
    const sums = binSums(frame.data[j] as Column, binOf, index.length);
    return reduce[name] === "mean" ? sums.total.map((x, i) => x / sums.known[i]!) : sums.total;
  });
  return makeFrame(index, frame.columns, data);
}

interface Binning {
  readonly index: Float64Array;
  /** The bin of every row. */
  readonly binOf: Int32Array;
}

function binning(times: Float64Array, options: Resampling): Binning {
  const {frequency, closed = "left", utcOffsetMs = 0} = options;
  const first = Math.floor(((times[0] ?? 0) + utcOffsetMs) / DAY_MS) * DAY_MS - utcOffsetMs;
  const grid =
    frequency === "B" ? businessGrid(utcOffsetMs) : fixedGrid(first, frequencyMs(frequency));
  // Instants are whole milliseconds: (a, b] moved back by one is [a, b).
  const shift = closed === "right" ? 1 : 0;
  const numbers = Int32Array.from(times, (time) => grid.numberOf(time - shift));
  const lowest = numbers[0] ?? 0;
  const bins = numbers.length === 0 ? 0 : numbers[numbers.length - 1]! - lowest + 1;
  const index = Float64Array.from({length: bins}, (_, i) => grid.startOf(lowest + i + shift));
  return {index, binOf: numbers.map((number) => number - lowest)};
}

interface Grid {
  readonly numberOf: (time: number) => number;
  readonly startOf: (number: number) => number;
}

function fixedGrid(origin: number, length: number): Grid {
  return {
    numberOf: (time) => Math.floor((time - origin) / length),
    startOf: (number) => origin + number * length,
  };
}

/** Business days, numbered from Monday 1970-01-05. */
function businessGrid(utcOffsetMs: number): Grid {
  return {
    numberOf: (time) => {
      const day = Math.floor((time + utcOffsetMs) / DAY_MS) - 4;
      const week = Math.floor(day / 7);
      return week * 5 + Math.min(4, day - week * 7);
    },
    startOf: (number) => {
      const week = Math.floor(number / 5);
      return (week * 7 + (number - week * 5) + 4) * DAY_MS - utcOffsetMs;
    },
  };
}

function binSums(
  values: Column,
  binOf: Int32Array,
  bins: number,
): {total: Float64Array; known: Float64Array} {
  const total = new Float64Array(bins).fill(Number.NaN);
  const known = new Float64Array(bins);
  for (let t = 0; t < values.length; ++t) {
    const x = values[t] as number;
    const bin = binOf[t] as number;
    if (!Number.isNaN(x)) {
      total[bin] = (known[bin] === 0 ? 0 : (total[bin] as number)) + x;
      known[bin] = (known[bin] as number) + 1;
    }
  }
  return {total, known};
}
