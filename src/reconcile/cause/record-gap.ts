import type {EpochMs} from "../../time/epoch.js";
import type {SideName} from "../record/recorded-side.js";
import type {ErasureWitness} from "./erased-bars.js";
import type {StreamName} from "./side-records.js";

/** A row that a run did not record, though other records of that run show that there was one. */
export interface RecordGap {
  readonly side: SideName;
  readonly stream: StreamName;
  readonly barEnd: EpochMs;
  /** Empty where the whole row of the bar is gone. */
  readonly instrument: string;
  /** What shows it: another stream, or that the run counted more than it recorded. */
  readonly witness: StreamName | ErasureWitness;
  /** False where the row may be absent because the run had none. */
  readonly isSure: boolean;
  /** True where this row alone is there, of an instrument that no other stream of the run names. */
  readonly isStray?: boolean;
}
