import type {SystemConfig} from "../config/system-config.js";
import type {TargetParams} from "../finance/target-sizer.js";

/** The sizing rule a config asks for; null leaves a parameter to the rule's own default. */
export function targetParams(config: SystemConfig): TargetParams {
  const {style, kwargs} =
    config.process_forecasts_node_dict.process_forecasts_dict.optimizer_config.params;
  const bound =
    kwargs.volatility_lower_bound === null
      ? {}
      : {volatilityLowerBound: kwargs.volatility_lower_bound};
  if (style === "cross_sectional") {
    return {
      style,
      targetGmv: kwargs.target_gmv,
      bulkFracToRemove: kwargs.bulk_frac_to_remove,
      bulkFillMethod: kwargs.bulk_fill_method,
      ...bound,
    };
  }
  return {
    style,
    predictionAbsThreshold: kwargs.prediction_abs_threshold,
    volatilityToSpreadThreshold: kwargs.volatility_to_spread_threshold,
    spreadLowerBound: kwargs.spread_lower_bound,
    gamma: kwargs.gamma,
    fillMethod: kwargs.bulk_fill_method,
    targetDollarRiskPerName: kwargs.target_dollar_risk_per_name,
    modulateUsingPredictionMagnitude: kwargs.modulate_using_prediction_magnitude,
    ...bound,
  };
}
