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
      const path = join(record.stream.dir, `${record.stream.name}.parquet`);
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

/** The records one below the other, with their times in front. */
function joinRecords(records: readonly StreamRecord[]): FileColumn[] {
  const rowsOf = ({columns}: StreamRecord): number => columns[0]?.data.length ?? 0;
  const spread = (name: string, value: (record: StreamRecord) => number): FileColumn => ({
    name,
    kind: "time",
    data: Float64Array.from(
      records.flatMap((record) => new Array<number>(rowsOf(record)).fill(value(record))),
    ),
  });
  const [first] = records as [StreamRecord];
  const joined = first.columns.map((head, j): FileColumn => {
    const pieces = records.map(({columns}) => (columns[j] as FileColumn).data);
    return head.kind === "text"
      ? {...head, data: pieces.flatMap((piece) => piece as readonly string[])}
      : {...head, data: concat(pieces as readonly Float64Array[])};
  });
  return [
    spread("bar_timestamp", ({barEnd}) => barEnd),
    spread("record_timestamp", ({wallClock}) => wallClock),
    ...joined,
  ];
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
