import type {FileColumn} from "../../table/parquet.js";
import type {RecordTime} from "../layout.js";

/** Where a record goes: `{dir}/{prefix}.{bar}.{wall}` or, per stream, `{dir}/{stream}.parquet`. */
export interface StreamName {
  /** Relative to the run folder. */
  readonly dir: string;
  /** Name of the stream's one file, and of a record's file where `isPrefixed`. */
  readonly name: string;
  readonly isPrefixed?: boolean;
  /** A text that describes the frame of the same name: its one file is `{name}_stats.parquet`. */
  readonly isDescription?: boolean;
  /** Format of a bar's own file; `csv.gz` has two levels of heads, feature and instrument. */
  readonly perBar: "csv" | "csv.gz" | "parquet" | "lines" | "text";
}

/** One bar's piece of a stream: rows of columns, all of one length. */
export interface StreamRecord extends RecordTime {
  readonly stream: StreamName;
  readonly columns: readonly FileColumn[];
}

/** Takes records, one by one. */
export interface RecordSink {
  /** Takes a record; writing it goes on beside other work. */
  write(record: StreamRecord): void;
  /**
   * Waits for what was taken so far, where it is written at once.
   *
   * @throws ReckonError `failed` when a file could not be written
   */
  settle(): Promise<void>;
  /** Makes sure that everything is on disk. */
  close(): Promise<void>;
}

/** Takes records and keeps none: for a run without a folder. */
export const nullSink: RecordSink = {
  write() {},
  async settle() {},
  async close() {},
};
