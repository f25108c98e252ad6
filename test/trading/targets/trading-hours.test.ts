import {describe, expect, it} from "vitest";
import {mergeConfigs} from "../../../src/config/config-tree.js";
import {DEFAULT_SYSTEM_CONFIG} from "../../../src/config/default-system-config.js";
import {parseSystemConfig} from "../../../src/config/parse-system-config.js";
import type {ProcessForecastsConfig} from "../../../src/config/system-config.js";
import {parseUtc} from "../../../src/time/utc-text.js";
import {tradingHours} from "../../../src/trading/targets/trading-hours.js";

const HOURS = {
  ath_start_time: "09:30:00",
  trading_start_time: "09:35:00",
  trading_end_time: "15:55:00",
  ath_end_time: "16:00:00",
};

/** The forecast rules of a whole, checked config. */
function configOf(changes: object): ProcessForecastsConfig {
  const tree = mergeConfigs(DEFAULT_SYSTEM_CONFIG, {
    dag_builder_class: "C1",
    market_data_config: {asset_ids: ["A"]},
    process_forecasts_node_dict: {
      process_forecasts_dict: {timezone: "America/New_York", ...changes},
    },
  });
  return parseSystemConfig(tree).process_forecasts_node_dict.process_forecasts_dict;
}

const atEastern = (text: string) => parseUtc(`2025-03-07 ${text}-05:00`);

describe("tradingHours", () => {
  const bounds: [time: string, isTrading: boolean][] = [
    ["09:30:00", false],
    ["09:34:59", false],
    ["09:35:00", true],
    ["15:55:00", true],
    ["15:55:01", false],
    ["16:00:00", false],
  ];
  it.each(bounds)("bounds are inside: %s %s", (time, wanted) => {
    expect(tradingHours(configOf(HOURS)).isTrading(atEastern(time))).toBe(wanted);
  });

  it("without limits every bar trades and none liquidates", () => {
    const hours = tradingHours(configOf({}));
    expect([hours.isTrading(0), hours.isLiquidating(0), hours.isWeekend(0)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  const liquidation: [time: string, isTrading: boolean, isLiquidating: boolean][] = [
    ["15:50:00", true, false],
    ["15:55:00", true, true],
    ["16:00:00", true, true],
    ["16:00:01", false, true],
  ];
  it.each(liquidation)("liquidates until the hours end: %s", (time, trades, liquidates) => {
    const hours = tradingHours(configOf({...HOURS, liquidate_at_trading_end_time: true}));
    const bar = atEastern(time);
    expect([hours.isTrading(bar), hours.isLiquidating(bar)]).toEqual([trades, liquidates]);
  });

  it("a limit missing, out of order, or no end to liquidate at: refused", () => {
    const {ath_end_time: _end, ...three} = HOURS;
    expect(() => configOf(three)).toThrow(/all given or all null/);
    const turned = {...HOURS, trading_start_time: "15:56:00"};
    expect(() => configOf(turned)).toThrow(/ath_start_time <= trading_start_time/);
    expect(() => configOf({liquidate_at_trading_end_time: true})).toThrow(/trading_end_time/);
  });
});
