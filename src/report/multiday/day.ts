import type {CauseName} from "../../reconcile/cause/cause.js";
import type {ReconciliationStatus} from "../../reconcile/reconcile-runs.js";
import type {Frame} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import type {ByRole} from "../roles.js";

/** One reconciled run of a period; what could not be read says why in `failure`. */
export interface ReconciledDay {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly scheduleMode: string;
  /** Folder of the reconciliation. */
  readonly dir: string;
  /** `failed`: the reconciliation is not there whole, or cannot be read. */
  readonly status: ReconciliationStatus | "failed";
  /** Why it failed; empty where it did not. */
  readonly failure: string;
  /** Layer and field of the first divergence; empty where there is none. */
  readonly first: string;
  readonly cause: CauseName | "";
  /** Bar metrics of each portfolio. */
  readonly metrics: ByRole<Frame>;
  /** What prod's trades cost against the price before them, in bps of what was traded. */
  readonly slippageBps: number;
  /** Mean seconds from a bar's end until its orders were recorded, prod. */
  readonly orderDelayS: number;
}

/** Every reconciled run of a period, in time order. */
export interface Multiday {
  readonly days: readonly ReconciledDay[];
  /** All days one after the other; a bar that several runs have is that of the first. */
  readonly metrics: ByRole<Frame>;
  /** Bars that later runs have too, and that count once. */
  readonly overlaps: number;
  /** Bar length as a frequency, `5T`. */
  readonly frequency: string;
}
