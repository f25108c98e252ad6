import type {ConfigTree} from "../config/config-tree.js";
import {ReckonError} from "../errors.js";
import {type Column, type Frame, mapColumns} from "../table/frame.js";
import type {Panel} from "../table/panel.js";
import {parsePeriod} from "../time/bar-grid.js";
import {timeOfDayIn} from "../time/zone.js";

/** A node's parameters, read by name with the node in the message. */
export function nodeParams(params: Readonly<Record<string, ConfigTree>>, nodeId: string) {
  const complain = (name: string, expected: string, found: unknown): never => {
    throw new ReckonError("misuse", {
      place: `config dag_config.${nodeId}.${name}`,
      expected,
      found: JSON.stringify(found) ?? "nothing",
    });
  };
  const value = (name: string): unknown => params[nodeId]?.[name];
  return {
    number(name: string): number {
      const found = value(name);
      return typeof found === "number" ? found : complain(name, "a number", found);
    },
    /** A period such as `1h` in bars, at least one. */
    bars(name: string, barMs: number): number {
      const found = value(name);
      const text = typeof found === "string" ? found : complain(name, "a period such as 1h", found);
      return Math.max(1, Math.round(parsePeriod(text, `dag_config.${nodeId}.${name}`) / barMs));
    },
    text(name: string): string {
      const found = value(name);
      return typeof found === "string" ? found : complain(name, "text", found);
    },
  };
}

/** Rows whose time of day in `zone` is outside [start, end] (ms since midnight) become NaN. */
export function blankOutside(
  panel: Panel,
  {start, end, zone}: {readonly start: number; readonly end: number; readonly zone: string},
): Panel {
  const timeOfDay = timeOfDayIn(zone);
  const isInside = Array.from(panel.index, (time) => {
    const at = timeOfDay(time);
    return start <= at && at <= end;
  });
  const features = new Map<string, readonly Column[]>();
  for (const [name, data] of panel.features) {
    features.set(
      name,
      data.map((column) => column.map((value, t) => (isInside[t] ? value : Number.NaN))),
    );
  }
  return {...panel, features};
}

/** How the rows of one resampled bar become one number; gets first and last row (exclusive). */
export type BarReducer = (columns: readonly Column[], from: number, to: number) => number;

/**
 * Rows gathered into bars (t - barMs, t], named by their end; bars without any row are left out
 * only at the two ends of the panel.
 *
 * @param features output name -> the input features and how to reduce them
 */
export function resampleBars(
  panel: Panel,
  barMs: number,
  features: Readonly<Record<string, {readonly of: readonly string[]; readonly by: BarReducer}>>,
): Panel {
  const {index, columns} = panel;
  const first = Math.ceil((index[0] ?? 0) / barMs);
  const count = index.length === 0 ? 0 : Math.ceil((index.at(-1) as number) / barMs) - first + 1;
  const ends = Float64Array.from({length: count}, (_, t) => (first + t) * barMs);
  const borders = bordersOf(index, ends);
  const out = new Map<string, readonly Column[]>();
  for (const [name, {of, by}] of Object.entries(features)) {
    const inputs = of.map((feature) => panel.features.get(feature) as readonly Column[]);
    out.set(
      name,
      columns.map((_, j) => {
        const cells = inputs.map((data) => data[j] as Column);
        return ends.map((_, t) => by(cells, borders[t] as number, borders[t + 1] as number));
      }),
    );
  }
  return {index: ends, columns, features: out};
}

/**
 * A market whose bars are at most `barMs` long in bars of that length: the rows themselves where
 * they are, else {@link resampleBars}. A model that begins with it trades every five minutes on
 * one-minute bars as on five-minute ones.
 */
export function inBarsOf(
  market: Panel,
  barMs: number,
  features: Parameters<typeof resampleBars>[2],
): Panel {
  const [first = 0, second = first + barMs] = market.index;
  return second - first === barMs ? market : resampleBars(market, barMs, features);
}

/** The last known value of the bar. */
export const lastOf: BarReducer = ([column], from, to) => {
  for (let t = to - 1; t >= from; --t) {
    const value = (column as Column)[t] as number;
    if (!Number.isNaN(value)) {
      return value;
    }
  }
  return Number.NaN;
};

/** The sum of the bar's known values; NaN when there is none. */
export const sumOf: BarReducer = ([column], from, to) => {
  const known = (column as Column).subarray(from, to).filter((value) => !Number.isNaN(value));
  return known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0);
};

/** The mean of the bar's known values; NaN when there is none. */
export const meanOf: BarReducer = ([column], from, to) => {
  let sum = 0;
  let known = 0;
  for (let t = from; t < to; ++t) {
    const value = (column as Column)[t] as number;
    if (!Number.isNaN(value)) {
      sum += value;
      known += 1;
    }
  }
  return sum / known;
};

/** sum(value * weight) / sum(weight) over the rows where both are known; NaN without weight. */
export const weightedMeanOf: BarReducer = ([values, weights], from, to) => {
  let sum = 0;
  let total = 0;
  for (let t = from; t < to; ++t) {
    const product = ((values as Column)[t] as number) * ((weights as Column)[t] as number);
    if (!Number.isNaN(product)) {
      sum += product;
      total += (weights as Column)[t] as number;
    }
  }
  return total === 0 ? Number.NaN : sum / total;
};

/** For each column, `f` over its known values only; the results go back to their rows. */
export function mapKnown(frame: Frame, f: (known: Column) => Column): Frame {
  return mapColumns(frame, (column) => {
    const rows = Array.from(column.keys()).filter((t) => !Number.isNaN(column[t]));
    const values = f(Float64Array.from(rows, (t) => column[t] as number));
    const out = new Float64Array(column.length).fill(Number.NaN);
    for (const [k, t] of rows.entries()) {
      out[t] = values[k] as number;
    }
    return out;
  });
}

/** `borders[t]` is the first row after `ends[t - 1]`; one more than there are ends. */
function bordersOf(index: Float64Array, ends: Float64Array): number[] {
  const borders = [0];
  let row = 0;
  for (const end of ends) {
    while (row < index.length && (index[row] as number) <= end) {
      row += 1;
    }
    borders.push(row);
  }
  return borders;
}
