import {z} from "zod";
import {ReckonError} from "../errors.js";
import type {ConfigTree} from "./config-tree.js";
import {nearestName} from "./nearest-name.js";

/** How a system runs: `prod` real clock and broker; `paper_trading` real clock, mocked broker;
 * `simulation` replayed clock, recorded data, mocked broker. */
export const RUN_MODES = ["prod", "paper_trading", "simulation"] as const;
export type RunMode = (typeof RUN_MODES)[number];

const period = z.string().regex(/^\d+\s*[A-Za-z]+$/, "a period such as 5T, 1h or 2D");
const timeOfDay = z.string().regex(/^\d{2}:\d{2}(:\d{2})?$/, "a time of day such as 09:30:00");
const leaf: z.ZodType<ConfigTree[string]> = z.json() as z.ZodType<ConfigTree[string]>;

const targetKwargs = z.strictObject({
  target_gmv: z.number().positive(),
  bulk_frac_to_remove: z.number().min(0).max(1),
  bulk_fill_method: z.enum(["zero", "nan", "ffill"]),
  volatility_lower_bound: z.number().min(0).nullable(),
  prediction_abs_threshold: z.number().min(0),
  volatility_to_spread_threshold: z.number().min(0),
  spread_lower_bound: z.number().positive(),
  gamma: z.number().min(0),
  target_dollar_risk_per_name: z.number().positive(),
  modulate_using_prediction_magnitude: z.boolean(),
});

const processForecasts = z.strictObject({
  order_config: z.strictObject({
    order_type: z.string(),
    order_duration_in_mins: z.number().positive(),
    execution_frequency: period,
    passivity_factor: z.number().min(0).max(1).nullable(),
  }),
  optimizer_config: z.strictObject({
    backend: z.enum(["pomo"]),
    asset_class: z.enum(["crypto", "equities"]),
    apply_cc_limits: z.boolean().nullable(),
    params: z.strictObject({
      style: z.enum(["cross_sectional", "longitudinal"]),
      kwargs: targetKwargs,
    }),
  }),
  execution_mode: z.enum(["real_time"]),
  timezone: z.string(),
  ath_start_time: timeOfDay.nullable(),
  trading_start_time: timeOfDay.nullable(),
  ath_end_time: timeOfDay.nullable(),
  trading_end_time: timeOfDay.nullable(),
  liquidate_at_trading_end_time: z.boolean(),
  share_quantization: z.union([z.number().int(), z.literal("lot")]).nullable(),
});

const systemConfig = z.strictObject({
  dag_builder_class: z.string().min(1),
  run_mode: z.enum(RUN_MODES),
  trading_period: period,
  dag_config: z.record(z.string(), z.record(z.string(), leaf)),
  market_data_config: z.strictObject({
    exchange: z.string().min(1),
    timeframe: period,
    asset_ids: z.array(z.string()).min(1),
    history_lookback: period,
    delay_in_secs: z.number().min(0),
    time_out_in_secs: z.number().positive(),
  }),
  dag_property_config: z.strictObject({
    debug_mode_config: z.strictObject({
      save_node_io: z.string().regex(/^(last:[1-9]\d*|full|none)$/, "last:N, full or none"),
      profile_execution: z.boolean(),
    }),
  }),
  dag_runner_config: z.strictObject({
    bar_duration_in_secs: z.number().int().positive(),
    fit_at_beginning: z.boolean(),
    max_distance_in_secs: z.number().positive(),
  }),
  portfolio_config: z.strictObject({
    initial_cash: z.number().positive(),
    mark_to_market_col: z.string(),
    pricing_method: z.string().regex(/^(last|twap\.\w+)$/, "last or twap.PERIOD"),
    column_remap: z.strictObject({
      price: z.string(),
      bid: z.string(),
      ask: z.string(),
      midpoint: z.string(),
    }),
    broker_config: z.strictObject({fee_bps: z.number()}),
  }),
  process_forecasts_node_dict: z.strictObject({
    price_col: z.string(),
    prediction_col: z.string(),
    volatility_col: z.string(),
    spread_col: z.string().nullable(),
    process_forecasts_dict: processForecasts,
  }),
  research_forecast_evaluator_from_prices: z.strictObject({
    annotate_forecasts_kwargs: z.strictObject({
      burn_in_bars: z.number().int().min(0),
      liquidate_at_end_of_day: z.boolean(),
      initialize_beginning_of_day_trades_to_zero: z.boolean(),
    }),
  }),
});

/** Everything that decides what a run does; plain JSON, saved with every run. */
export type SystemConfig = z.infer<typeof systemConfig>;
export type ProcessForecastsConfig =
  SystemConfig["process_forecasts_node_dict"]["process_forecasts_dict"];

