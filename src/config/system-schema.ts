import {z} from "zod";
import type {ConfigTree} from "./config-tree.js";
import {DEFAULT_RECONCILIATION} from "./default-system-config.js";
import {RUN_MODES, type SystemConfig} from "./system-config.js";

const period = z.string().regex(/^\d+\s*[A-Za-z]+$/, "a period such as 5T, 1h or 2D");
const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, "a time of day such as 09:30:00");
const leaf: z.ZodType<ConfigTree[string]> = z.json() as z.ZodType<ConfigTree[string]>;

const targetGmvStep = z.strictObject({
  from: z.string().regex(/^\d{8}_\d{6}$/, "a time such as 20250901_000000"),
  value: z.number().min(0),
});

const targetKwargs = z.strictObject({
  target_gmv: z.union([z.number().positive(), z.array(targetGmvStep).min(1)], {
    error: 'a number above 0, or steps such as [{"from": "20250901_000000", "value": 1000000}]',
  }),
  bulk_frac_to_remove: z.number().min(0).lt(1),
  bulk_fill_method: z.enum(["zero", "nan", "ffill"]),
  volatility_lower_bound: z.number().min(0).nullable(),
  prediction_abs_threshold: z.number().min(0),
  volatility_to_spread_threshold: z.number().min(0),
  spread_lower_bound: z.number().positive(),
  gamma: z.number().min(0),
  target_dollar_risk_per_name: z.number().positive(),
  modulate_using_prediction_magnitude: z.boolean(),
});

const restriction = z.strictObject({
  asset_id: z.string().min(1),
  is_restricted: z.boolean(),
  is_buy_restricted: z.boolean(),
  is_buy_cover_restricted: z.boolean(),
  is_sell_short_restricted: z.boolean(),
  is_sell_long_restricted: z.boolean(),
});

const processForecasts = z.strictObject({
  order_config: z.strictObject({
    order_type: z.string(),
    order_duration_in_mins: z.number().positive(),
    execution_frequency: period,
    passivity_factor: z.number().min(0).max(1).nullable(),
  }),
  optimizer_config: z.strictObject({
    backend: z.enum(["pomo", "batch_optimizer", "dind", "service"]),
    asset_class: z.enum(["crypto", "equities"]),
    apply_cc_limits: z.union([z.boolean(), z.enum(["round", "check"])]).nullable(),
    params: z.strictObject({
      style: z.enum(["cross_sectional", "longitudinal"]),
      kwargs: targetKwargs,
    }),
  }),
  execution_mode: z.enum(["real_time", "batch"]),
  timezone: z.string().refine(isZone, "a time zone such as UTC or America/New_York"),
  ath_start_time: timeOfDay.nullable(),
  trading_start_time: timeOfDay.nullable(),
  ath_end_time: timeOfDay.nullable(),
  trading_end_time: timeOfDay.nullable(),
  liquidate_at_trading_end_time: z.boolean(),
  remove_weekends: z.boolean(),
  restrictions: z.array(restriction),
  share_quantization: z.union([z.number().int(), z.literal("lot")]).nullable(),
});

/** What {@link SystemConfig} is checked with; the compiler keeps the two alike. */
export const systemSchema: z.ZodType<SystemConfig> = z.strictObject({
  dag_builder_class: z.string().min(1),
  run_mode: z.enum(RUN_MODES),
  trading_period: period,
  dag_config: z.record(z.string(), z.record(z.string(), leaf)),
  market_data_config: z.strictObject({
    exchange: z.string().min(1),
    timeframe: period,
    im_client_config: z.strictObject({table_name: z.string().min(1)}),
    asset_ids: z.array(z.string()).min(1),
    history_lookback: period,
    universe_version: z.string().nullable(),
    delay_in_secs: z.number().min(0),
    time_out_in_secs: z.number().positive(),
    wait_for_missing_in_secs: z.number().min(0),
    sleep_in_secs: z.number().positive(),
    missing_assets: z.enum(["assert", "warn_and_trim"]),
    stale_after_bars: z.number().int().positive(),
  }),
  dag_property_config: z.strictObject({
    debug_mode_config: z.strictObject({
      save_node_io: z
        .string()
        .regex(
          /^(last:[1-9]\d*|full|none|df_as_csv|df_as_pq|df_as_csv_and_pq)?$/,
          "last:N, full or none",
        ),
      save_node_df_out_stats: z.boolean(),
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
    broker_config: z.strictObject({
      type: z.enum(["paper", "database", "replayed_fills"]),
      stage: z.enum(["local", "preprod", "prod"]),
      fill_mode: z.enum(["at_once", "twap"]),
      fee_bps: z.number().min(-100).max(10_000),
    }),
    retrieve_initial_holdings_from_db: z.boolean(),
  }),
  order_processor_config: z.strictObject({
    delay_to_accept_in_secs: z.number().positive(),
    delay_to_fill_in_secs: z.number().min(0),
    max_wait_for_order_in_secs: z.number().positive().nullable(),
    sleep_in_secs: z.number().positive(),
  }),
  cf_config: z.strictObject({
    strategy: z.string().min(1),
    account: z.string().min(1),
    liveness: z.enum(["CANDIDATE", "CONTRIBUTING"]),
    instance_type: z.enum(["QA", "PROD", "DEV", "SIM", "PAPER"]),
    trade_date: z
      .string()
      .regex(/^\d{8}$/, "a day such as 20250901")
      .nullable(),
  }),
  secret_identifier_config: z
    .string()
    .regex(
      /^[\w-]+(\.[\w-]+){3}$/,
      "exchange.stage.account_type.id, such as binance.preprod.trading.1",
    )
    .nullable(),
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
  // Runs that were recorded before it was there are read too.
  reconciliation_config: z
    .strictObject({tolerance: z.number().min(0).lt(1)})
    .default(DEFAULT_RECONCILIATION),
});

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", {timeZone: name}) !== undefined;
  } catch {
    return false;
  }
}
