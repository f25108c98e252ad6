import {join} from "node:path";
import {INJURED, recordInjuredDay} from "../injured-day.mjs";

/** Loads two recordings of a day, compares seven layers, names the cause, explains the PnL. */
export const row = {
  name: "reconcile 24 h x 50 symbols x 7 layers: load, compare, explain",
  target: "<= 2 s",
  limitMs: 2_000,
  repeat: 3,
  async prepare(scratch) {
    const [prodDir, simDir] = ["prod", "sim"].map((name) => join(scratch, name));
    await recordInjuredDay({prodDir, simDir});
    const {RunFolder} = await import("../../dist/src/runlog/reading/run-folder.js");
    const {reconcileRuns} = await import("../../dist/src/reconcile/reconcile-runs.js");
    return {
      reconcile: () => reconcileRuns(new RunFolder(prodDir), new RunFolder(simDir)),
    };
  },
  run: ({reconcile}) => reconcile(),
  check({layers, first, cause, pnl, prodBars, notCompared}) {
    const cells = layers.flatMap(({fields}) => fields.map((field) => field.cells));
    const total = sum(pnl.total.data);
    const parts = Object.values(pnl.parts).map(({data}) => sum(data));
    const rest = Math.abs(total - parts.reduce((a, b) => a + b, 0));
    const wrong = [
      [prodBars === 288, `${prodBars} bars`],
      [notCompared.length === 0, `not compared: ${JSON.stringify(notCompared)}`],
      [cells.reduce((a, b) => a + b, 0) > 288 * 50 * 20, `${cells} cells`],
      [first?.layer === "orders and fills", `first in ${first?.layer}`],
      [first?.instrument === INJURED.instrument, `first at ${first?.instrument}`],
      [cause?.name === "fill model", `cause ${cause?.name}`],
      [rest <= 1e-9 * Math.max(1, Math.abs(total)), `parts are ${rest} off the total`],
    ];
    return wrong.find(([isRight]) => !isRight)?.[1];
  },
};

function sum(columns) {
  return columns.reduce((all, column) => all + column.reduce((a, b) => a + b, 0), 0);
}
