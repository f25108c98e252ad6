import type {CauseName} from "../../../src/reconcile/cause/cause.js";
import type {LayerName} from "../../../src/reconcile/layers/layer.js";
import type {RunRequest} from "../../../src/system/run/run-system.js";
import type {BarOutcome} from "../../../src/trading/targets/process-forecasts.js";
import type {WholeRun} from "../../system/whole-runs.js";

/** A kind of fault of a run: nothing looks like `unknown`, and no run contradicts itself. */
export type FaultKind = Exclude<CauseName, "unknown" | "record contradicts itself">;

/** Where a fault must show first. */
export interface Place {
  readonly layer: LayerName;
  /** Ends of the rows at which it may show: one, but for a bar that was not decided at all. */
  readonly bars: readonly number[];
  /** Empty outside the DAG. */
  readonly node: string;
  /** Instruments at which it may show: one, but where it is all of them that were hit. */
  readonly instruments: readonly string[];
  /** Config key, or the field where only one can be meant. */
  readonly field?: string;
}

/** Something that goes wrong in production, and where that must be seen. */
export interface Fault {
  readonly kind: FaultKind;
  /** What was done, for whoever reads a failure. */
  readonly text: string;
  /** The run as it went in production. */
  readonly run: WholeRun;
  /** How it was run there. */
  readonly request: Partial<RunRequest>;
  /** Changes the model's code while the run goes on; returns what undoes it. */
  readonly code?: () => () => void;
  /** Takes something out of the record that production left. */
  readonly damage?: (dir: string) => void;
  /** Known once both runs are over, where it depends on them. */
  readonly place: (outcomes: Outcomes) => Place;
}

/** What each bar led to in both runs. */
export interface Outcomes {
  readonly prod: readonly BarOutcome[];
  readonly sim: readonly BarOutcome[];
}

/** What a fault is put into, and the chance that decides where. */
export interface FaultSetting {
  readonly run: WholeRun;
  readonly random: () => number;
  /** A run folder of the same run as it should have gone, and what its bars led to. */
  readonly simDir: string;
  readonly sim: readonly BarOutcome[];
  /** Where a fault may keep files of its own. */
  readonly scratch: string;
}

/** One of these, by chance. */
export function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Ends of a run's five-minute bars. */
export function barsOfRun({start, end}: WholeRun): number[] {
  return Array.from({length: (end - start) / BAR_MS}, (_, t) => start + (t + 1) * BAR_MS);
}

/** Length of a trading bar. */
export const BAR_MS = 300_000;

/** Instruments of a run. */
export function idsOf({market}: WholeRun): readonly string[] {
  return market.instruments.map(({id}) => id);
}
