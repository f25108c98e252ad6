import {type CrossSectionalParams, crossSectionalSizer} from "./cross-sectional-targets.js";
import {type LongitudinalParams, longitudinalSizer} from "./longitudinal-targets.js";
import type {RowSizer} from "./row-sizer.js";

/** Which rule turns forecasts into target positions, and its parameters. */
export type TargetParams =
  | ({readonly style: "cross_sectional"} & CrossSectionalParams)
  | ({readonly style: "longitudinal"} & LongitudinalParams);

/**
 * The rule that turns one bar's forecasts into target positions, for `count` instruments.
 *
 * A system uses it bar by bar and the research portfolio maps it over all bars: the same rows give
 * the same bits. A system fills the gaps of a row first, the research portfolio does not, each as
 * the reference does. Rows must come in time order.
 */
export function targetSizer(count: number, params: TargetParams): RowSizer {
  return params.style === "cross_sectional"
    ? crossSectionalSizer(count, params)
    : longitudinalSizer(count, params);
}
