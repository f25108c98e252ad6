import {join} from "node:path";
import {type FileColumn, formatParquet} from "../table/parquet.js";
import type {RecordSink, StreamRecord} from "./record.js";
import {makeFolder, writeWholeFile} from "./whole-file.js";

/**
 * Keeps records in memory and writes one Parquet file per stream when it is closed: for a
 * simulation. Each row carries its bar and wall clock.
 */
export function perStreamSink(runDir: string): RecordSink {
  const streams = new Map<string, StreamRecord[]>();
  return {
    write(record) {
      const {dir, name, isDescription = false} = record.stream;
      const path = join(dir, `${name}${isDescription ? "_stats" : ""}.parquet`);
      const records = streams.get(path);
      if (records) {
        records.push(record);
      } else {
        streams.set(path, [record]);
      }
    },
    async settle() {},
    async close() {
      for (const [path, records] of streams) {
        makeFolder(join(runDir, path, ".."));
        writeWholeFile(join(runDir, path), formatParquet(joinRecords(records)));
      }
      streams.clear();
    },
  };
}

/** The records one below the other, with their times in front; columns are told by name. */
function joinRecords(records: readonly StreamRecord[]): FileColumn[] {
  const rowsOf = ({columns}: StreamRecord): number => columns[0]?.data.length ?? 0;
  const spread = (name: string, value: (record: StreamRecord) => number): FileColumn => ({
    name,
    kind: "time",
    data: Float64Array.from(
      records.flatMap((record) => new Array<number>(rowsOf(record)).fill(value(record))),
    ),
  });
  const heads = new Map(
    records.flatMap(({columns}) => columns.map(({name, kind}) => [name, kind] as const)),
  );
  const joined = Array.from(heads, ([name, kind]): FileColumn => {
    const pieces = records.map((record) => {
      const column = record.columns.find((own) => own.name === name);
      return column ?? missingColumn({name, kind}, rowsOf(record));
    });
    return kind === "text"
      ? {name, kind, data: pieces.flatMap(({data}) => data as readonly string[])}
      : {name, kind, data: concat(pieces.map(({data}) => data as Float64Array))};
  });
  return [
    spread("bar_timestamp", ({barEnd}) => barEnd),
    spread("record_timestamp", ({wallClock}) => wallClock),
    ...joined,
  ];
}

/** What a record without the column has in its place. */
function missingColumn({name, kind}: Pick<FileColumn, "name" | "kind">, rows: number): FileColumn {
  return kind === "text"
    ? {name, kind, data: new Array<string>(rows).fill("")}
    : {name, kind, data: new Float64Array(rows).fill(kind === "time" ? 0 : Number.NaN)};
}

function concat(pieces: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
