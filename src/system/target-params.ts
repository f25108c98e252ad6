import type {SystemConfig, TargetGmvStep} from "../config/system-config.js";
import {ReckonError} from "../errors.js";
import {type TargetParams, targetSizer} from "../finance/sizing/target-sizer.js";
import {type EpochMs, parseStamp} from "../time/epoch.js";
import {closedForms, type TargetOptimizer} from "../trading/targets/optimizer.js";

/**
 * What turns a config's forecasts into wanted holdings, for `count` instruments.
 *
 * @throws ReckonError `misuse` for a backend that is not there yet
 */
export function optimizerOf(config: SystemConfig, count: number): TargetOptimizer {
  return closedForms(targetSizer(count, targetParams(config)));
}

/**
 * The sizing rule a config asks for; null leaves a parameter to the rule's own default.
 *
 * @throws ReckonError `misuse` for a backend without closed forms
 */
export function targetParams(config: SystemConfig): TargetParams {
  const {backend, params} =
    config.process_forecasts_node_dict.process_forecasts_dict.optimizer_config;
  if (backend !== "pomo") {
    throw new ReckonError("misuse", {
      place: "config optimizer_config.backend",
      expected: '"pomo", the closed forms of the two styles: there is no other optimizer yet',
      found: JSON.stringify(backend),
      fix: 'set process_forecasts_dict.optimizer_config.backend="pomo"',
    });
  }
  const {style, kwargs} = params;
  const bound =
    kwargs.volatility_lower_bound === null
      ? {}
      : {volatilityLowerBound: kwargs.volatility_lower_bound};
  if (style === "cross_sectional") {
    return {
      style,
      targetGmv: targetGmvOf(kwargs.target_gmv),
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

/** One GMV for all bars, or the one of the last step at or before a bar's end. */
function targetGmvOf(
  config: number | readonly TargetGmvStep[],
): number | ((barEnd: EpochMs) => number) {
  if (typeof config === "number") {
    return config;
  }
  const place = "config target_gmv";
  const times = config.map(({from}) => parseStamp(from, place));
  const isOrdered = times.every((time, k) => k === 0 || (times[k - 1] as number) < time);
  if (!isOrdered) {
    throw new ReckonError("misuse", {
      place,
      expected: "steps in time order, each time once",
      found: config.map(({from}) => from).join(", "),
    });
  }
  const [first] = config as [TargetGmvStep];
  return (barEnd) =>
    config[times.filter((time) => time <= barEnd).length - 1]?.value ?? first.value;
}
