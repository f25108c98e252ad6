import type {SystemConfig} from "../config/system-config.js";
import type {EvaluatorParams} from "../finance/research/forecast-params.js";
import {targetParams} from "./target-params.js";

/**
 * How the research portfolio of a config is made: the same sizing and lots as the system, held
 * from one bar to the next without any execution.
 *
 * @param shareDecimals decimals of each instrument's lot, by id
 */
export function researchParams(
  config: SystemConfig,
  shareDecimals: ReadonlyMap<string, number>,
): EvaluatorParams {
  const {burn_in_bars, liquidate_at_end_of_day, initialize_beginning_of_day_trades_to_zero} =
    config.research_forecast_evaluator_from_prices.annotate_forecasts_kwargs;
  return {
    targets: targetParams(config),
    quantization: Object.fromEntries(shareDecimals),
    liquidateAtEndOfDay: liquidate_at_end_of_day,
    initializeBeginningOfDayTradesToZero: initialize_beginning_of_day_trades_to_zero,
    burnInBars: burn_in_bars,
    feeBps: config.portfolio_config.broker_config.fee_bps,
  };
}
