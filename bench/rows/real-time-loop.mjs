import {join} from "node:path";
import {barCost, checkRun, costText, manySymbols} from "../many-symbols.mjs";

const LIMIT_MS = 250;
const SYMBOLS = 50;

/**
 * What a live bar costs from the moment its data is known until its orders and everything else are
 * on disk: ten nodes (mock1) over a week of one-minute bars, a file per bar, the clock jumping.
 */
export const row = {
  name: "real-time loop, 50 symbols, 10 nodes",
  target: `p99 <= ${LIMIT_MS} ms a bar`,
  limitMs: LIMIT_MS,
  repeat: 1,
  async prepare(scratch) {
    const market = await manySymbols({symbols: SYMBOLS, days: 1, model: "mock1"});
    return {...market, dir: join(scratch, "run")};
  },
  run: ({run, dir}) => run({dir, runMode: "paper_trading", files: "per-bar"}),
  part: (_ms, prepared) => barCost(prepared, 0.99),
  async check(result, prepared) {
    const {RunFolder} = await import("../../dist/src/runlog/reading/run-folder.js");
    const nodes = new RunFolder(prepared.dir).nodes();
    return (
      checkRun(result, prepared) ?? (nodes.length === 10 ? undefined : `${nodes.length} nodes`)
    );
  },
  note: (_ms, prepared) => costText(prepared),
};
