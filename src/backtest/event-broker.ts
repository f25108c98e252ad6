import assert from "node:assert/strict";
import {ReckonError} from "../errors.js";
import {positionValue} from "../finance/account/holdings-value.js";
import {Ledger, type LedgerInstrument, type LedgerState} from "../finance/account/ledger.js";
import type {Position} from "../finance/account/position.js";
import type {EpochMs} from "../time/epoch.js";
import type {Fill} from "../trading/orders/fill.js";
import type {Order} from "../trading/orders/order.js";
import {NOBODY} from "../trading/orders/owner-params.js";
import type {BarCells} from "./event-bars.js";
import type {EventDesk} from "./event-strategy.js";

/** What a broker of an event backtest is made of; arrays are in instrument order. */
export interface EventBrokerOptions {
  readonly instruments: readonly LedgerInstrument[];
  readonly cells: readonly BarCells[];
  readonly index: Float64Array;
  readonly barMs: number;
  readonly initialCash: number;
  readonly fillAt: "next-open" | "same-close";
  readonly feeBps?: number;
  readonly slippageBps?: number;
  /** Told of each order that was made. */
  readonly onOrder: (order: Order) => void;
  /** Told of each fill, once everything is booked and marked. */
  readonly onFill: (fill: Fill) => void;
}

const NO_PARAMS = Object.freeze({});
/** A backtest trades for no account. */
const OWN = Object.freeze({...NOBODY, parentOrderId: null});

/** Fills orders at opens (or closes) and keeps the account: what a strategy trades with. */
export class EventBroker implements EventDesk {
  readonly #options: EventBrokerOptions;
  readonly #at: ReadonlyMap<string, number>;
  readonly #ledger: Ledger;
  readonly #currency: string;
  /** The last known closes, in instrument order. */
  readonly #marks: Float64Array;
  #open: Order[] = [];
  #fresh: Fill[] = [];
  #t = 0;
  #orderId = 0;
  #fillId = 0;
  #fees = 0;

  constructor(options: EventBrokerOptions) {
    const {instruments, initialCash} = options;
    this.#options = options;
    this.#at = new Map(instruments.map(({id}, i) => [id, i]));
    this.#currency = instruments[0]?.settlementCurrency ?? "";
    this.#ledger = new Ledger(instruments, {[this.#currency]: initialCash});
    this.#marks = new Float64Array(instruments.length).fill(Number.NaN);
  }

  get barEnd(): EpochMs {
    return this.#options.index[this.#t] as number;
  }

  get cash(): number {
    return this.#ledger.cash(this.#currency);
  }

  get netWealth(): number {
    return this.#ledger.netWealth(this.#currency, this.#marks);
  }

  get orderCount(): number {
    return this.#orderId;
  }

  get fillCount(): number {
    return this.#fillId;
  }

  get fees(): number {
    return this.#fees;
  }

  position(instrumentId: string): Position {
    return this.#ledger.position(instrumentId);
  }

  openOrders(): readonly Order[] {
    return this.#open.slice();
  }

  order(instrumentId: string, quantity: number): Order {
    if (!Number.isFinite(quantity) || quantity === 0) {
      throw new ReckonError("failed", {
        place: `an order of ${instrumentId}`,
        expected: "a quantity that is finite and not 0",
        found: String(quantity),
      });
    }
    const now = this.barEnd;
    const order: Order = {
      orderId: this.#orderId++,
      creationTime: now,
      instrumentId,
      // At its start: the close before it, or the open after it.
      type: "price@start",
      start: now,
      end: now + this.#options.barMs,
      currentShares: this.position(instrumentId).quantity,
      diffShares: quantity,
      ...OWN,
      extraParams: NO_PARAMS,
    };
    this.#open.push(order);
    this.#options.onOrder(order);
    return order;
  }

  orderTo(instrumentId: string, quantity: number): Order | undefined {
    let expected = this.position(instrumentId).quantity;
    for (const order of this.#open) {
      expected += order.instrumentId === instrumentId ? order.diffShares : 0;
    }
    return quantity === expected ? undefined : this.order(instrumentId, quantity - expected);
  }

  cancel(orderId: number): boolean {
    const before = this.#open.length;
    this.#open = this.#open.filter((order) => order.orderId !== orderId);
    return this.#open.length < before;
  }

  history(instrumentId: string, column: string, count: number): Float64Array {
    const values = this.#cells(instrumentId).columns.get(column);
    assert.ok(values, `no column ${column} of ${instrumentId}`);
    const end = this.#t + 1;
    return values.subarray(Math.max(0, end - count), end);
  }

  /** Goes to bar number `t`: fills what was open at its opening, then marks at its close. */
  beginBar(t: number): void {
    this.#t = t;
    const {cells, fillAt, barMs} = this.#options;
    if (fillAt === "next-open") {
      this.#fillOpen("open", this.barEnd - barMs);
    }
    for (let i = 0; i < cells.length; ++i) {
      const close = (cells[i] as BarCells).close[t] as number;
      if (!Number.isNaN(close)) {
        this.#marks[i] = close;
      }
    }
    this.#tell();
  }

  /** Fills what is open at this bar's close, where that is the rule. */
  endBar(): void {
    if (this.#options.fillAt === "same-close") {
      this.#fillOpen("close", this.barEnd);
      this.#tell();
    }
  }

  /** The account at this bar's marks; begins a new bar. */
  mark(): LedgerState {
    return this.#ledger.mark(this.#marks);
  }

  /** An order of an instrument without this bar stays open. */
  #fillOpen(column: "open" | "close", time: EpochMs): void {
    if (this.#open.length === 0) {
      return;
    }
    const waiting: Order[] = [];
    for (const order of this.#open) {
      const cells = this.#cells(order.instrumentId);
      const price = cells[column][this.#t] as number;
      if (price > 0 && !Number.isNaN(cells.close[this.#t])) {
        this.#fresh.push(this.#fill(order, {price, time}));
      } else {
        waiting.push(order);
      }
    }
    this.#open = waiting;
  }

  /** Only now, since whoever is told may ask what everything is worth, and order more. */
  #tell(): void {
    if (this.#fresh.length > 0) {
      const fills = this.#fresh;
      this.#fresh = [];
      for (const fill of fills) {
        this.#options.onFill(fill);
      }
    }
  }

  #fill(order: Order, {price, time}: {readonly price: number; readonly time: EpochMs}): Fill {
    const {feeBps = 0, slippageBps = 0, instruments} = this.#options;
    const {instrumentId, orderId, diffShares: shares} = order;
    const paid = price * (1 + (Math.sign(shares) * slippageBps) / 10_000);
    const instrument = instruments[this.#at.get(instrumentId) as number] as LedgerInstrument;
    const fee = (Math.abs(positionValue(shares, paid, instrument)) * feeBps) / 10_000;
    this.#ledger.fill({
      instrumentId,
      quantity: shares,
      price: paid,
      fee: {amount: fee, currency: this.#currency},
    });
    this.#fees += fee;
    return {...OWN, fillId: this.#fillId++, orderId, instrumentId, time, shares, price: paid, fee};
  }

  #cells(instrumentId: string): BarCells {
    const i = this.#at.get(instrumentId);
    assert.ok(i !== undefined, `no instrument ${instrumentId} in this backtest`);
    return this.#options.cells[i] as BarCells;
  }
}
