import type {ProcessForecastsConfig} from "../../config/system-config.js";
import type {EpochMs} from "../../time/epoch.js";
import {localTimeIn, weekdayOf} from "../../time/local-day.js";
import {parseTimeOfDay} from "../../time/zone.js";

/** What a bar's time of day and weekday allow. */
export interface TradingHours {
  /** A Saturday or Sunday of the config's zone, and those are to be left out. */
  isWeekend(bar: EpochMs): boolean;
  /** Within both the active and the trading hours, bounds included; or liquidating. */
  isTrading(bar: EpochMs): boolean;
  /** Holdings are to be brought to 0: from the trading end until they are, or the hours end. */
  isLiquidating(bar: EpochMs): boolean;
}

/** The rules of a config; without limits every bar trades. */
export function tradingHours(config: ProcessForecastsConfig): TradingHours {
  const {ath_start_time, trading_start_time, trading_end_time, ath_end_time} = config;
  const localTime = localTimeIn(config.timezone);
  const isWeekend = (bar: EpochMs): boolean =>
    config.remove_weekends && weekdayOf(localTime(bar).day) % 6 === 0;
  const limits = [ath_start_time, trading_start_time, trading_end_time, ath_end_time];
  if (limits.some((limit) => limit === null)) {
    return {isWeekend, isTrading: () => true, isLiquidating: () => false};
  }
  const [athStart, start, end, athEnd] = limits.map((limit) => parseTimeOfDay(limit as string));
  const timeOfDay = (bar: EpochMs): number => localTime(bar).timeOfDay;
  const within = (time: number, from = 0, to = 0): boolean => from <= time && time <= to;
  const isLiquidating = (bar: EpochMs): boolean =>
    config.liquidate_at_trading_end_time && timeOfDay(bar) >= (end as number);
  return {
    isWeekend,
    isTrading(bar) {
      const time = timeOfDay(bar);
      return within(time, athStart, athEnd) && (within(time, start, end) || isLiquidating(bar));
    },
    isLiquidating,
  };
}
