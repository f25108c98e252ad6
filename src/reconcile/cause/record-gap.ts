import type {EpochMs} from "../../time/epoch.js";
import type {SideName} from "../record/recorded-side.js";
import type {StreamName} from "./side-records.js";

/** A row that a run did not record, though other records of that run show that there was one. */
export interface RecordGap {
  readonly side: SideName;
  readonly stream: StreamName;
  readonly barEnd: EpochMs;
  /** Empty where the whole row of the bar is gone. */
  readonly instrument: string;
  /** The stream that shows it. */
  readonly witness: StreamName;
  /** False where the row may be absent because the run had none. */
  readonly isSure: boolean;
}
