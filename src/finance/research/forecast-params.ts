import type {ShareDecimals} from "../sizing/quantize-shares.js";
import type {TargetParams} from "../sizing/target-sizer.js";
import type {DayOf} from "./trading-day.js";

/** How a research portfolio is sized, held and reported. */
export interface EvaluatorParams {
  /** Forecasts to positions; a target GMV per row has one for every row of the input. */
  readonly targets: TargetParams;
  /** Rounding of share counts; default none. */
  readonly quantization?: ShareDecimals;
  /** Hold nothing at the end of each day's last and first bar; default true. */
  readonly liquidateAtEndOfDay?: boolean;
  /** The first bar of a day trades nothing, whatever holdings did overnight; default true. */
  readonly initializeBeginningOfDayTradesToZero?: boolean;
  /** Without liquidation: days start with the evening's shares, times inferred splits; false. */
  readonly adjustForSplits?: boolean;
  /** Results on the rows of the input, NaN where trimmed or burnt; default false. */
  readonly reindexLikeInput?: boolean;
  /** Leading bars left out of the results; default 3. */
  readonly burnInBars?: number;
  /** Leading days left out of the results; default 0. */
  readonly burnInDays?: number;
  /** Adds gpc, npc, wnl (and tc where a spread is given) to the statistics; default false. */
  readonly computeExtendedStats?: boolean;
  /** Fee on traded value in basis points; above 0 the statistics have a column `fees`. */
  readonly feeBps?: number;
  /** Which day a bar end belongs to; default UTC days. */
  readonly dayOf?: DayOf;
}
