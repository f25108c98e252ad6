import {dirname, join} from "node:path";
import {makeFolder} from "../../make-folder.js";
import type {RecordSink} from "./record.js";
import {StreamFile} from "./stream-file.js";

/**
 * Writes one Parquet file per stream, there when the sink is closed: for a simulation. Each row
 * carries its bar and wall clock.
 */
export function perStreamSink(runDir: string): RecordSink {
  const streams = new Map<string, StreamFile>();
  return {
    write(record) {
      const {dir, name, isDescription = false} = record.stream;
      const path = join(runDir, dir, `${name}${isDescription ? "_stats" : ""}.parquet`);
      let stream = streams.get(path);
      if (stream === undefined) {
        makeFolder(dirname(path));
        stream = new StreamFile(path);
        streams.set(path, stream);
      }
      stream.add(record);
    },
    async settle() {},
    async close() {
      const open = [...streams.values()];
      streams.clear();
      const closed = await Promise.allSettled(open.map((stream) => stream.close()));
      const failure = closed.find(({status}) => status === "rejected");
      if (failure !== undefined) {
        throw (failure as PromiseRejectedResult).reason;
      }
    },
  };
}
