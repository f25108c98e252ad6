import type {Restriction} from "../../config/system-config.js";
import type {RowSizer} from "../../finance/sizing/row-sizer.js";
import type {EpochMs} from "../../time/epoch.js";

/** What a bar's target holdings are found from; arrays are in instrument order. */
export interface OptimizerInput {
  /** When the bar ends; for what depends on the time. */
  readonly barEnd: EpochMs | undefined;
  /** NaN means missing: the name is not ranked and gets no target. */
  readonly prediction: Float64Array;
  /** Without gaps. */
  readonly volatility: Float64Array;
  /** Bid-ask spread as a fraction of the price, without gaps. */
  readonly spread: Float64Array;
  /** Exposure held now, in settlement currency; positive gains when the price rises. */
  readonly holdingsNotional: Float64Array;
  /** Marks; NaN where none is known. */
  readonly price: Float64Array;
  /** Directions that may not be traded; undefined where all may. */
  readonly restrictions: readonly (Restriction | undefined)[];
}

/** Says what should be held; a bar makes whole lots, limited trades and orders of it. */
export interface TargetOptimizer {
  /**
   * Wanted exposure in settlement currency, positive long, one per instrument; NaN or infinite
   * where nothing is wanted. Called once per bar, in time order: an optimizer may remember bars.
   */
  targets(input: OptimizerInput): Float64Array;
}

/**
 * The closed forms of the two styles (backend `pomo`): they look at the forecasts alone, not at
 * what is held or restricted.
 */
export function closedForms(sizer: RowSizer): TargetOptimizer {
  return {
    targets(input) {
      const wanted = new Float64Array(input.prediction.length);
      sizer(input, wanted);
      return wanted;
    },
  };
}
