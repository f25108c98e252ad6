import {mean} from "../../stats/distribution/moments.js";
import {type CalendarPeriod, periodReturns} from "../../stats/series/period-returns.js";
import {DAY_MS, HOUR_MS, utcYear} from "../../time/epoch.js";
import {localTimeIn, weekdayOf} from "../../time/local-day.js";
import type {Figure} from "../figure.js";
import {formatPercent} from "../number-text.js";
import type {Sentence} from "../sentence.js";
import {notShown} from "./not-shown.js";
import type {ReturnSeries} from "./return-series.js";
import {BENCHMARK, LOSS, percentAxis, STRATEGY, sheetFigure} from "./sheet-figure.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Returns of each month, a row per year, and the year's at the end. */
export function monthlyHeatmap({index, returns}: ReturnSeries): Figure {
  const months = periodReturns(index, returns, "month");
  const years = periodReturns(index, returns, "year");
  const names = Array.from(years.start, (start) => String(utcYear(start)));
  const cells = names.map(() => new Array<number | null>(13).fill(null));
  months.start.forEach((start, i) => {
    const row = cells[names.indexOf(String(utcYear(start)))] as (number | null)[];
    row[new Date(start).getUTCMonth()] = months.returns[i] as number;
  });
  years.returns.forEach((r, i) => {
    (cells[i] as (number | null)[])[12] = r;
  });
  const limit = months.returns.reduce((most, r) => Math.max(most, Math.abs(r)), 1e-9);
  const digits = limit < 0.02 ? 2 : 1;
  return sheetFigure(
    "Return of each month and year",
    [
      {
        type: "heatmap",
        x: [...MONTHS, "Year"],
        y: names,
        z: cells.map((row) => row.map((r) => (r === null ? null : Number(r.toPrecision(5))))),
        text: cells.map((row) =>
          row.map((r) => (r === null ? "" : formatPercent(100 * r, digits).replace("%", ""))),
        ),
        texttemplate: "%{text}",
        hovertemplate: "%{x} %{y}: %{text}%<extra></extra>",
        zmin: -limit,
        zmax: limit,
        showscale: false,
        xgap: 2,
        ygap: 2,
      },
    ],
    {
      title: {text: "Return of each month and year (%)"},
      height: 150 + 34 * names.length,
      hovermode: "closest",
      xaxis: {type: "category", side: "top", showgrid: false},
      yaxis: {type: "category", autorange: "reversed", showgrid: false},
      margin: {l: 56, r: 16, t: 88, b: 16},
    },
  );
}

/** Returns of calendar years, beside those of the benchmark. */
export function yearlyFigure(series: ReturnSeries): Figure {
  const {index, returns, benchmark, benchmarkName = "benchmark", name} = series;
  const years = periodReturns(index, returns, "year");
  const x = Array.from(years.start, (start) => String(utcYear(start)));
  const bar = (values: Float64Array) => ({type: "bar", x, y: Array.from(values)});
  return sheetFigure(
    "Return of each year",
    [
      ...(benchmark === undefined
        ? []
        : [
            {
              ...bar(periodReturns(index, benchmark, "year").returns),
              name: benchmarkName,
              marker: {color: BENCHMARK},
            },
          ]),
      {...bar(years.returns), name, marker: {color: STRATEGY}},
    ],
    {xaxis: {type: "category"}, yaxis: percentAxis(), height: 320},
  );
}

/** Mean return of each weekday. */
export function weekdayFigure({index, returns}: ReturnSeries): Figure | Sentence {
  const isDaily =
    index.length > 1 && index.every((t, i) => i === 0 || t - (index[i - 1] ?? t) < 6 * DAY_MS);
  return isDaily
    ? seasonFigure("Mean return of each weekday", WEEKDAYS, {
        returns,
        groupOf: (t) => (weekdayOf((index[t] as number) / DAY_MS) + 6) % 7,
      })
    : notShown("Seasonality of weekdays", "the rows are longer than days");
}

/** Mean return of the bars that end in each hour of the day. */
export function hourlyFigure({bars, zone}: ReturnSeries): Figure | Sentence {
  if (bars === undefined) {
    return notShown("Seasonality of hours", "the file has one row for each day");
  }
  const local = localTimeIn(zone);
  const hours = Array.from({length: 24}, (_, hour) => String(hour).padStart(2, "0"));
  return seasonFigure(`Mean return of bars by the hour they began in (${zone})`, hours, {
    returns: bars.returns,
    groupOf: (t) => Math.floor(local((bars.barEnd[t] as number) - 1).timeOfDay / HOUR_MS),
  });
}

/** Means of groups with bars of ± two standard errors. */
function seasonFigure(
  title: string,
  names: readonly string[],
  {returns, groupOf}: {returns: Float64Array; groupOf: (t: number) => number},
): Figure {
  const groups = names.map(() => [] as number[]);
  returns.forEach((r, t) => {
    groups[groupOf(t)]?.push(r);
  });
  const columns = groups.map((group) => Float64Array.from(group));
  const means = columns.map(mean);
  const errors = columns.map((column, i) => {
    const squares = column.reduce((sum, r) => sum + (r - (means[i] as number)) ** 2, 0);
    return 2 * Math.sqrt(squares / (column.length - 1) / column.length);
  });
  return sheetFigure(
    `${title}, ± 2 standard errors`,
    [
      {
        type: "bar",
        x: names,
        y: means.map((m) => (Number.isFinite(m) ? m : null)),
        error_y: {
          type: "data",
          array: errors.map((e) => (Number.isFinite(e) ? e : null)),
          thickness: 1,
          color: BENCHMARK,
        },
        marker: {color: means.map((m) => (m < 0 ? LOSS : STRATEGY))},
      },
    ],
    {xaxis: {type: "category"}, yaxis: percentAxis("", ",.2~%"), height: 320, hovermode: "closest"},
  );
}

/** Which periods a page compares. */
export const PERIODS: readonly CalendarPeriod[] = ["week", "month", "quarter", "year"];
