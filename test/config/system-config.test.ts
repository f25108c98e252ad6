import {describe, expect, it} from "vitest";
import {type ConfigTree, withValue} from "../../src/config/config-tree.js";
import {parseOverride} from "../../src/config/override.js";
import {parseSystemConfig} from "../../src/config/parse-system-config.js";
import {MODELS} from "../../src/models/registry.js";
import {systemConfigOf} from "../../src/system/run/system-config-of.js";

const choices = {runMode: "simulation", exchange: "simulated", instrumentIds: ["A", "B"]} as const;
const [mock1, c1] = MODELS as [(typeof MODELS)[number], (typeof MODELS)[number]];
const HOURS = "process_forecasts_node_dict.process_forecasts_dict";

describe("systemConfigOf", () => {
  it("is whole and checked for every model", () => {
    for (const model of MODELS) {
      expect(systemConfigOf(model, choices).dag_builder_class).toBe(model.id);
    }
  });

  it("takes the reference's key paths, as written in its job files", () => {
    const prefix = '("process_forecasts_node_dict","process_forecasts_dict"';
    const overrides = [
      `${prefix},"order_config","passivity_factor"),(float(0.55))`,
      `${prefix},"optimizer_config","params","style"),(str("longitudinal"))`,
    ].map(parseOverride);
    const {process_forecasts_dict} = systemConfigOf(
      c1,
      choices,
      overrides,
    ).process_forecasts_node_dict;
    expect(process_forecasts_dict.order_config.passivity_factor).toBe(0.55);
    expect(process_forecasts_dict.optimizer_config.params.style).toBe("longitudinal");
  });

  it("is frozen all the way down", () => {
    const config = systemConfigOf(c1, choices);
    expect(() => {
      (config.portfolio_config as {initial_cash: number}).initial_cash = 1;
    }).toThrow(TypeError);
  });

  const refused: [text: string, message: RegExp][] = [
    [
      "portfolio_config.initial_cash=-5",
      /config portfolio_config\.initial_cash: expected a number above 0, found -5/,
    ],
    ["portfolio_config.initial_cash=rich", /initial_cash: expected a number, found "rich"/],
    [
      "portfolio_config.broker_config.fee_bps=-101",
      /expected a number of at least -100, found -101/,
    ],
    ["portfolio_config.broker_config.fee_bps=1e5", /fee_bps: expected a number of at most 10000/],
    [
      'portfolio_config.broker_config.stage="x"',
      /expected one of "local", "preprod", "prod", found/,
    ],
    [`${HOURS}.share_quantization="x"`, /: expected a number or "lot", found "x"/],
    ["dag_runner_config.bar_duration_in_secs=1.5", /expected a whole number, found 1\.5/],
    ["market_data_config.asset_ids=[]", /expected a list that is not empty, found \[\]/],
    ['cf_config.account=""', /cf_config\.account: expected a text that is not empty, found ""/],
    [
      'cf_config={"strategy":"a"}',
      /found nothing; a dictionary takes the place of all of cf_config: set its keys one by one/,
    ],
    [
      "cf_config.trade_date=20250831",
      /expected a text, found 20250831; write it in quotes: "20250831"/,
    ],
    ["portfolio_config.retrieve_initial_holdings_from_db=1", /expected true or false, found 1/],
    [
      'portfolio_config.pricing_method="twap.7T"',
      /pricing_method: expected a mean over whole bars of the market, such as twap.5m, found twap/,
    ],
    ["trading_period=soon", /trading_period: expected a period such as 5T/],
    [
      "portfolio_confg.initial_cash=1",
      /unknown config key "portfolio_confg"; did you mean "portfolio_config"\?/,
    ],
    [`${HOURS}.ath_start_time="09:30:00"`, /all given or all null/],
    [`${HOURS}.liquidate_at_trading_end_time=true`, /a trading_end_time to liquidate at/],
  ];
  it.each(refused)("refuses %s", (text, message) => {
    expect(() => systemConfigOf(c1, choices, [parseOverride(text)])).toThrow(message);
  });

  it("refuses trading hours out of order", () => {
    const overrides = [parseOverride(`${HOURS}.trading_end_time="08:00:00"`)];
    expect(() => systemConfigOf(mock1, choices, overrides)).toThrow(
      /ath_start_time <= trading_start_time/,
    );
  });

  it("refuses an unknown key in a saved config too", () => {
    const saved = structuredClone(systemConfigOf(c1, choices)) as unknown as ConfigTree;
    expect(() => parseSystemConfig(withValue(saved, ["dag_runner_config", "x"], 1))).toThrow(
      /dag_runner_config: expected the keys bar_duration_in_secs, .*unknown config key "x"/,
    );
  });
});
