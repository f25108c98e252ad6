import {barPnl} from "../../src/finance/pnl/bar-pnl.js";
import type {RecordedRun} from "../../src/report/recorded-run.js";
import {type Frame, frameFromRows} from "../../src/table/frame.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import type {Order} from "../../src/trading/orders/order.js";

const START = Date.UTC(2025, 8, 1);
const BAR_MS = 5 * MINUTE_MS;

/** The end of the `bar`-th bar, counted from 1. */
export function barEnd(bar: number): number {
  return START + bar * BAR_MS;
}

/**
 * A run of `bars` bars of A and B: 10 A bought in the second bar at 10, 4 B sold at 25; then A
 * rises by 1 a bar, B stays. Each bar from the second on pays a fee of 1.
 */
export function recordedRun(bars: number, changes: Partial<RecordedRun> = {}): RecordedRun {
  const steps = Array.from({length: bars}, (_, t) => t);
  const index = steps.map((t) => barEnd(t + 1));
  const held = (t: number): boolean => t > 0;
  const priceOf = (t: number): number => (t === 0 ? 10 : 9 + t);
  const frame = (row: (t: number) => number[]): Frame =>
    frameFromRows(index, bars === 0 ? [] : ["A", "B"], steps.map(row));
  const shares = frame((t) => (held(t) ? [10, -4] : [0, 0]));
  const values = frame((t) => (held(t) ? [10 * priceOf(t), -100] : [0, 0]));
  const trades = frame((t) => (t === 1 ? [10, -4] : [0, 0]));
  const traded = frame((t) => (t === 1 ? [100, -100] : [0, 0]));
  const statistics = frameFromRows(
    index,
    bars === 0
      ? []
      : [
          "pnl",
          "gross_volume",
          "net_volume",
          "gmv",
          "nmv",
          "cash",
          "net_wealth",
          "leverage",
          "fees",
        ],
    steps.map((t) => {
      const gmv = held(t) ? 10 * priceOf(t) + 100 : 0;
      const wealth = 1000 + (t > 1 ? 10 * (t - 1) : 0) - t;
      const pnl = t === 0 ? Number.NaN : t > 1 ? 10 : 0;
      const volume = t === 1 ? 200 : 0;
      return [pnl, volume, 0, gmv, gmv - 200, 0, wealth, gmv / wealth, t > 0 ? 1 : 0];
    }),
  );
  return {
    dir: "run",
    facts: factsOf(bars),
    portfolio: {
      holdings_shares: shares,
      holdings_notional: values,
      executed_trades_shares: trades,
      executed_trades_notional: traded,
      statistics,
      pnl: barPnl(values, traded),
      wallClock: Float64Array.from(index, (time) => time + 10_000),
    },
    targets: {
      holdings_shares: shares,
      target_holdings_shares: frame(() => [10, -4]),
      price: frame((t) => [priceOf(t), 25]),
    },
    orders: [],
    timings: [],
    outputs: [],
    ...changes,
  };
}

function factsOf(bars: number): RecordedRun["facts"] {
  return {
    model: "C1",
    runMode: "paper_trading",
    market: "simulated market 5m",
    start: START,
    end: barEnd(bars),
    barMs: BAR_MS,
    frequency: "5T",
    instruments: 2,
    capital: 1000,
    targetGmv: 200,
    feeBps: 1,
    orderType: "price@twap",
    exitState: "done",
    peakRssBytes: 2 ** 27,
  };
}

/** An order of the `bar`-th bar. */
export function orderOf(
  bar: number,
  instrumentId: string,
  diffShares: number,
): Order & {readonly barEnd: number} {
  const creationTime = barEnd(bar) + 10_000;
  return {
    orderId: 0,
    parentOrderId: null,
    strategy: "",
    account: "",
    barEnd: barEnd(bar),
    creationTime,
    instrumentId,
    type: "price@twap",
    start: creationTime,
    end: barEnd(bar + 1),
    currentShares: 0,
    diffShares,
    extraParams: {},
  };
}
