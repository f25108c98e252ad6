import assert from "node:assert/strict";
import {bookFill} from "../finance/account/book-fill.js";
import {positionPnl} from "../finance/pnl/bar-pnl.js";
import type {OmsAccount} from "../store/oms/oms-owner.js";
import {floorToBar} from "../time/bar-grid.js";
import type {Clock} from "../time/clock.js";
import type {EpochMs} from "../time/epoch.js";
import type {Broker} from "./brokers/broker.js";
import type {PriceView} from "./brokers/price-view.js";
import type {Holdings} from "./initial-holdings.js";
import type {Fill} from "./orders/fill.js";
import {NOBODY} from "./orders/owner-params.js";

/** How a holding is marked: at the last known value, or at the mean over the last whole bar. */
export type PricingMethod =
  | {readonly kind: "last"}
  | {readonly kind: "twap"; readonly barMs: number};

/**
 * The account after one mark: what a strategy holds in it. Arrays are in instrument order, money in
 * settlement currency.
 */
export interface PortfolioState extends OmsAccount {
  readonly wallClock: EpochMs;
  /** Marks; NaN where none is known. */
  readonly price: Float64Array;
  readonly holdingsShares: Float64Array;
  /** At the mark, or the last known one while there is none; NaN when there never was any. */
  readonly holdingsNotional: Float64Array;
  /** Signed, since the mark before. */
  readonly executedTradesShares: Float64Array;
  /** Signed value at fill prices; buys positive. */
  readonly executedTradesNotional: Float64Array;
  /**
   * Gross: change of holdings' value less the value traded. NaN at the first mark, and of what is
   * held without ever having had a price, until the bar after its first: that is its baseline.
   */
  readonly pnl: Float64Array;
  readonly statistics: PortfolioStatistics;
  /** What was executed since the mark before, in the order of their ids. */
  readonly fills: readonly Fill[];
  /**
   * What moved each holding last, with its order and that one's parent; undefined where nothing did
   * since the run began.
   */
  readonly lastFills: readonly (Fill | undefined)[];
}

/** Bar metrics of the whole account. */
export interface PortfolioStatistics {
  /** Sum of the instruments' gross PnL; NaN where one of them is. */
  readonly pnl: number;
  /** Sum of |value traded|. */
  readonly gross_volume: number;
  /** Sum of value traded, buys positive. */
  readonly net_volume: number;
  /** Sum of |value held|. */
  readonly gmv: number;
  /** Sum of value held. */
  readonly nmv: number;
  readonly cash: number;
  /** cash + nmv; its change is the net PnL. NaN while something held has never had a price. */
  readonly net_wealth: number;
  /** gmv / net_wealth. */
  readonly leverage: number;
  /** Paid since the mark before, positive; net PnL = pnl - fees. */
  readonly fees: number;
}

export interface PortfolioOptions {
  /** Whose it is; nobody's where left out. */
  readonly owner?: OmsAccount;
  readonly instrumentIds: readonly string[];
  readonly initialCash: number;
  readonly initialShares?: Float64Array;
  readonly clock: Clock;
  readonly market: PriceView;
  readonly broker: Broker;
  readonly markColumn: string;
  readonly pricing: PricingMethod;
  /** Signed value of shares at a price, in settlement currency. */
  readonly value: (instrumentId: string, shares: number, price: number) => number;
  /** Rounds a holding to the instrument's lot: noise of sums is taken out, dust is kept. */
  readonly roundShares: (instrumentId: string, shares: number) => number;
}

/** Holdings and cash, moved by a broker's fills and marked to market; the same for each broker. */
export class Portfolio {
  readonly #options: PortfolioOptions;
  readonly #at: ReadonlyMap<string, number>;
  #shares: Float64Array;
  /** The last known mark by instrument; before any, the price of a fill. NaN when none. */
  readonly #marks: Float64Array;
  readonly #lastFills: (Fill | undefined)[];
  #cash: number;
  #last: PortfolioState | undefined;

  constructor(options: PortfolioOptions) {
    this.#options = options;
    this.#at = new Map(options.instrumentIds.map((id, i) => [id, i]));
    this.#shares = options.initialShares ?? new Float64Array(options.instrumentIds.length);
    this.#marks = new Float64Array(options.instrumentIds.length).fill(Number.NaN);
    this.#lastFills = options.instrumentIds.map(() => undefined);
    this.#cash = options.initialCash;
  }

  /** Whose it is: orders that are made from it are the same one's. */
  get owner(): OmsAccount {
    return this.#options.owner ?? NOBODY;
  }

