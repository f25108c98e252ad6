import type {ConfigTree} from "./config-tree.js";

/** How a system runs: `prod` real clock and broker; `paper_trading` real clock, mocked broker;
 * `simulation` replayed clock, recorded data, mocked broker. */
export const RUN_MODES = ["prod", "paper_trading", "simulation"] as const;
/** One of {@link RUN_MODES}. */
export type RunMode = (typeof RUN_MODES)[number];

/** What turns forecasts into orders: sizing, hours, order type. */
export interface ProcessForecastsConfig {
  readonly order_config: {
    /** `{price|midpoint|partial_spread_X}@{start|end|twap}`. */
    readonly order_type: string;
    readonly order_duration_in_mins: number;
    /** How often a broker splits an order; the paper broker fills whole. */
    readonly execution_frequency: string;
    /** For limit orders, which the paper broker does not have. */
    readonly passivity_factor: number | null;
  };
  readonly optimizer_config: {
    /** `pomo`: the closed forms of the two styles. */
    readonly backend: "pomo";
    readonly asset_class: "crypto" | "equities";
    /** Limits of an exchange; the minimum notional of the instruments always holds. */
    readonly apply_cc_limits: boolean | null;
    readonly params: {
      readonly style: "cross_sectional" | "longitudinal";
      readonly kwargs: TargetKwargs;
    };
  };
  readonly execution_mode: "real_time";
  /** The zone of the four times of day; all four are given or none. */
  readonly timezone: string;
  readonly ath_start_time: string | null;
  readonly trading_start_time: string | null;
  readonly ath_end_time: string | null;
  readonly trading_end_time: string | null;
  readonly liquidate_at_trading_end_time: boolean;
  /** Decimals of share counts; `lot`: those of each instrument's lot; null: no rounding. */
  readonly share_quantization: number | "lot" | null;
}

/** Parameters of the sizing styles; money in settlement currency. */
export interface TargetKwargs {
  readonly target_gmv: number;
  readonly bulk_frac_to_remove: number;
  readonly bulk_fill_method: "zero" | "nan" | "ffill";
  /** null: the style's own. */
  readonly volatility_lower_bound: number | null;
  readonly prediction_abs_threshold: number;
  readonly volatility_to_spread_threshold: number;
  readonly spread_lower_bound: number;
  readonly gamma: number;
  readonly target_dollar_risk_per_name: number;
  readonly modulate_using_prediction_magnitude: boolean;
}

/** Everything that decides what a run does; plain JSON, saved with every run. */
export interface SystemConfig {
  /** Id of the model. */
  readonly dag_builder_class: string;
  readonly run_mode: RunMode;
  readonly trading_period: string;
  /** Parameters by node id. */
  readonly dag_config: Readonly<Record<string, ConfigTree>>;
  readonly market_data_config: {
    readonly exchange: string;
    /** Length of the market's bars. */
    readonly timeframe: string;
    readonly asset_ids: readonly string[];
    readonly history_lookback: string;
    /** Time between a row's knowledge time and its being visible. */
    readonly delay_in_secs: number;
    /** How long after a bar's end its data is waited for. */
    readonly time_out_in_secs: number;
  };
  readonly dag_property_config: {
    readonly debug_mode_config: {
      /** `last:N`, `full` or `none`: rows of each node's output that are recorded per bar. */
      readonly save_node_io: string;
      readonly profile_execution: boolean;
    };
  };
  readonly dag_runner_config: {
    readonly bar_duration_in_secs: number;
    readonly fit_at_beginning: boolean;
    readonly max_distance_in_secs: number;
  };
  readonly portfolio_config: {
    readonly initial_cash: number;
    readonly mark_to_market_col: string;
    /** `last`, or `twap.PERIOD`. */
    readonly pricing_method: string;
    readonly column_remap: {
      readonly price: string;
      readonly bid: string;
      readonly ask: string;
      readonly midpoint: string;
    };
    readonly broker_config: {readonly fee_bps: number};
  };
  readonly process_forecasts_node_dict: {
    readonly price_col: string;
    readonly prediction_col: string;
    readonly volatility_col: string;
    readonly spread_col: string | null;
    readonly process_forecasts_dict: ProcessForecastsConfig;
  };
  readonly research_forecast_evaluator_from_prices: {
    readonly annotate_forecasts_kwargs: {
      readonly burn_in_bars: number;
      readonly liquidate_at_end_of_day: boolean;
      readonly initialize_beginning_of_day_trades_to_zero: boolean;
    };
  };
}
