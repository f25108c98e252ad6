import {type EpochMs, toIso} from "../../time/epoch.js";
import type {Figure} from "../figure.js";

/** A trace of a plotly figure. */
export type Trace = Readonly<Record<string, unknown>>;

/** The strategy is dark and wide, the benchmark pale, on light and on dark pages. */
export const STRATEGY = "#2f80c8";
export const BENCHMARK = "#9a9a9a";
/** Of losses. */
export const LOSS = "#d1495b";

/** Digits of a value that a drawing can show. */
const PRECISION = 5;

/** `2024-01-31`. */
export function dayText(time: EpochMs): string {
  return toIso(time).slice(0, 10);
}

/** Values as JSON has them: five digits, null where missing. */
export function plotted(values: Float64Array, from = 0): (number | null)[] {
  return Array.from(values.subarray(from), (x) =>
    Number.isFinite(x) ? Number(x.toPrecision(PRECISION)) : null,
  );
}

/** Points over days; days that follow each other evenly are told by the first and the step. */
export function dayPoints(index: Float64Array, values: Float64Array): Record<string, unknown> {
  // What comes before the first known value needs no room on the page.
  const first = Math.max(
    0,
    values.findIndex((x) => Number.isFinite(x)),
  );
  const [start, next] = [index[first] as number, index[first + 1] as number];
  const step = next - start;
  const isEven = index.every((time, t) => t <= first || time - (index[t - 1] as number) === step);
  const y = plotted(values, first);
  return isEven && step > 0
    ? {x0: dayText(start), dx: step, y}
    : {x: Array.from(index.subarray(first), dayText), y};
}

/** A line over days. */
export function dayLine(
  index: Float64Array,
  values: Float64Array,
  style: Readonly<Record<string, unknown>>,
): Trace {
  return {
    type: "scatter",
    mode: index.length === 1 ? "markers" : "lines",
    ...dayPoints(index, values),
    ...style,
  };
}

/** A figure with the margins, legend and title that all of the tear sheet share. */
export function sheetFigure(
  title: string,
  data: readonly Trace[],
  layout: Readonly<Record<string, unknown>> = {},
): Figure {
  return {
    data,
    layout: {
      title: {text: title},
      height: 380,
      margin: {l: 64, r: 24, t: 64, b: 44},
      hovermode: "x unified",
      showlegend: data.filter(({showlegend}) => showlegend !== false).length > 1,
      ...layout,
    },
  };
}

/** A broken line across the whole figure at a level. */
export function levelLine(level: number, color: string): Trace {
  return {
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    y0: level,
    y1: level,
    line: {color, width: 1, dash: "dash"},
  };
}

/** An axis of days. */
export const DAY_AXIS = {type: "date", hoverformat: "%Y-%m-%d"} as const;

/** An axis of fractions, shown in percent. */
export function percentAxis(title = "", tickformat = ",.3~%"): Record<string, unknown> {
  return {tickformat, zeroline: true, ...(title === "" ? {} : {title: {text: title}})};
}
