import {join} from "node:path";
import {manySymbols} from "../many-symbols.mjs";

/** Where the injured run parts from its simulation: one order of one name is filled by half. */
const INJURED = {instrument: "S017USDT", bar: 100};

/**
 * A day of 50 instruments: production with a file per bar and a fill that is not the simulation's,
 * the simulation with a file per stream. Loads, compares seven layers, names the cause and explains
 * the PnL.
 */
export const row = {
  name: "reconcile 24 h x 50 symbols x 7 layers: load, compare, explain",
  target: "<= 2 s",
  limitMs: 2_000,
  repeat: 3,
  async prepare(scratch) {
    const {run} = await manySymbols({symbols: 50, days: 1});
    const [prodDir, simDir] = ["prod", "sim"].map((name) => join(scratch, name));
    await run({dir: simDir});
    let bar = 0;
    const broker = await injuredBroker(() => (bar += 1));
    await run({dir: prodDir, runMode: "paper_trading", files: "per-bar", broker});
    const {RunFolder} = await import("../../dist/src/runlog/run-folder.js");
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

/** The paper broker, but for the first fill of one name after some bars. */
async function injuredBroker(nextBar) {
  const {paperBroker} = await import("../../dist/src/trading/paper-broker.js");
  let isDone = false;
  return ({config, clock, market}) => {
    const inner = paperBroker({
      clock,
      market,
      marketBarMs: market.barMs,
      columns: config.portfolio_config.column_remap,
      value: (_id, shares, price) => shares * price,
    });
    const injure = (fill) => ({...fill, shares: Math.round(500 * fill.shares) / 1_000});
    return {
      submitOrders: (orders) => inner.submitOrders(orders),
      async takeFills() {
        const isDue = nextBar() > INJURED.bar && !isDone;
        return (await inner.takeFills()).map((fill) => {
          const isHit = isDue && fill.instrumentId === INJURED.instrument;
          isDone ||= isHit;
          return isHit ? injure(fill) : fill;
        });
      },
    };
  };
}
