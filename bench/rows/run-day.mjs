import {join} from "node:path";
import {simulatedDay} from "../simulated-day.mjs";

/** 24 hours, 288 bars of 16 symbols, with a file per bar for everything: the demo's paper run. */
export const row = {
  name: "run 24 h x 16 symbols, file per bar",
  target: "<= 5 s, 1 GB",
  limitMs: 5_000,
  limitMb: 1_024,
  repeat: 3,
  prepare: (scratch) => simulatedDay(scratch),
  run: ({run, scratch}) => run("paper_trading", join(scratch, "paper")),
  async check({record, dir}) {
    const {RunFolder} = await import("../../dist/src/runlog/reading/run-folder.js");
    const {statistics, holdings_shares} = await new RunFolder(dir).portfolio();
    const isWhole = statistics.index.length === 288 && holdings_shares.columns.length === 16;
    return record.exit_state === "done" && isWhole ? undefined : "the run folder is not whole";
  },
};