  /** Begins with these holdings instead, for example those of the OMS tables; before any mark. */
  begin({cash, shares}: Holdings): void {
    assert.ok(this.#last === undefined, "holdings are given before the first mark");
    this.#cash = cash;
    this.#shares = shares.slice();
  }

  /** Takes the fills since the last mark, values everything, and returns the new state. */
  async markToMarket(): Promise<PortfolioState> {
    const {instrumentIds, clock, value} = this.#options;
    const trades = await this.#executeFills();
    const price = Float64Array.from(instrumentIds, (id) => this.#price(id));
    this.#keepMarks(price);
    const holdingsNotional = Float64Array.from(instrumentIds, (id, i) => {
      const shares = this.#shares[i] as number;
      return shares === 0 ? 0 : value(id, shares, this.#marks[i] as number);
    });
    const before = this.#last?.holdingsNotional;
    const pnl = holdingsNotional.map((after, i) =>
      before === undefined
        ? Number.NaN
        : positionPnl(before[i] as number, after, trades.notional[i] as number),
    );
    const {strategy, account} = this.owner;
    this.#last = {
      strategy,
      account,
      wallClock: clock.now(),
      price,
      holdingsShares: this.#shares.slice(),
      holdingsNotional,
      executedTradesShares: trades.shares,
      executedTradesNotional: trades.notional,
      pnl,
      statistics: this.#statistics(holdingsNotional, trades, pnl),
      fills: trades.fills,
      lastFills: this.#lastFills.slice(),
    };
    return this.#last;
  }

  async #executeFills(): Promise<Trades> {
    const {instrumentIds, broker, value, roundShares} = this.#options;
    const held = this.#shares.slice();
    const shares = new Float64Array(instrumentIds.length);
    const notional = new Float64Array(instrumentIds.length);
    let fees = 0;
    const fills = await broker.takeFills();
    for (const fill of fills) {
      const i = this.#at.get(fill.instrumentId);
      assert.ok(i !== undefined, `a fill of ${fill.instrumentId}, which is not in the portfolio`);
      const traded = value(fill.instrumentId, fill.shares, fill.price);
      shares[i] = (shares[i] as number) + fill.shares;
      notional[i] = (notional[i] as number) + traded;
      const booked = bookFill(
        {shares: held[i] as number, cash: this.#cash},
        {shares: fill.shares, traded, fee: fill.fee},
        (count) => roundShares(fill.instrumentId, count),
      );
      held[i] = booked.shares;
      this.#cash = booked.cash;
      this.#marks[i] = Number.isNaN(this.#marks[i]) ? fill.price : (this.#marks[i] as number);
      this.#lastFills[i] = fill;
      fees += fill.fee;
    }
    this.#shares = held;
    return {shares, notional, fees, fills};
  }

  /** A name is valued at its mark, and at the last one while it has none. */
  #keepMarks(price: Float64Array): void {
    const {instrumentIds, value} = this.#options;
    for (let i = 0; i < price.length; ++i) {
      const mark = price[i] as number;
      const isUsable = Number.isFinite(value(instrumentIds[i] as string, 1, mark));
      this.#marks[i] = isUsable ? mark : (this.#marks[i] as number);
    }
  }

  /** The mark; where a whole-bar mean finds no known bar, the last known value. */
  #price(id: string): number {
    const {market, markColumn, pricing, clock} = this.#options;
    if (pricing.kind === "twap") {
      const end = floorToBar(clock.now(), pricing.barMs);
      const values = market.valuesWithin(markColumn, id, {start: end - pricing.barMs, end});
      if (values.length > 0) {
        return sum(values) / values.length;
      }
    }
    return market.lastValue(markColumn, id);
  }

  #statistics(
    holdingsNotional: Float64Array,
    trades: Trades,
    pnl: Float64Array,
  ): PortfolioStatistics {
    const nmv = sum(holdingsNotional);
    const gmv = sum(holdingsNotional.map(Math.abs));
    const netWealth = this.#cash + nmv;
    return {
      pnl: sum(pnl),
      gross_volume: sum(trades.notional.map(Math.abs)),
      net_volume: sum(trades.notional),
      gmv,
      nmv,
      cash: this.#cash,
      net_wealth: netWealth,
      leverage: gmv / netWealth,
      fees: trades.fees,
    };
  }
}

interface Trades {
  readonly shares: Float64Array;
  readonly notional: Float64Array;
  readonly fees: number;
  readonly fills: readonly Fill[];
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