/**
 * A checked, frozen config from outside input.
 *
 * @param place what the input is, for messages
 * @throws ReckonError `misuse` at the first key that is unknown, missing or of the wrong kind
 */
export function parseSystemConfig(input: unknown, place = "config"): SystemConfig {
  const result = systemConfig.safeParse(input);
  if (result.success) {
    checkTradingHours(result.data.process_forecasts_node_dict.process_forecasts_dict, place);
    return deepFreeze(result.data);
  }
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(valueAt(DEFAULT_SYSTEM_CONFIG, issue.path) ?? {});
    const near = nearestName(issue.keys[0] as string, known);
    throw new ReckonError("misuse", {
      place: path === "" ? place : `${place} ${path}`,
      expected: `the keys ${known.join(", ")}`,
      found: `unknown config key "${issue.keys[0]}"`,
      ...(near === undefined ? {} : {fix: `did you mean "${near}"?`}),
    });
  }
  throw new ReckonError("misuse", {
    place: `${place} ${path}`,
    expected: issue.message.replace(/^Invalid input: expected /, ""),
    found: JSON.stringify(valueAt(input, issue.path)) ?? "nothing",
  });
}

/** What a system does when neither its model nor the user says otherwise. */
export const DEFAULT_SYSTEM_CONFIG: ConfigTree = {
  run_mode: "simulation",
  trading_period: "5T",
  dag_config: {},
  market_data_config: {
    exchange: "simulated",
    timeframe: "5m",
    asset_ids: [],
    history_lookback: "7D",
    delay_in_secs: 10,
    time_out_in_secs: 60,
  },
  dag_property_config: {debug_mode_config: {save_node_io: "last:3", profile_execution: true}},
  dag_runner_config: {
    bar_duration_in_secs: 300,
    fit_at_beginning: false,
    max_distance_in_secs: 30,
  },
  portfolio_config: {
    initial_cash: 1_000_000,
    mark_to_market_col: "close",
    pricing_method: "last",
    column_remap: {price: "close", bid: "bid", ask: "ask", midpoint: "midpoint"},
    broker_config: {fee_bps: 0},
  },
  process_forecasts_node_dict: {
    price_col: "close",
    prediction_col: "prediction",
    volatility_col: "volatility",
    spread_col: null,
    process_forecasts_dict: {
      order_config: {
        order_type: "price@twap",
        order_duration_in_mins: 5,
        execution_frequency: "1T",
        passivity_factor: null,
      },
      optimizer_config: {
        backend: "pomo",
        asset_class: "crypto",
        apply_cc_limits: null,
        params: {
          style: "cross_sectional",
          kwargs: {
            target_gmv: 1_000_000,
            bulk_frac_to_remove: 0,
            bulk_fill_method: "zero",
            volatility_lower_bound: null,
            prediction_abs_threshold: 0,
            volatility_to_spread_threshold: 0,
            spread_lower_bound: 1e-4,
            gamma: 0,
            target_dollar_risk_per_name: 100,
            modulate_using_prediction_magnitude: false,
          },
        },
      },
      execution_mode: "real_time",
      timezone: "UTC",
      ath_start_time: null,
      trading_start_time: null,
      ath_end_time: null,
      trading_end_time: null,
      liquidate_at_trading_end_time: false,
      share_quantization: "lot",
    },
  },
  research_forecast_evaluator_from_prices: {
    annotate_forecasts_kwargs: {
      burn_in_bars: 1,
      liquidate_at_end_of_day: false,
      initialize_beginning_of_day_trades_to_zero: false,
    },
  },
};

/** The four limits are all given or all null, in order; liquidation needs a trading end. */
function checkTradingHours(config: ProcessForecastsConfig, place: string): void {
  const names = [
    "ath_start_time",
    "trading_start_time",
    "trading_end_time",
    "ath_end_time",
  ] as const;
  const given = names.filter((name) => config[name] !== null);
  const times = names.map((name) => config[name] ?? "");
  const isOrdered = times.every((time, i) => i === 0 || (times[i - 1] as string) <= time);
  if ((given.length !== 0 && given.length !== names.length) || !isOrdered) {
    throw new ReckonError("misuse", {
      place: `${place} process_forecasts_dict`,
      expected: `${names.join(" <= ")}, all given or all null`,
      found: JSON.stringify(times),
    });
  }
  if (config.liquidate_at_trading_end_time && given.length === 0) {
    throw new ReckonError("misuse", {
      place: `${place} liquidate_at_trading_end_time`,
      expected: "a trading_end_time to liquidate at",
      found: "none",
    });
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
