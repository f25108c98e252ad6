import {Ledger, type LedgerState} from "../../src/finance/account/ledger.js";
import {roundToLot} from "../../src/finance/sizing/round-to-lot.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import type {Fill} from "../../src/trading/orders/fill.js";
import {Portfolio, type PortfolioState} from "../../src/trading/portfolio.js";
import {
  boughtBy,
  type Deed,
  type Life,
  LOT,
  sharesOf,
  TRADED,
  type TradedInstrument,
  worthOf,
} from "./random-account.js";

const IDS = TRADED.map(({id}) => id);
const CASH = 10;

/** One life in a portfolio and in a ledger, and in whole numbers what both should hold. */
export class TwinAccounts {
  /** Thousandths of a lot, exactly. */
  readonly held: number[];
  /** Σ|quantity| that ever moved: the noise of adding quantities is relative to it. */
  readonly moved: number[];
  readonly #portfolio: Portfolio;
  readonly #ledger: Ledger;
  #marks: readonly number[] = [];
  #fills: Fill[] = [];

  /** The ledger opens with what the portfolio's holdings are worth, and buys them for it. */
  constructor({opening, first}: Life) {
    this.#setMarks(first);
    this.held = [...opening];
    const shares = Float64Array.from(opening, sharesOf);
    this.moved = Array.from(shares, Math.abs);
    this.#portfolio = this.#portfolioOf(shares);
    const worth = shares.map((count, i) => worthOf(count, this.#marks[i] as number, i));
    this.#ledger = new Ledger(TRADED, {BTC: worth.reduce((sum, x) => sum + x, CASH)});
    for (const [i, quantity] of shares.entries()) {
      if (quantity !== 0) {
        const price = this.#marks[i] as number;
        this.#ledger.fill({instrumentId: IDS[i] as string, quantity, price});
      }
    }
    this.#ledger.mark(this.#marks);
  }

  /** One fill, or two where its fee is taken from what is held: a sale that pays the fee. */
  do(deed: Deed): void {
    const {i, paid, feeBps, feeParts} = deed;
    const {id, price: usual, kind, baseCurrency} = TRADED[i] as TradedInstrument;
    const parts = boughtBy(deed, this.held[i] as number);
    if (parts === 0) {
      return;
    }
    const [quantity, price] = [sharesOf(parts, i), paid * usual];
    const fill = {instrumentId: id, quantity, price};
    if (kind === "spot" && feeParts > 0) {
      const amount = sharesOf(feeParts, i);
      this.#book(i, {parts, price, fee: 0});
      this.#book(i, {parts: -feeParts, price, fee: worthOf(amount, price, i)});
      this.#ledger.fill({...fill, fee: {amount, currency: baseCurrency}});
    } else {
      const amount = (feeBps / 1e4) * Math.abs(worthOf(quantity, price, i));
      this.#book(i, {parts, price, fee: amount});
      this.#ledger.fill({...fill, fee: {amount, currency: "BTC"}});
    }
  }

  /** Marks both, at the first marks where none are given. */
  async mark(marks?: readonly number[]): Promise<{state: PortfolioState; told: LedgerState}> {
    if (marks !== undefined) {
      this.#setMarks(marks);
    }
    return {state: await this.#portfolio.markToMarket(), told: this.#ledger.mark(this.#marks)};
  }

  #setMarks(factors: readonly number[]): void {
    this.#marks = factors.map((x, i) => x * (TRADED[i] as TradedInstrument).price);
  }

  #portfolioOf(initialShares: Float64Array): Portfolio {
    return new Portfolio({
      instrumentIds: IDS,
      initialCash: CASH,
      initialShares,
      clock: new SimulatedClock(0),
      market: {
        hasColumn: () => true,
        lastValue: (_column, id) => this.#marks[IDS.indexOf(id)] as number,
        valuesWithin: () => new Float64Array(),
      },
      broker: {submitOrders: async () => {}, takeFills: async () => this.#fills.splice(0)},
      markColumn: "close",
      pricing: {kind: "last"},
      value: (id, shares, price) => worthOf(shares, price, IDS.indexOf(id)),
      roundShares: (id, shares) => roundToLot(shares, sharesOf(LOT, IDS.indexOf(id))),
    });
  }

  #book(i: number, {parts, price, fee}: {parts: number; price: number; fee: number}): void {
    const shares = sharesOf(parts, i);
    const order = {strategy: "", account: "", orderId: 0, parentOrderId: null, time: 0};
    const fillId = this.#fills.length;
    this.#fills.push({...order, fillId, instrumentId: IDS[i] as string, shares, price, fee});
    this.held[i] = (this.held[i] as number) + parts;
    this.moved[i] = (this.moved[i] as number) + Math.abs(shares);
  }
}

/** By how much terms that should make 0 do not, relative to the largest of them (or one BTC). */
export function imbalance(...terms: number[]): number {
  const scale = terms.reduce((largest, x) => Math.max(largest, Math.abs(x)), 1);
  return Math.abs(terms.reduce((sum, x) => sum + x, 0)) / scale;
}

/** Where a portfolio and a ledger differ by more than 1e-9. */
export function differences(state: PortfolioState, told: LedgerState): string[] {
  const {cash, gmv, nmv, net_wealth, leverage, fees} = state.statistics;
  const money = told.currencies.find(({currency}) => currency === "BTC");
  const paid = told.instruments.reduce((sum, one) => sum + one.fees, 0);
  const pairs: [name: string, actual: number, wanted: number | undefined][] = [
    ["cash", cash, money?.cash],
    ["gmv", gmv, money?.gmv],
    ["nmv", nmv, money?.nmv],
    ["net wealth", net_wealth, money?.netWealth],
    ["leverage × net wealth", leverage * net_wealth, money?.gmv],
    ["fees", fees, paid],
  ];
  const isFirst = Number.isNaN(state.statistics.pnl);
  for (const [i, {instrumentId: id, ...wanted}] of told.instruments.entries()) {
    pairs.push(
      [`${id} shares`, state.holdingsShares[i] as number, wanted.position.quantity],
      [`${id} value`, state.holdingsNotional[i] as number, wanted.value],
      [`${id} traded`, state.executedTradesNotional[i] as number, wanted.traded],
    );
    if (!isFirst) {
      pairs.push([`${id} pnl`, state.pnl[i] as number, wanted.pnl]);
    }
  }
  return pairs
    .filter(([, actual, wanted]) => !(imbalance(actual, -(wanted ?? Number.NaN)) <= 1e-9))
    .map(([name, actual, wanted]) => `${name}: ${actual}, the ledger says ${wanted}`);
}
