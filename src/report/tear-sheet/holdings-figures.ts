import {mean} from "../../stats/distribution/moments.js";
import {zeroForMissing} from "../../stats/series/zero-for-missing.js";
import {concentration} from "../../stats/trades/exposures.js";
import {type RoundTrip, roundTrips} from "../../stats/trades/round-trips.js";
import {profitFactor, winRate} from "../../stats/trades/win-loss.js";
import {columnOf, type Frame, mapColumns} from "../../table/frame.js";
import {DAY_MS, formatMinute} from "../../time/epoch.js";
import type {Figure} from "../figure.js";
import {formatCount, formatNumber, formatPercent} from "../number-text.js";
import {joinSentences, note, type Sentence, tableOfTexts} from "../sentence.js";
import {notShown} from "./not-shown.js";
import type {Holdings} from "./read-holdings.js";
import {
  BENCHMARK,
  DAY_AXIS,
  dayLine,
  LOSS,
  percentAxis,
  STRATEGY,
  sheetFigure,
} from "./sheet-figure.js";

const NO_POSITIONS = "no positions were given (positionsPath)";
const NO_TRADES = "no trades were given (tradesPath)";

/** Long, short, gross and net exposure: as shares of net wealth where there is cash, else money. */
export function exposureFigure({positions}: Holdings): Figure | Sentence {
  if (positions === undefined) {
    return notShown("Exposure, long and short", NO_POSITIONS);
  }
  const wealth = netWealth(positions);
  const per = (values: Float64Array): Float64Array =>
    wealth === undefined ? values : values.map((x, t) => x / (wealth[t] as number));
  const long = per(sumOf(positions, (x) => (x > 0 ? x : 0)));
  const short = per(sumOf(positions, (x) => (x < 0 ? x : 0)));
  const {index} = positions;
  const line = (name: string, values: Float64Array, style: Record<string, unknown>) =>
    dayLine(index, values, {name, ...style});
  return sheetFigure(
    wealth === undefined ? "Exposure, money" : "Exposure as a share of net wealth",
    [
      line("long", long, {line: {color: STRATEGY, width: 1}, fill: "tozeroy"}),
      line("short", short, {line: {color: LOSS, width: 1}, fill: "tozeroy"}),
      line(
        "gross",
        long.map((x, t) => x - (short[t] as number)),
        {line: {color: BENCHMARK}},
      ),
      line(
        "net",
        long.map((x, t) => x + (short[t] as number)),
        {
          line: {color: "#2ca02c", width: 1.5},
        },
      ),
    ],
    {xaxis: DAY_AXIS, yaxis: wealth === undefined ? {tickformat: ",.3~s"} : percentAxis()},
  );
}

/** The positions that were largest on average, and how large each became. */
export function topPositionsView({positions}: Holdings, shown = 10): Sentence {
  if (positions === undefined) {
    return notShown("Top positions", NO_POSITIONS);
  }
  const gross = sumOf(positions, Math.abs);
  const rows = held(positions)
    .map((name) => {
      const share = columnOf(positions, name).map((x, t) =>
        Number.isNaN(x) || gross[t] === 0 ? 0 : x / (gross[t] as number),
      );
      const signed = {long: Math.max(0, ...share), short: Math.min(0, ...share)};
      return {name, mean: mean(share.map(Math.abs)), ...signed};
    })
    .sort((a, b) => b.mean - a.mean);
  const heads = ["instrument", "mean share of gross", "largest long", "largest short"];
  const texts = rows
    .slice(0, shown)
    .map((row) => [
      row.name,
      ...[row.mean, row.long, row.short].map((share) => formatPercent(100 * share, 1)),
    ]);
  const count = `${Math.min(shown, rows.length)} of ${formatCount(rows.length, "instrument")}`;
  return joinSentences(tableOfTexts([heads, ...texts]), note(count));
}

/** The largest and the median position of each side over time, where there is cash. */
export function concentrationFigure({positions}: Holdings): Figure | Sentence {
  if (positions === undefined || netWealth(positions) === undefined) {
    const why = positions === undefined ? NO_POSITIONS : "the positions have no column `cash`";
    return notShown("Largest and median positions", why);
  }
  const {maxLong, medianLong, medianShort, maxShort} = concentration(positions);
  const {index} = positions;
  return sheetFigure(
    "Largest and median positions as shares of net wealth",
    [
      dayLine(index, maxLong, {name: "largest long", line: {color: STRATEGY}}),
      dayLine(index, medianLong, {name: "median long", line: {color: STRATEGY, dash: "dot"}}),
      dayLine(index, medianShort, {name: "median short", line: {color: LOSS, dash: "dot"}}),
      dayLine(index, maxShort, {name: "largest short", line: {color: LOSS}}),
    ],
    {xaxis: DAY_AXIS, yaxis: percentAxis(), height: 320},
  );
}

