import {ReckonError} from "../errors.js";
import type {LedgerInstrument} from "../finance/account/ledger.js";
import type {Position} from "../finance/account/position.js";
import type {BarTable} from "../market/bars.js";
import {marketPanel} from "../market/market-panel.js";
import type {EpochMs} from "../time/epoch.js";
import type {Order} from "../trading/orders/order.js";
import {type BarCells, cellsOf} from "./event-bars.js";
import {EventBroker} from "./event-broker.js";
import {type EventJournal, JournalWriter} from "./event-journal.js";
import type {EventBar, EventStrategy} from "./event-strategy.js";

/** What to run over which bars, and on what terms. */
export interface EventBacktestRequest {
  readonly bars: BarTable;
  readonly strategy: EventStrategy;
  readonly initialCash: number;
  /** In any order; plain linear contracts in one currency where left out. */
  readonly instruments?: readonly LedgerInstrument[];
  /** `next-open` (where left out): at the opening of the instrument's next bar. `same-close`: at
   * the close of the bar of the decision, which nobody can have; for comparisons. */
  readonly fillAt?: "next-open" | "same-close";
  /** Paid on every fill, in bps of the value traded. 0 where left out. */
  readonly feeBps?: number;
  /** Buys pay so much more and sales receive so much less than the price. 0 where left out. */
  readonly slippageBps?: number;
  /** Keeps every order and fill, and metrics of every bar. */
  readonly hasJournal?: boolean;
}

/** What a strategy did and earned. */
export interface EventBacktest {
  /** Ends of the bars (epoch ms). */
  readonly index: Float64Array;
  /** At each bar's close, settlement currency. */
  readonly netWealth: Float64Array;
  readonly orderCount: number;
  readonly fillCount: number;
  /** Paid in all, settlement currency. */
  readonly fees: number;
  /** At the end, by instrument. */
  readonly positions: ReadonlyMap<string, Position>;
  /** Orders of the last bars, for which no bar came. */
  readonly openOrders: readonly Order[];
  /** Present when it was asked for. */
  readonly journal?: EventJournal;
}

/**
 * Runs a strategy over bars, one by one, with orders, fills and positions: a backtest without
 * clock, waiting or files, for strategies that are code rather than a model's DAG.
 *
 * Every bar: open orders are filled whole at the opening (those of instruments without this bar
 * wait), everything is marked at the last known closes, the strategy is called. A strategy sees
 * nothing later than the bar it is called for. Nothing limits what can be bought: cash may become
 * negative.
 *
 * @throws ReckonError `misuse` when instruments are missing or settle in different currencies,
 *   `bad-data` when the bars lack open or close
 */
export function runEventBacktest(request: EventBacktestRequest): EventBacktest {
  const {bars, strategy, initialCash, fillAt = "next-open", hasJournal = false} = request;
  const market = marketPanel(bars);
  const {index} = market;
  const instruments = instrumentsOf(request);
  const cells = instruments.map(({id}, i) => cellsOf(market, i, id));
  const journal = hasJournal ? new JournalWriter(index, initialCash) : undefined;
  const broker: EventBroker = new EventBroker({
    ...request,
    ...{instruments, cells, index, fillAt, barMs: bars.barMs},
    onOrder: (order) => journal?.order(order),
    onFill: (fill) => {
      journal?.fill(fill);
      strategy.onFill?.(fill, broker);
    },
  });
  const netWealth = new Float64Array(index.length);
  const shown: (EventBar | undefined)[] = [];
  for (let t = 0; t < index.length; ++t) {
    broker.beginBar(t);
    showBars(cells, {t, barEnd: index[t] as number}, shown);
    strategy.onBar(shown, broker);
    broker.endBar();
    netWealth[t] = broker.netWealth;
    journal?.bar(t, broker);
  }
  return {
    index,
    netWealth,
    orderCount: broker.orderCount,
    fillCount: broker.fillCount,
    fees: broker.fees,
    positions: new Map(instruments.map(({id}) => [id, broker.position(id)])),
    openOrders: broker.openOrders(),
    ...(journal === undefined ? {} : {journal: journal.finish()}),
  };
}

/** In the order of the bars' symbols. */
function instrumentsOf({bars, instruments}: EventBacktestRequest): LedgerInstrument[] {
  const known = new Map(instruments?.map((instrument) => [instrument.id, instrument]));
  const found = bars.symbols.map((id) => (instruments === undefined ? plain(id) : known.get(id)));
  const missing = bars.symbols.filter((_, i) => found[i] === undefined);
  const currencies = new Set(found.map((instrument) => instrument?.settlementCurrency));
  if (missing.length > 0 || currencies.size > 1) {
    throw new ReckonError("misuse", {
      place: "instruments of a backtest",
      expected: "every instrument of the bars, all settled in one currency",
      found:
        missing.length > 0 ? `none for ${missing.join(", ")}` : [...currencies].sort().join(", "),
    });
  }
  return found as LedgerInstrument[];
}

const plain = (id: string): LedgerInstrument => ({
  id,
  kind: "linear",
  multiplier: 1,
  baseCurrency: id,
  settlementCurrency: "USD",
});

/** The bars of one instant, put into the list that was made for the first one. */
function showBars(
  cells: readonly BarCells[],
  {t, barEnd}: {readonly t: number; readonly barEnd: EpochMs},
  shown: (EventBar | undefined)[],
): void {
  for (let i = 0; i < cells.length; ++i) {
    const {instrumentId, open, high, low, close, volume} = cells[i] as BarCells;
    const last = close[t] as number;
    shown[i] = Number.isNaN(last)
      ? undefined
      : {
          instrumentId,
          barEnd,
          open: open[t] as number,
          high: high[t] as number,
          low: low[t] as number,
          close: last,
          volume: volume[t] as number,
        };
  }
}
