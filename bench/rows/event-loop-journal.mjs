import {checkSmaCross, missing, noteSmaCross, prepareSmaCross} from "../sma-cross.mjs";

/** The same with every order, fill and bar kept, and the bars' PnL added up against the wealth. */
export const row = {
  name: "event loop with its journal",
  target: "<= 150 ms",
  limitMs: 150,
  repeat: 5,
  missing,
  prepare: () => prepareSmaCross({hasJournal: true}),
  run: ({run}) => run(),
  async check(answer, prepared) {
    const {netPnl} = await import("../../dist/src/finance/pnl/net-pnl.js");
    const {fills, orders, metrics} = answer.journal;
    const earned = netPnl(metrics).reduce((sum, x) => sum + x, 100_000);
    const isWhole = fills.length === 623 && orders.length === 623;
    const isEarned = Math.abs(earned / answer.netWealth.at(-1) - 1) <= 1e-9;
    return checkSmaCross(answer, prepared) ?? (isWhole && isEarned ? undefined : "the journal");
  },
  note: noteSmaCross,
};
