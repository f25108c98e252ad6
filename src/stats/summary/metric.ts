import type {Column} from "../../table/frame.js";
import type {Convention} from "../convention.js";
import type {SampleFacts} from "./sample-facts.js";

/** What a statistic is computed from. */
export interface MetricInputs {
  /** Instants that name the periods, increasing: midnights of days. */
  readonly index: Column;
  /** Simple returns per period without missing ones; money where `isMoney`. */
  readonly returns: Column;
  readonly periodsPerYear: number;
  readonly convention: Convention;
  /** Per period. */
  readonly riskFree: number;
  /** The benchmark's returns in the same periods. */
  readonly benchmark?: Column | undefined;
  /** What several statistics need of these returns, found once. */
  readonly facts: SampleFacts;
  /** PnL in money, of an account whose capital is not known. */
  readonly isMoney?: boolean | undefined;
}

/** How a value is written. */
export type MetricUnit = "fraction" | "ratio" | "count" | "days" | "money";

/** Where a statistic stands in a table. */
export const METRIC_GROUPS = [
  "Return",
  "Risk-adjusted",
  "Risk",
  "Drawdown",
  "Wins and losses",
  "Against the benchmark",
] as const;

/** One statistic: its name in the libraries of the field, and how it is computed. */
export interface Metric {
  /** As empyrical and quantstats name it. */
  readonly key: string;
  /** For people. */
  readonly label: string;
  readonly group: (typeof METRIC_GROUPS)[number];
  /** A fraction of PnL is money. */
  readonly unit: MetricUnit;
  /** Whose names and formulas these are; the first answers for a convention that lacks it. */
  readonly libraries: readonly Convention[];
  /** Blown up to a year, which a short history must not be; perhaps by some conventions alone. */
  readonly isAnnualised?: boolean | readonly Convention[];
  /** Gets a bootstrap interval. */
  readonly isHeadline?: boolean;
  /** Needs returns: PnL alone is not enough. */
  readonly needsCapital?: boolean;
  /** Is left out where no benchmark was given. */
  readonly needsBenchmark?: boolean;
  readonly of: (inputs: MetricInputs) => number;
}
