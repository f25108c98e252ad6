import {checkRun, costText, manySymbols, pace} from "../many-symbols.mjs";

/** C1 bar by bar over three days of 50 instruments, nothing recorded. */
export const row = {
  name: "simulation, C1, 50 symbols x 3 days, no run folder",
  target: ">= 10 M symbol-bars a minute",
  limitMs: (50 * 3 * 288 * 60_000) / 10e6,
  repeat: 3,
  prepare: () => manySymbols({symbols: 50, days: 3}),
  run: ({run}) => run({dir: "none", files: "none"}),
  check: checkRun,
  note: (ms, prepared) => `${pace(ms, prepared.symbolBars)}; ${costText(prepared)}`,
};
