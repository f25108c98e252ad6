import {mean} from "../distribution/moments.js";
import {annualReturn, finalWealth, totalReturn} from "../performance/total-return.js";
import {type CalendarPeriod, periodReturns} from "../series/period-returns.js";
import type {Metric, MetricInputs} from "./metric.js";

const group = "Return";
const QUANTSTATS = ["quantstats", "reckon"] as const;
const BOTH = ["reckon", "empyrical", "quantstats", "pyfolio", "nautilus", "ffn"] as const;

const most = (values: Float64Array): number =>
  values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.max(a, b));
const least = (values: Float64Array): number =>
  values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.min(a, b));

const periodsOf = ({index, returns}: MetricInputs, period: CalendarPeriod): Float64Array =>
  periodReturns(index, returns, period).returns;

/** (Π(1 + r))^(1 / n) − 1: the return per period that compounds to the whole. */
function geometricMean(returns: Float64Array): number {
  return finalWealth(returns) ** (1 / returns.length) - 1;
}

/** Compounded from the same date some months before the last on; NaN where younger. */
function trailing({index, returns}: MetricInputs, months: number): number {
  const end = new Date(index.at(-1) ?? Number.NaN);
  const lastDay = new Date(end);
  lastDay.setUTCDate(1);
  lastDay.setUTCMonth(lastDay.getUTCMonth() - months);
  const length = new Date(Date.UTC(lastDay.getUTCFullYear(), lastDay.getUTCMonth() + 1, 0));
  lastDay.setUTCDate(Math.min(end.getUTCDate(), length.getUTCDate()));
  const from = index.findIndex((time) => time >= lastDay.getTime());
  return from < 0 || (index[0] as number) > lastDay.getTime() + 86_400_000
    ? Number.NaN
    : totalReturn(returns.subarray(from));
}

/** Compounded since the start of the last day's month or year. */
function toDate({index, returns}: MetricInputs, period: "month" | "year"): number {
  const made = periodReturns(index, returns, period);
  return made.returns.at(-1) ?? Number.NaN;
}

const annual = ({index, returns, periodsPerYear, convention}: MetricInputs): number =>
  annualReturn(returns, periodsPerYear, {
    convention,
    calendarDays: ((index.at(-1) as number) - (index[0] as number)) / 86_400_000,
  });

/** What was earned. */
export const RETURN_METRICS: readonly Metric[] = [
  {
    key: "cum_returns_final",
    label: "Total return",
    group,
    unit: "fraction",
    libraries: BOTH,
    isHeadline: true,
    needsCapital: true,
    of: ({returns}) => totalReturn(returns),
  },
  {
    key: "cagr",
    label: "Compound annual growth rate",
    group,
    unit: "fraction",
    libraries: BOTH,
    isAnnualised: true,
    isHeadline: true,
    needsCapital: true,
    of: annual,
  },
  {
    key: "annual_return",
    label: "Annual return, compounded",
    group,
    unit: "fraction",
    libraries: BOTH,
    isAnnualised: true,
    isHeadline: true,
    needsCapital: true,
    of: annual,
  },
  {
    key: "mean_return",
    label: "Mean per period",
    group,
    unit: "fraction",
    libraries: ["reckon"],
    of: ({returns}) => mean(returns),
  },
  ...(
    [
      ["expected_return", "Expected per period (geometric)", undefined],
      ["expected_return_monthly", "Expected per month (geometric)", "month"],
      ["expected_return_yearly", "Expected per year (geometric)", "year"],
    ] as const
  ).map(
    ([key, label, period]): Metric => ({
      key,
      label,
      group,
      unit: "fraction",
      libraries: QUANTSTATS,
      needsCapital: true,
      of: (inputs) =>
        geometricMean(period === undefined ? inputs.returns : periodsOf(inputs, period)),
    }),
  ),
  {
    key: "geometric_mean",
    label: "Geometric mean per period",
    group,
    unit: "fraction",
    libraries: QUANTSTATS,
    needsCapital: true,
    of: ({returns}) => geometricMean(returns),
  },
  ...(
    [
      ["mtd", "Month to date", "month"],
      ["ytd", "Year to date", "year"],
    ] as const
  ).map(
    ([key, label, period]): Metric => ({
      key,
      label,
      group,
      unit: "fraction",
      libraries: QUANTSTATS,
      needsCapital: true,
      of: (inputs) => toDate(inputs, period),
    }),
  ),
  ...(
    [
      ["three_months", "Last 3 months", 3],
      ["six_months", "Last 6 months", 6],
      ["one_year", "Last 12 months", 12],
    ] as const
  ).map(
    ([key, label, months]): Metric => ({
      key,
      label,
      group,
      unit: "fraction",
      libraries: QUANTSTATS,
      needsCapital: true,
      of: (inputs) => trailing(inputs, months),
    }),
  ),
  {
    key: "best",
    label: "Best period",
    group,
    unit: "fraction",
    libraries: QUANTSTATS,
    of: ({returns}) => most(returns),
  },
  {
    key: "worst",
    label: "Worst period",
    group,
    unit: "fraction",
    libraries: QUANTSTATS,
    of: ({returns}) => least(returns),
  },
  ...(["month", "year"] as const).flatMap((period): Metric[] => [
    {
      key: `best_${period}`,
      label: `Best ${period}`,
      group,
      unit: "fraction",
      libraries: QUANTSTATS,
      needsCapital: true,
      of: (inputs) => most(periodsOf(inputs, period)),
    },
    {
      key: `worst_${period}`,
      label: `Worst ${period}`,
      group,
      unit: "fraction",
      libraries: QUANTSTATS,
      needsCapital: true,
      of: (inputs) => least(periodsOf(inputs, period)),
    },
  ]),
];
