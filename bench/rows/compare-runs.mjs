import {join} from "node:path";
import {simulatedDay} from "../simulated-day.mjs";

/** Two run folders of 24 hours x 16 symbols, one file per bar, the other per stream. */
export const row = {
  name: "load and compare two run folders",
  target: "<= 2 s, 1 GB",
  limitMs: 2_000,
  limitMb: 1_024,
  repeat: 3,
  async prepare(scratch) {
    const {run} = await simulatedDay(scratch);
    await run("paper_trading", join(scratch, "paper"));
    await run("simulation", join(scratch, "sim"));
    const {RunFolder} = await import("../../dist/src/runlog/reading/run-folder.js");
    const {reconcileRuns} = await import("../../dist/src/reconcile/reconcile-runs.js");
    const [prod, sim] = ["paper", "sim"].map((name) => new RunFolder(join(scratch, name)));
    return {reconcile: () => reconcileRuns(prod, sim, 0)};
  },
  run: ({reconcile}) => reconcile(),
  check({layers, prodBars}) {
    const isSame = layers.every(({status}) => status === "identical");
    return isSame && prodBars === 288 ? undefined : "paper and simulation are not identical";
  },
};
