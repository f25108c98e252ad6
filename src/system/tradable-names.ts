import type {SystemConfig} from "../config/system-config.js";
import type {Instrument} from "../market/instruments/instrument.js";
import {
  findCalendar,
  type SessionCalendar,
  sessionTest,
} from "../market/instruments/session-calendar.js";
import type {MarketData} from "../market/market-data.js";
import type {EpochMs} from "../time/epoch.js";
import type {ForecastProcessorOptions} from "../trading/targets/process-forecasts.js";

/** What tells whether a name can be traded in a bar. */
export interface NameParts {
  readonly config: SystemConfig;
  readonly instruments: readonly Instrument[];
  readonly market: MarketData;
  /** Calendars that a desk wrote itself; they go before those of the same name that are known. */
  readonly calendars?: readonly SessionCalendar[];
}

/**
 * Sessions by the instruments' calendars, and freshness by the age of each name's last mark: one
 * more than `stale_after_bars` bars old is too old to trade on.
 *
 * @throws ReckonError `misuse` for a calendar that nobody knows
 */
export function tradableNames(
  {config, instruments, market, calendars = []}: NameParts,
  barMs: number,
): Required<Pick<ForecastProcessorOptions, "isInSession" | "isFresh" | "staleAfterBars">> {
  const {stale_after_bars: staleAfterBars} = config.market_data_config;
  const {mark_to_market_col: column} = config.portfolio_config;
  const sessions = instruments.map(({sessionCalendar}) =>
    sessionTest(findCalendar(sessionCalendar, calendars)),
  );
  return {
    staleAfterBars,
    isInSession: (i, time) => (sessions[i] as (time: EpochMs) => boolean)(time),
    isFresh(i, barEnd) {
      const start = barEnd - staleAfterBars * barMs - 1;
      const {id} = instruments[i] as Instrument;
      return market.valuesWithin(column, id, {start, end: barEnd}).length > 0;
    },
  };
}
