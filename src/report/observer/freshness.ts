import type {Frame} from "../../table/frame.js";
import {type EpochMs, formatMinute, MINUTE_MS} from "../../time/epoch.js";
import {formatCount, formatNumber} from "../number-text.js";
import {joinSentences, listInWords, note, type Sentence, tableOfTexts} from "../sentence.js";
import {lastKnownRow} from "./last-known.js";
import type {ObservedRun} from "./observed-run.js";

/** How old the newest row of something recorded is. */
export interface DataAge {
  readonly name: string;
  /** Bar end of the newest row; NaN when there is none. */
  readonly lastBar: EpochMs;
  /** In bars; of what has no row, since the start of the run. NaN when it is not known. */
  readonly ageBars: number;
  /** Undefined for what need not come with every bar. */
  readonly isStale: boolean | undefined;
}

/** Bars without a row before data is stale. */
export const STALE_BARS = 3;

/** What "now" is, and how old may be. */
export interface AgeLimits {
  /** What "now" is; by default the run's last wall clock while it runs. */
  readonly asOf?: EpochMs | undefined;
  /** Default {@link STALE_BARS}. */
  readonly staleBars?: number | undefined;
}

/**
 * The time that a run's data is judged by: now, as whoever looks says, but never later than the
 * run's end, after which nothing is to come.
 */
export function asOfTime(
  {facts, portfolio}: Pick<ObservedRun, "facts" | "portfolio">,
  asOf?: EpochMs,
): EpochMs {
  const {start, end = Number.POSITIVE_INFINITY, exitState} = facts;
  const lastClock = portfolio.wallClock.at(-1) ?? start ?? Number.NaN;
  const hasEnded = exitState !== "running" && end !== Number.POSITIVE_INFINITY;
  return Math.min(end, asOf ?? (hasEnded ? end : lastClock));
}

type AgedRun = Pick<ObservedRun, "facts" | "portfolio" | "targets" | "orders" | "lastOutput"> &
  Partial<Pick<ObservedRun, "prices">>;

/** The age of the portfolio, target positions, DAG output, prices and orders of a run. */
export function dataAges(run: AgedRun, {asOf, staleBars = STALE_BARS}: AgeLimits = {}): DataAge[] {
  const {portfolio, targets, orders, lastOutput, facts} = run;
  const now = asOfTime(run, asOf);
  const {start = Number.NaN} = facts;
  const age = (name: string, lastBar: EpochMs, barsWithout = 0): DataAge => {
    const since = Number.isNaN(lastBar) ? start : lastBar;
    const ageBars = Math.max(0, (now - since) / facts.barMs);
    return {name, lastBar, ageBars, isStale: !(ageBars <= staleBars) || barsWithout >= staleBars};
  };
  const price = run.prices ?? targets.price;
  return [
    age("Portfolio", portfolio.statistics.index.at(-1) ?? Number.NaN),
    ...(targets.price === undefined
      ? []
      : [age("Target positions", targets.price.index.at(-1) ?? Number.NaN)]),
    ...(lastOutput === undefined
      ? []
      : [age(`DAG output, node ${lastOutput.node}`, lastOutput.row.index.at(-1) as number)]),
    ...(price === undefined
      ? []
      : lastPrices(price).map(({id, bar, barsWithout}) =>
          age(`${PRICE_OF}${id}`, bar, barsWithout),
        )),
    {...age("Orders", orders.at(-1)?.barEnd ?? Number.NaN), isStale: undefined},
  ];
}

/**
 * Ages as a table. Of prices that are fresh there is one line for all; so there is of all that are
 * stale since the same bar.
 */
export function freshnessView(run: AgedRun, limits: AgeLimits = {}): Sentence {
  const {staleBars = STALE_BARS} = limits;
  const now = asOfTime(run, limits.asOf);
  const ages = dataAges(run, limits);
  const isPrice = ({name}: DataAge): boolean => name.startsWith(PRICE_OF);
  const shown = [...ages.filter((age) => !isPrice(age)), ...pooledPrices(ages.filter(isPrice))];
  const rows = shown.map(({name, lastBar, ageBars, isStale}) => {
    const isNone = Number.isNaN(lastBar);
    const fresh = isNone ? "none yet" : "fresh";
    return [
      name,
      isStale === undefined ? "not judged" : isStale ? "stale" : fresh,
      isNone ? "none" : formatMinute(lastBar),
      `${ageText(ageBars, run.facts.barMs)}${isNone && ageBars >= 0 ? " since the start" : ""}`,
    ];
  });
  const asOf = Number.isNaN(now) ? "no time is known" : `${formatMinute(now)} UTC`;
  return joinSentences(
    note(`As of ${asOf}. Stale is what is older than ${formatCount(staleBars, "bar")}.`),
    tableOfTexts([["What", "State", "Newest row (UTC)", "Age"], ...rows], 2),
  );
}

/** Fresh ones together, stale ones by the bar of their last price. */
function pooledPrices(prices: readonly DataAge[]): DataAge[] {
  const groups = new Map<EpochMs | "fresh", DataAge[]>();
  for (const age of prices) {
    const key = age.isStale ? age.lastBar : "fresh";
    groups.set(key, [...(groups.get(key) ?? []), age]);
  }
  return [...groups].map(([key, ages]) => {
    const [oldest] = [...ages].sort((a, b) => b.ageBars - a.ageBars) as [DataAge];
    const count = formatCount(ages.length, "instrument");
    const names = listInWords(ages.map(({name}) => name.slice(PRICE_OF.length)));
    if (key === "fresh") {
      return {...oldest, name: `Prices of ${count}, the oldest`};
    }
    return {...oldest, name: ages.length > 3 ? `Prices of ${count}` : `${PRICE_OF}${names}`};
  });
}

const PRICE_OF = "Price of ";

/** `2 bars (10 min)`, `0 bars`, `not known`. */
export function ageText(ageBars: number, barMs: number): string {
  if (!Number.isFinite(ageBars)) {
    return "not known";
  }
  const count = formatNumber(ageBars, Number.isInteger(ageBars) ? 0 : 1);
  const bars = `${count} ${count === "1" ? "bar" : "bars"}`;
  return ageBars === 0 ? bars : `${bars} (${spanText(ageBars * barMs)})`;
}

/** `4 min`, `3 h 5 min`, `3 h`, `12 days`. */
export function spanText(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 120) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60 === 0 ? "" : ` ${minutes % 60} min`;
  return hours < 48 ? `${hours} h${rest}` : `${formatNumber(hours / 24)} days`;
}

/** The instruments whose price is stale, in words; empty for none. */
export function stalePrices(ages: readonly DataAge[]): string {
  const stale = ages.filter(({name, isStale}) => name.startsWith(PRICE_OF) && isStale);
  return listInWords(stale.map(({name}) => name.slice(PRICE_OF.length)));
}

/** When each instrument last had a price, and how many recorded bars since have none. */
function lastPrices({index, columns, data}: Frame) {
  return columns.map((id, j) => {
    const t = lastKnownRow(data[j] as Float64Array);
    return {id, bar: index[t] ?? Number.NaN, barsWithout: index.length - 1 - t};
  });
}
