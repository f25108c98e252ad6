import type {Column} from "../../table/frame.js";
import {nelderMead} from "./nelder-mead.js";

/** A generalised Pareto tail of losses, and what it says of the risk. */
export interface GpdRisk {
  /** Losses from here on are the tail. */
  readonly threshold: number;
  readonly scale: number;
  readonly shape: number;
  /** The loss exceeded with the asked probability, positive. */
  readonly valueAtRisk: number;
  /** The mean loss beyond it; infinite for a shape of 1 or more. */
  readonly expectedShortfall: number;
}

const FIRST_THRESHOLD = 0.2;
const LAST_THRESHOLD = 1e-9;
const NO_TAIL: GpdRisk = {
  threshold: 0,
  scale: 0,
  shape: 0,
  valueAtRisk: 0,
  expectedShortfall: 0,
};

/**
 * Value at risk and expected shortfall from a generalised Pareto distribution of the losses beyond
 * a threshold, fitted by maximum likelihood (Gilli and Këllezi, 2006).
 *
 * The threshold starts at 20 % and is halved until a fit has a positive shape and value at risk,
 * as empyrical's `gpd_risk_estimates` does. All 0 with fewer than three returns or without a fit.
 *
 * @param probability of a loss beyond the value at risk, among losses; default 0.01
 */
export function gpdRisk(returns: Column, probability = 0.01): GpdRisk {
  const losses = returns.filter((r) => r < 0).map((r) => -r);
  for (
    let threshold = FIRST_THRESHOLD;
    returns.length >= 3 && threshold > LAST_THRESHOLD;
    threshold /= 2
  ) {
    const tail = losses.filter((loss) => loss >= threshold);
    const fit = tail.length === 0 ? undefined : fitTail(tail);
    if (fit !== undefined && fit.shape > 0) {
      const {scale, shape} = fit;
      const share = (losses.length / tail.length) * probability;
      const valueAtRisk = threshold + (scale / shape) * (share ** -shape - 1);
      if (valueAtRisk > 0) {
        const beyond = (valueAtRisk + scale - shape * threshold) / (1 - shape);
        const expectedShortfall = shape < 1 ? beyond : Infinity;
        return {threshold, scale, shape, valueAtRisk, expectedShortfall};
      }
    }
  }
  return NO_TAIL;
}

function fitTail(tail: Column): {scale: number; shape: number} | undefined {
  const {point, isFound} = nelderMead(
    ([scale, shape]) => {
      return -logLikelihood(tail, scale as number, shape as number);
    },
    [1, 1],
  );
  return isFound ? {scale: point[0] as number, shape: point[1] as number} : undefined;
}

/** Of a generalised Pareto distribution; of an exponential one where the shape is 0. */
function logLikelihood(tail: Column, scale: number, shape: number): number {
  let total = 0;
  if (shape === 0) {
    for (const loss of tail) {
      total += loss / scale;
    }
    return scale >= 0 ? -tail.length * Math.log(scale) - total : -Number.MAX_VALUE;
  }
  if (scale === 0 || shape / scale < 0 || scale < 0) {
    return -Number.MAX_VALUE;
  }
  for (const loss of tail) {
    total += Math.log((shape / scale) * loss + 1);
  }
  return -tail.length * Math.log(scale) - (1 / shape + 1) * total;
}
