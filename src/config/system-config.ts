import type {ConfigTree} from "./config-tree.js";

/** How a system runs: `prod` real clock and broker; `paper_trading` real clock, mocked broker;
 * `simulation` replayed clock, recorded data, mocked broker; with replayed fills, the fills are
 * those of a recorded run. */
export const RUN_MODES = [
  "prod",
  "paper_trading",
  "simulation",
  "simulation_with_replayed_fills",
] as const;
/** One of {@link RUN_MODES}. */
export type RunMode = (typeof RUN_MODES)[number];

/** What turns forecasts into orders: sizing, hours, order type. */
export interface ProcessForecastsConfig {
  readonly order_config: {
    /** `{price|midpoint|partial_spread_X}@{start|end|twap}`. */
    readonly order_type: string;
    readonly order_duration_in_mins: number;
    /** How often a broker that splits orders trades a part of one. */
    readonly execution_frequency: string;
    /** For limit orders, which the paper broker does not have. */
    readonly passivity_factor: number | null;
  };
  readonly optimizer_config: {
    /** `pomo`: the closed forms of the two styles; a system refuses the others until they exist. */
    readonly backend: "pomo" | "batch_optimizer" | "dind" | "service";
    readonly asset_class: "crypto" | "equities";
    /**
     * Limits of the exchange by its stage: true or `round` rounds trades to the lot, `check`
     * refuses those that are not; otherwise only the instruments' minimum notional holds.
     */
    readonly apply_cc_limits: boolean | "round" | "check" | null;
    readonly params: {
      readonly style: "cross_sectional" | "longitudinal";
      readonly kwargs: TargetKwargs;
    };
  };
  /**
   * The reference's word: `batch` takes rows of forecasts that are known beforehand one after the
   * other. A system computes its forecasts as the bars come, whichever is written here.
   */
  readonly execution_mode: "real_time" | "batch";
  /** The zone of the four times of day; all four are given or none. */
  readonly timezone: string;
  readonly ath_start_time: string | null;
  readonly trading_start_time: string | null;
  readonly ath_end_time: string | null;
  readonly trading_end_time: string | null;
  readonly liquidate_at_trading_end_time: boolean;
  /** Bars on a Saturday or Sunday of `timezone` are marked but not traded. */
  readonly remove_weekends: boolean;
  /** What may not be traded, by instrument. */
  readonly restrictions: readonly Restriction[];
  /** Decimals of share counts; `lot`: those of each instrument's lot; null: no rounding. */
  readonly share_quantization: number | "lot" | null;
}

/** Directions in which an instrument may not be traded; names as in the OMS table. */
export interface Restriction {
  readonly asset_id: string;
  /** No trade at all. */
  readonly is_restricted: boolean;
  /** No buy that opens or adds to a long holding. */
  readonly is_buy_restricted: boolean;
  /** No buy that covers a short holding. */
  readonly is_buy_cover_restricted: boolean;
  /** No sale that opens or adds to a short holding. */
  readonly is_sell_short_restricted: boolean;
  /** No sale of a long holding. */
  readonly is_sell_long_restricted: boolean;
}

/** A target GMV that holds for the bars that end at `from` (`YYYYMMDD_HHMMSS`, UTC) and later. */
export interface TargetGmvStep {
  readonly from: string;
  readonly value: number;
}

/** Parameters of the sizing styles; money in settlement currency. */
export interface TargetKwargs {
  /** One for all bars, or one from each step's time on; the first one holds before it too. */
  readonly target_gmv: number | readonly TargetGmvStep[];
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
    readonly im_client_config: {
      /** Table of the SQL store that a live run reads. */
      readonly table_name: string;
    };
    readonly asset_ids: readonly string[];
    readonly history_lookback: string;
    /** Name and version of the universe that `asset_ids` come from; null: given one by one. */
    readonly universe_version: string | null;
    /** Time between a row's knowledge time and its being visible. */
    readonly delay_in_secs: number;
    /** How long after a bar's end its data is waited for. */
    readonly time_out_in_secs: number;
    /** How long a bar's other instruments are waited for once the first one's row is known. */
    readonly wait_for_missing_in_secs: number;
    /** Time between two looks at a live source. */
    readonly sleep_in_secs: number;
    /** An instrument without data by the deadline: stop the run, or go on without it. */
    readonly missing_assets: "assert" | "warn_and_trim";
    /** Bars without any row after which trading is halted until data comes back. */
    readonly stale_after_bars: number;
  };
  readonly dag_property_config: {
    readonly debug_mode_config: {
      /**
       * Rows of each node's output that are recorded per bar: `last:N`, `full` or `none`; or the
       * reference's `""`, `df_as_csv`, `df_as_pq`, `df_as_csv_and_pq`.
       */
      readonly save_node_io: string;
      /** A text beside each recorded output that describes the whole of it. */
      readonly save_node_df_out_stats: boolean;
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
    readonly broker_config: {
      /** `paper`: in memory; `database`: the OMS tables; `replayed_fills`: recorded ones. */
      readonly type: "paper" | "database" | "replayed_fills";
      /** Of the exchange: decides how its limits are met. */
      readonly stage: "local" | "preprod" | "prod";
      /** A mocked fill: whole at the deadline, or equal parts every `execution_frequency`. */
      readonly fill_mode: "at_once" | "twap";
      readonly fee_bps: number;
    };
    /** Start with the holdings in the OMS tables instead of none. */
    readonly retrieve_initial_holdings_from_db: boolean;
  };
  /** The loop that plays the exchange behind a `database` broker. */
  readonly order_processor_config: {
    readonly delay_to_accept_in_secs: number;
    /** How long after a deadline the price of its last bar is waited for. */
    readonly delay_to_fill_in_secs: number;
    /** Without a new order for this long the run fails; null: any number of bars may be quiet. */
    readonly max_wait_for_order_in_secs: number | null;
    readonly sleep_in_secs: number;
  };
  /** Whose orders these are; every row of the OMS tables carries it. */
  readonly cf_config: {
    readonly strategy: string;
    readonly account: string;
    readonly liveness: "CANDIDATE" | "CONTRIBUTING";
    readonly instance_type: "QA" | "PROD" | "DEV" | "SIM" | "PAPER";
    /** `YYYYMMDD`; null: the day of the start. */
    readonly trade_date: string | null;
  };
  /** `exchange.stage.account_type.id`: names a secret, never holds one. */
  readonly secret_identifier_config: string | null;
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
  /** How a run is compared with its simulation; it decides nothing of what a run does. */
  readonly reconciliation_config: {
    /** Relative to the larger of two values: those closer count as equal. */
    readonly tolerance: number;
  };
}
