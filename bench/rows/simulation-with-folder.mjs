import {join} from "node:path";
import {checkRun, costText, manySymbols, pace} from "../many-symbols.mjs";

/** C1 bar by bar over three days of 50 instruments, a file per stream. */
export const row = {
  name: "simulation, C1, 50 symbols x 3 days, file per stream",
  target: ">= 1 M symbol-bars a minute",
  limitMs: (50 * 3 * 288 * 60_000) / 1e6,
  limitMb: 700,
  repeat: 3,
  async prepare(scratch) {
    return {...(await manySymbols({symbols: 50, days: 3})), dir: join(scratch, "run")};
  },
  run: ({run, dir}) => run({dir, files: "per-stream"}),
  async check(result, prepared) {
    const {RunFolder} = await import("../../dist/src/runlog/reading/run-folder.js");
    const {statistics} = await new RunFolder(prepared.dir).portfolio();
    const isRead = statistics.index.length === prepared.bars;
    return checkRun(result, prepared) ?? (isRead ? undefined : "the run folder is not whole");
  },
  note: (ms, prepared) => `${pace(ms, prepared.symbolBars)}; ${costText(prepared)}`,
};