/** Value traded on each day, as a share of the gross exposure of that day where that is known. */
export function turnoverFigure({positions, trades}: Holdings): Figure | Sentence {
  if (trades === undefined) {
    return notShown("Turnover", NO_TRADES);
  }
  const byDay = new Map<number, number>();
  for (const {time, amount, price} of trades) {
    const day = Math.floor(time / DAY_MS) * DAY_MS;
    byDay.set(day, (byDay.get(day) ?? 0) + Math.abs(amount) * price);
  }
  const index = Float64Array.from(byDay.keys()).sort();
  const gross = positions && grossByDay(positions);
  const values = index.map((day) => {
    const traded = byDay.get(day) as number;
    return gross === undefined ? traded : traded / (gross.get(day) ?? Number.NaN);
  });
  const y = Array.from(values, (x) => (Number.isFinite(x) ? Number(x.toPrecision(5)) : null));
  return sheetFigure(
    gross === undefined ? "Value traded on each day" : "Turnover as a share of gross exposure",
    [{type: "bar", x: Array.from(index), y, marker: {color: STRATEGY, line: {width: 0}}}],
    {
      xaxis: DAY_AXIS,
      yaxis: gross === undefined ? {tickformat: ",.3~s"} : percentAxis(),
      height: 280,
      bargap: 0,
    },
  );
}

/** Round trips: how many, how good, how long, and the largest of them. */
export function roundTripsView({trades}: Holdings, shown = 10): Sentence {
  if (trades === undefined) {
    return notShown("Round trips", NO_TRADES);
  }
  const trips = roundTrips(trades);
  if (trips.length === 0) {
    return note(`${formatCount(trades.length, "trade")}, but no position was closed.`);
  }
  const heads = ["", "all", "long", "short"];
  const sides = [trips, trips.filter((t) => t.isLong), trips.filter((t) => !t.isLong)];
  const largest = [...trips].sort((a, b) => Math.abs(b.pnl) - Math.abs(a.pnl)).slice(0, shown);
  return joinSentences(
    tableOfTexts([
      heads,
      ...TRIP_STATISTICS.map(([name, f]) => [
        name,
        ...sides.map((side) => (side.length === 0 ? "" : f(side))),
      ]),
    ]),
    note(`The ${largest.length} largest by PnL, before fees:`),
    tableOfTexts(
      [
        ["instrument", "side", "opened (UTC)", "closed (UTC)", "PnL", "return"],
        ...largest.map((trip) => [
          trip.symbol,
          trip.isLong ? "long" : "short",
          formatMinute(trip.open),
          formatMinute(trip.close),
          formatNumber(trip.pnl, 2),
          formatPercent(100 * trip.returns),
        ]),
      ],
      2,
    ),
  );
}

const pnlOf = (trips: readonly RoundTrip[]): Float64Array => Float64Array.from(trips, (t) => t.pnl);

const TRIP_STATISTICS: readonly [string, (trips: readonly RoundTrip[]) => string][] = [
  ["Round trips", (trips) => formatNumber(trips.length)],
  [
    "PnL, before fees",
    (trips) =>
      formatNumber(
        trips.reduce((sum, t) => sum + t.pnl, 0),
        2,
      ),
  ],
  ["Win rate", (trips) => formatPercent(100 * winRate(pnlOf(trips)), 1)],
  ["Profit factor", (trips) => formatNumber(profitFactor(pnlOf(trips)), 2)],
  ["Mean return", (trips) => formatPercent(100 * mean(Float64Array.from(trips, (t) => t.returns)))],
  [
    "Mean duration, days",
    (trips) => formatNumber(mean(Float64Array.from(trips, (t) => (t.close - t.open) / DAY_MS)), 1),
  ],
];

function held({columns}: Frame): string[] {
  return columns.filter((name) => name !== "cash");
}

function sumOf(positions: Frame, part: (value: number) => number): Float64Array {
  const total = new Float64Array(positions.index.length);
  for (const name of held(positions)) {
    columnOf(positions, name).forEach((x, t) => {
      total[t] = (total[t] as number) + (Number.isNaN(x) ? 0 : part(x));
    });
  }
  return total;
}

/** Positions and cash together; undefined where cash is not among the columns. */
function netWealth(positions: Frame): Float64Array | undefined {
  if (!positions.columns.includes("cash")) {
    return undefined;
  }
  const known = mapColumns(positions, zeroForMissing);
  return known.data.reduce(
    (total: Float64Array, column) => total.map((x, t) => x + (column[t] as number)),
    new Float64Array(positions.index.length),
  );
}

/** Gross exposure at the last row of each day. */
function grossByDay(positions: Frame): Map<number, number> {
  const gross = sumOf(positions, Math.abs);
  return new Map(
    Array.from(positions.index, (time, t) => [
      Math.floor(time / DAY_MS) * DAY_MS,
      gross[t] as number,
    ]),
  );
}
