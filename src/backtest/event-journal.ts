import type {LedgerState} from "../finance/account/ledger.js";
import {STATISTICS_COLUMNS} from "../runlog/layout.js";
import {type Frame, makeFrame} from "../table/frame.js";
import type {Fill} from "../trading/orders/fill.js";
import type {Order} from "../trading/orders/order.js";

/** Everything an event backtest did. */
export interface EventJournal {
  /** In the order of their numbers; cancelled ones too. */
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  /**
   * Bar metrics, one row per bar, settlement currency: pnl, gross_volume, net_volume, gmv, nmv,
   * cash, net_wealth, fees. What portfolio statistics, panels and the net PnL are made from.
   */
  readonly metrics: Frame;
}

/** A run's statistics without leverage: an account in several currencies has none. */
const METRICS = STATISTICS_COLUMNS.filter((name) => name !== "leverage");

/** Takes down fills and bars as they come. */
export class JournalWriter {
  readonly #index: Float64Array;
  readonly #data: readonly Float64Array[];
  readonly #orders: Order[] = [];
  readonly #fills: Fill[] = [];
  #cash: number;

  constructor(index: Float64Array, initialCash: number) {
    this.#index = index;
    this.#data = METRICS.map(() => new Float64Array(index.length));
    this.#cash = initialCash;
  }

  order(order: Order): void {
    this.#orders.push(order);
  }

  fill(fill: Fill): void {
    this.#fills.push(fill);
  }

  /** The account at the close of bar number `t`; all of it is in one currency. */
  bar(t: number, account: {mark(): LedgerState}): void {
    const {instruments, currencies} = account.mark();
    const [money] = currencies;
    let [pnl, gross, net, fees] = [0, 0, 0, 0];
    for (const state of instruments) {
      pnl += state.pnl;
      gross += Math.abs(state.traded);
      net += state.traded;
      fees += state.fees;
    }
    this.#cash = money?.cash ?? this.#cash;
    const row = [
      pnl,
      gross,
      net,
      money?.gmv ?? 0,
      money?.nmv ?? 0,
      this.#cash,
      money?.netWealth ?? this.#cash,
      fees,
    ];
    for (let j = 0; j < row.length; ++j) {
      (this.#data[j] as Float64Array)[t] = row[j] as number;
    }
  }

  finish(): EventJournal {
    return {
      orders: this.#orders,
      fills: this.#fills,
      metrics: makeFrame(this.#index, METRICS, this.#data),
    };
  }
}
