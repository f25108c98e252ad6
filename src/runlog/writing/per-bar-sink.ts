import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {makeFolder} from "../../make-folder.js";
import {formatCsv} from "../../table/csv.js";
import {type FileColumn, formatParquet} from "../../table/parquet.js";
import {formatStamp} from "../../time/epoch.js";
import {formatUtc} from "../../time/utc-text.js";
import {formatRecordName} from "../layout.js";
import {formatTwoLevelCsv} from "../reference-frame.js";
import {writeAside} from "../whole-file.js";
import type {RecordSink, StreamRecord} from "./record.js";

/**
 * Writes each bar's record to its own file as soon as it is there: for a run that is live.
 *
 * Files are written beside the work on the next bar, which hides most of what a disk takes.
 */
export function perBarSink(runDir: string): RecordSink {
  const made = new Set<string>();
  let pending: Promise<void>[] = [];
  let failure: {readonly error: unknown} | undefined;
  const settle = async (): Promise<void> => {
    const taken = pending;
    pending = [];
    await Promise.all(taken);
    if (failure !== undefined) {
      throw failure.error;
    }
  };
  return {
    write(record) {
      const dir = join(runDir, record.stream.dir);
      if (!made.has(dir)) {
        makeFolder(dir);
        made.add(dir);
      }
      const {extension, content} = formatRecord(record);
      const written = writeAside(join(dir, `${recordStem(record)}.${extension}`), content);
      pending.push(
        written.catch((error) => {
          failure ??= {error};
        }),
      );
    },
    settle,
    close: settle,
  };
}

/** Profiles are named by their bar alone, everything else by bar and wall clock. */
function recordStem(record: StreamRecord): string {
  const {name, isPrefixed = false, isDescription = false, perBar} = record.stream;
  const isProfile = perBar === "text" && !isDescription;
  const times = isProfile ? formatStamp(record.barEnd) : formatRecordName(record);
  return isPrefixed ? `${name}.${times}` : times;
}

function formatRecord({stream, columns}: StreamRecord): {
  extension: string;
  content: string | Uint8Array;
} {
  if (stream.perBar === "parquet") {
    return {extension: "parquet", content: formatParquet(columns)};
  }
  if (stream.perBar === "csv.gz") {
    return {extension: "csv.gz", content: gzipSync(formatTwoLevelCsv(columns))};
  }
  if (stream.perBar === "csv") {
    return {extension: "csv", content: formatCsv([columns.map(headOf), ...rowsOf(columns)])};
  }
  const lines = rowsOf(columns).map((row) => row.join(" "));
  return stream.perBar === "lines"
    ? {extension: "csv", content: lines.map((line) => `${line}\n`).join("")}
    : {extension: "txt", content: `${lines.join("\n")}\n`};
}

/** A portfolio record's first column is its row index, whose head is empty as pandas writes it. */
function headOf({name}: FileColumn): string {
  return name === "index" ? "" : name;
}

function rowsOf(columns: readonly FileColumn[]): (string | number)[][] {
  const count = columns[0]?.data.length ?? 0;
  return Array.from({length: count}, (_, i) =>
    columns.map(({kind, data}) =>
      kind === "time" ? formatUtc(data[i] as number) : (data[i] as string | number),
    ),
  );
}
