import {RecordedMarket} from "../../src/market/recorded-market.js";
import type {Store} from "../../src/store/open/open-store.js";
import {MINUTE_MS, SECOND_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import {
  type AccountRun,
  DatabaseAccount,
  type DatabaseAccountOptions,
} from "../../src/trading/brokers/database-account.js";
import {databaseBroker} from "../../src/trading/brokers/database-broker.js";
import {
  OrderProcessor,
  type OrderProcessorOptions,
} from "../../src/trading/brokers/order-processor.js";
import {paperBroker} from "../../src/trading/brokers/paper-broker.js";
import {minuteBars, newYork, spotValue} from "./sample-orders.js";

/** What the reference's sample market traded at in the minutes that end 09:36 to 09:45. */
export const SAMPLE_PRICES = [
  999.9679200120444, 999.5260036242125, 999.8921797699875, 999.9932947817307, 1000.2013673595268,
  999.7219518538226, 1000.1918617059846, 1000.524304346785, 1000.2366434574633, 999.9184684246703,
];

/** An open account of the reference's owner, on 2000-01-01, over a simulated clock. */
export async function openAccount(
  store: Store,
  runId: string,
  {tradeDate = "2000-01-01", ...changes}: Partial<DatabaseAccountOptions & AccountRun> = {},
) {
  const clock = new SimulatedClock(newYork("09:35:00"));
  const account = new DatabaseAccount({
    store,
    clock,
    retryClock: clock,
    strategy: "SAU1",
    account: `candidate.${runId}`,
    start: "fresh",
    instrumentIds: ["101"],
    initial: {cash: 1_000_000, shares: Float64Array.of(0)},
    ...changes,
  });
  const held = await account.open({runId, tradeDate});
  return {clock, account, held};
}

/** A broker and the processor that answers it, over the sample prices. */
export async function sampleDesk(
  store: Store,
  runId: string,
  changes: Partial<OrderProcessorOptions> & {readonly account?: DatabaseAccount} = {},
) {
  const opened = await openAccount(store, runId);
  const {account, clock} = opened;
  const bars = minuteBars(newYork("09:36:00"), {close: SAMPLE_PRICES});
  const market = new RecordedMarket({bars, clock, delayMs: 0});
  const exchange = paperBroker({
    clock,
    market,
    marketBarMs: MINUTE_MS,
    value: spotValue,
    feeBps: 1,
    oldestStartMs: Number.POSITIVE_INFINITY,
  });
  const processor = new OrderProcessor({
    account,
    exchange,
    barMs: 5 * MINUTE_MS,
    termination: {kind: "lists", count: 1},
    delayToAcceptMs: 3 * SECOND_MS,
    maxWaitMs: 10 * SECOND_MS,
    pollMs: 2 * SECOND_MS,
    value: spotValue,
    roundShares: (_id, shares) => shares,
    ...changes,
  });
  const refused: string[] = [];
  const broker = databaseBroker({
    account,
    pollMs: 2 * SECOND_MS,
    onRefused: ({filename, reason}) => refused.push(`${filename}: ${reason}`),
  });
  return {clock, account, processor, broker, refused};
}
