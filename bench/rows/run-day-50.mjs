import {join} from "node:path";
import {checkRun, costText, manySymbols} from "../many-symbols.mjs";

const LIMIT_MS = 100;

/** 24 hours of 50 instruments with a file per bar for everything. */
export const row = {
  name: "run 24 h x 50 symbols, file per bar",
  target: `<= ${LIMIT_MS} ms per bar, 700 MB`,
  limitMs: LIMIT_MS,
  limitMb: 700,
  repeat: 1,
  async prepare(scratch) {
    return {...(await manySymbols({symbols: 50, days: 1})), dir: join(scratch, "run")};
  },
  run: ({run, dir}) => run({dir, runMode: "paper_trading", files: "per-bar"}),
  part: (ms, {bars}) => ms / bars,
  check: checkRun,
  note: (_ms, prepared) => costText(prepared),
};
