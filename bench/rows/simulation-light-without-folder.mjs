import {checkRun, costText, manySymbols, pace} from "../many-symbols.mjs";

const DAYS = 30;

/** The engine alone: three light nodes over thirty days of 50 instruments, nothing recorded. */
export const row = {
  name: `simulation, light model, 50 symbols x ${DAYS} days, no run folder`,
  target: ">= 10 M symbol-bars a minute",
  limitMs: (50 * DAYS * 288 * 60_000) / 10e6,
  repeat: 3,
  prepare: () => manySymbols({symbols: 50, days: DAYS, model: "light"}),
  run: ({run}) => run({dir: "none", files: "none"}),
  check: checkRun,
  note: (ms, prepared) => `${pace(ms, prepared.symbolBars)}; ${costText(prepared)}`,
};
