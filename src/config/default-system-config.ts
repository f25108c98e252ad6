import type {ConfigTree} from "./config-tree.js";

/** How a run is compared with its simulation where nobody says otherwise. */
export const DEFAULT_RECONCILIATION = {tolerance: 1e-5};

/** What a system does when neither its model nor the user says otherwise. */
export const DEFAULT_SYSTEM_CONFIG: ConfigTree = {
  run_mode: "simulation",
  trading_period: "5T",
  dag_config: {},
  market_data_config: {
    exchange: "simulated",
    timeframe: "5m",
    im_client_config: {table_name: "ccxt_ohlcv_futures"},
    asset_ids: [],
    history_lookback: "7D",
    universe_version: null,
    delay_in_secs: 10,
    time_out_in_secs: 60,
    wait_for_missing_in_secs: 3,
    sleep_in_secs: 0.1,
    missing_assets: "warn_and_trim",
    stale_after_bars: 3,
  },
  dag_property_config: {
    debug_mode_config: {
      save_node_io: "last:3",
      save_node_df_out_stats: false,
      profile_execution: true,
    },
  },
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
    broker_config: {type: "paper", stage: "preprod", fill_mode: "at_once", fee_bps: 0},
    retrieve_initial_holdings_from_db: false,
  },
  order_processor_config: {
    delay_to_accept_in_secs: 3,
    delay_to_fill_in_secs: 5,
    max_wait_for_order_in_secs: null,
    sleep_in_secs: 2,
  },
  cf_config: {
    strategy: "SAU1",
    account: "candidate",
    liveness: "CANDIDATE",
    instance_type: "DEV",
    trade_date: null,
  },
  secret_identifier_config: null,
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
      remove_weekends: false,
      restrictions: [],
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
  reconciliation_config: DEFAULT_RECONCILIATION,
};
