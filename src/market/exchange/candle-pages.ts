import {ReckonError} from "../../errors.js";
import {ceilToBar, parsePeriod} from "../../time/bar-grid.js";
import {DAY_MS, type EpochMs, formatMinute, SECOND_MS, toIso} from "../../time/epoch.js";
import {askExchange, type Patience} from "./ask-exchange.js";
import {openOf} from "./candles.js";
import type {CandleRow, ExchangeClient} from "./exchange-client.js";

/** Bars asked for at a time where the exchange allows them. */
const PAGE_BARS = 500;

/** A newest candle is over only this long after its end: clocks of exchanges differ from ours. */
const CLOCK_GRACE_MS = 2 * SECOND_MS;

/** What to ask for, and how patiently. */
export interface CandleQuery extends Patience {
  readonly client: ExchangeClient;
  /** ccxt's name. */
  readonly symbol: string;
  /** As ccxt spells it. */
  readonly timeframe: string;
  /** Bars whose end lies in (start, end] and is over. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** Ends of bars that need not be asked for. */
  readonly known: ReadonlySet<EpochMs>;
}

/** One answer. */
export interface CandlePage {
  /** When the exchange was asked. */
  readonly askedAt: EpochMs;
  /** Candles of closed bars in the range. */
  readonly rows: readonly CandleRow[];
  /** Bars up to this end were asked for. */
  readonly upTo: EpochMs;
}

/**
 * The candles of closed bars that are not known yet, page after page, oldest first.
 *
 * A page begins at the first bar that is missing; an exchange may send fewer than asked for, or
 * begin later. An empty page is a hole: the next may have bars again. Before the symbol's first
 * candle, daily candles tell where its history begins.
 *
 * @throws ReckonError `failed` for the exchange's own error or a passed deadline
 */
export async function* candlePages(query: CandleQuery): AsyncGenerator<CandlePage> {
  const {client, symbol, timeframe, clock, known} = query;
  const barMs = parsePeriod(timeframe);
  const limit = pageBars(client, symbol);
  const closedBy = Math.min(query.end, clock.now());
  let hasBegun = known.size > 0;
  let since = nextMissing(ceilToBar(query.start, barMs), closedBy, {known, barMs});
  while (since !== undefined) {
    requireTime(query, since);
    const from = since;
    let askedAt = clock.now();
    const ask = () => {
      askedAt = clock.now();
      return client.fetchOHLCV(symbol, timeframe, from, limit);
    };
    const page = await askExchange(client, ask, query);
    const fresh = page.filter((row) => openOf(row) >= from);
    let next = from + limit * barMs;
    if (fresh.length > 0) {
      hasBegun = true;
      const newest = fresh.reduce((latest, row) => Math.max(latest, openOf(row)), from);
      next = newest + barMs;
      const rows = closedRows(fresh, barMs, {closedBy, askedAt});
      yield {askedAt, rows, upTo: Math.min(next, closedBy)};
    } else if (!hasBegun) {
      const listed = await firstDay(query, from);
      hasBegun = listed.isFound;
      next = Math.max(next, listed.from);
      yield {askedAt, rows: [], upTo: Math.min(next, closedBy)};
    }
    since = nextMissing(next, closedBy, {known, barMs});
  }
}

/**
 * The rows of bars that are over: one with a later candle, or whose end had passed by a grace when
 * the exchange was asked. The time of the answer says nothing: a candle grew until it was sent.
 */
export function closedRows(
  rows: readonly CandleRow[],
  barMs: number,
  {closedBy, askedAt}: {readonly closedBy: EpochMs; readonly askedAt: EpochMs},
): CandleRow[] {
  const newest = rows.reduce(
    (latest, row) => Math.max(latest, openOf(row)),
    Number.NEGATIVE_INFINITY,
  );
  return rows.filter((row) => {
    const end = openOf(row) + barMs;
    return end <= closedBy && (openOf(row) < newest || end + CLOCK_GRACE_MS <= askedAt);
  });
}

/** The open time of the first bar from `open` on that is over by `closedBy` and not known. */
function nextMissing(
  open: EpochMs,
  closedBy: EpochMs,
  {known, barMs}: {readonly known: ReadonlySet<EpochMs>; readonly barMs: number},
): EpochMs | undefined {
  for (let start = open; start + barMs <= closedBy; start += barMs) {
    if (!known.has(start + barMs)) {
      return start;
    }
  }
  return undefined;
}

/** The first day from `since` on that has a candle, or where to look further when none has. */
async function firstDay(
  query: CandleQuery,
  since: EpochMs,
): Promise<{readonly from: EpochMs; readonly isFound: boolean}> {
  const {client, symbol, timeframe} = query;
  if (parsePeriod(timeframe) >= DAY_MS || !Object.keys(client.timeframes).includes("1d")) {
    return {from: since, isFound: true};
  }
  const midnight = since - (since % DAY_MS);
  const ask = () => client.fetchOHLCV(symbol, "1d", midnight, PAGE_BARS);
  const days = (await askExchange(client, ask, query)).map(openOf).filter((day) => day >= midnight);
  return days.length > 0
    ? {from: Math.min(...days), isFound: true}
    : {from: midnight + PAGE_BARS * DAY_MS, isFound: false};
}

function pageBars(client: ExchangeClient, symbol: string): number {
  const limit = client.featureValue?.(symbol, "fetchOHLCV", "limit");
  return typeof limit === "number" && limit > 0 ? Math.min(limit, PAGE_BARS) : PAGE_BARS;
}

function requireTime({client, symbol, clock, end, deadlineMs}: CandleQuery, since: EpochMs): void {
  if (clock.now() >= deadlineMs) {
    throw new ReckonError("failed", {
      place: `${client.id} ${symbol}`,
      expected: `bars up to ${toIso(end)}`,
      found: `only bars before ${formatMinute(since)} (UTC) at the deadline`,
      fix: "run it again: it goes on after the last stored bar",
    });
  }
}
