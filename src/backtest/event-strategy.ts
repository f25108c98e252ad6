import type {Position} from "../finance/account/position.js";
import type {BarValues} from "../table/bar-values.js";
import type {EpochMs} from "../time/epoch.js";
import type {Fill} from "../trading/orders/fill.js";
import type {Order} from "../trading/orders/order.js";

/** One instrument's bar. */
export interface EventBar extends BarValues {
  readonly instrumentId: string;
  readonly barEnd: EpochMs;
}

/** What decides, bar by bar. It may keep whatever it likes between its calls. */
export interface EventStrategy {
  /**
   * Called at each bar's end, after what was ordered before has been filled at this bar's opening
   * and everything has been marked at its close.
   *
   * @param bars in instrument order; undefined where nobody traded
   */
  onBar(bars: readonly (EventBar | undefined)[], desk: EventDesk): void;
  /** Called for each fill once its bar is marked; what is ordered here is filled a bar later. */
  onFill?(fill: Fill, desk: EventDesk): void;
}

/** What a strategy knows and may do; always as of the end of the bar it is called for. */
export interface EventDesk {
  readonly barEnd: EpochMs;
  /** Settlement currency. */
  readonly cash: number;
  /** Cash and value of the positions at the last known closes. */
  readonly netWealth: number;
  position(instrumentId: string): Position;
  /** Orders that are not filled yet, oldest first. */
  openOrders(): readonly Order[];
  /**
   * Buys (positive) or sells at the market.
   *
   * @throws ReckonError `failed` for a quantity that is 0 or no number
   */
  order(instrumentId: string, quantity: number): Order;
  /** Orders the difference between `quantity` and what is held and on order; undefined for none. */
  orderTo(instrumentId: string, quantity: number): Order | undefined;
  /** Withdraws an open order; false when there is none of that number. */
  cancel(orderId: number): boolean;
  /** The column's last `count` cells up to this bar, oldest first, fewer at the beginning; NaN
   * where there was no bar. A view: do not change it. */
  history(instrumentId: string, column: string, count: number): Float64Array;
}
