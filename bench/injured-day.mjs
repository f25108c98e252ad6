import {manySymbols} from "./many-symbols.mjs";

/** Where the injured run parts from its simulation: one order of one name is filled by half. */
export const INJURED = {instrument: "S017USDT", bar: 100};

/**
 * Two recordings of a day of 50 instruments: production with a file per bar and a fill that is not
 * the simulation's, and the simulation with a file per stream.
 */
export async function recordInjuredDay({prodDir, simDir}) {
  const {run, start, end} = await manySymbols({symbols: 50, days: 1});
  await run({dir: simDir});
  let bar = 0;
  const broker = await injuredBroker(() => (bar += 1));
  await run({dir: prodDir, runMode: "paper_trading", files: "per-bar", broker});
  return {start, end};
}

/** The paper broker, but for the first fill of one name after some bars. */
async function injuredBroker(nextBar) {
  const {paperBroker} = await import("../dist/src/trading/brokers/paper-broker.js");
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
