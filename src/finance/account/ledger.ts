import assert from "node:assert/strict";
import {positionPnl} from "../pnl/bar-pnl.js";
import {type ContractTerms, positionValue} from "./holdings-value.js";
import {lastMark} from "./last-mark.js";
import {fillPosition, NO_POSITION, type Position, unrealisedPnl} from "./position.js";

/** An instrument as an account sees it. */
export interface LedgerInstrument extends ContractTerms {
  readonly id: string;
  /** What is bought and sold, for example `BTC`. */
  readonly baseCurrency: string;
  /** What value, PnL and funding are counted in, for example `USDT`. */
  readonly settlementCurrency: string;
}

/** A trade, with a fee in any currency. */
export interface LedgerFill {
  readonly instrumentId: string;
  /** Signed, not 0: positive bought. */
  readonly quantity: number;
  /** > 0. */
  readonly price: number;
  readonly fee?: Fee;
  /** What a fee taken from the position is valued at; the fill's price where left out. */
  readonly mark?: number;
}

/** A cost in its own currency; positive is paid, negative is a rebate. */
export interface Fee {
  readonly amount: number;
  readonly currency: string;
}

/** One instrument at a mark; money in settlement currency. */
export interface InstrumentState {
  readonly instrumentId: string;
  readonly position: Position;
  /** The mark, or the last known price where it is missing; NaN when none was ever known. */
  readonly price: number;
  /** Of the position, signed. */
  readonly value: number;
  /** Value of the trades since the mark before, buys positive; fees taken from it are sales. */
  readonly traded: number;
  /** Since the mark before, before fees and funding: {@link positionPnl}. */
  readonly pnl: number;
  /** Paid in settlement currency, or from the position, since the mark before. */
  readonly fees: number;
  /** Received since the mark before. */
  readonly funding: number;
  readonly unrealised: number;
}

/** Everything an account has and earned in one currency. */
export interface CurrencyState {
  readonly currency: string;
  /** Paid in, less paid out. */
  readonly capital: number;
  readonly cash: number;
  /** Σ|value| of the positions that settle in it. */
  readonly gmv: number;
  /** Σ value. */
  readonly nmv: number;
  /** cash + nmv = capital + realised + unrealised − fees + funding. */
  readonly netWealth: number;
  /** Since the beginning, before fees. */
  readonly realised: number;
  readonly unrealised: number;
  /** Since the beginning; paid positive. */
  readonly fees: number;
  /** Since the beginning; received positive. */
  readonly funding: number;
}

/** An account at a mark. */
export interface LedgerState {
  /** In the order in which the ledger was given them. */
  readonly instruments: readonly InstrumentState[];
  /** Every currency that ever moved, in order of appearance. */
  readonly currencies: readonly CurrencyState[];
}

interface InstrumentBook {
  readonly instrument: LedgerInstrument;
  readonly money: Purse;
  position: Position;
  traded: number;
  fees: number;
  funding: number;
  valueBefore: number;
  /** The last known price: a mark, or of a fill before the first mark; NaN when there is none. */
  price: number;
}

interface Purse {
  readonly currency: string;
  capital: number;
  cash: number;
  fees: number;
  funding: number;
}

/**
 * An account: cash by currency and positions by average cost, moved by fills, fees and funding.
 *
 * Each currency stands for itself: cash + Σ value − capital = realised + unrealised − fees +
 * funding, whatever happens. A purchase pays the value of what was bought, −q·m/p for an inverse
 * contract, from the settlement currency's cash, and a sale receives it. A fee in the settlement
 * currency, or in a third one, is paid from that currency's cash. A fee in the base currency of a
 * spot instrument is taken from the position: it counts as a sale at mark whose proceeds are the
 * fee.
 */
export class Ledger {
  readonly #books: readonly InstrumentBook[];
  readonly #byId: ReadonlyMap<string, InstrumentBook>;
  readonly #purses = new Map<string, Purse>();

  /** @param capital what is paid in at the beginning, by currency */
  constructor(
    instruments: readonly LedgerInstrument[],
    capital: Readonly<Record<string, number>> = {},
  ) {
    for (const [currency, amount] of Object.entries(capital)) {
      this.transfer(currency, amount);
    }
    this.#books = instruments.map((instrument) => ({
      instrument,
      money: this.#purse(instrument.settlementCurrency),
      position: NO_POSITION,
      traded: 0,
      fees: 0,
      funding: 0,
      valueBefore: 0,
      price: Number.NaN,
    }));
    this.#byId = new Map(this.#books.map((book) => [book.instrument.id, book]));
    assert.equal(this.#byId.size, instruments.length, "every instrument once");
  }

  /** Pays capital in, or out where negative: no PnL. */
  transfer(currency: string, amount: number): void {
    const purse = this.#purse(currency);
    purse.capital += amount;
    purse.cash += amount;
  }

  /** Books a trade and its fee; returns the position after both. */
  fill({instrumentId, quantity, price, fee, mark = price}: LedgerFill): Position {
    const book = this.#book(instrumentId);
    const {instrument, money} = book;
    const isSettled = fee?.currency === instrument.settlementCurrency;
    this.#trade(book, {quantity, price, fee: isSettled ? fee.amount : 0});
    if (fee === undefined || fee.amount === 0) {
      return book.position;
    }
    if (isSettled) {
      money.cash -= fee.amount;
      money.fees += fee.amount;
      book.fees += fee.amount;
    } else if (instrument.kind === "spot" && fee.currency === instrument.baseCurrency) {
      this.#payFromPosition(book, fee.amount, mark);
    } else {
      const purse = this.#purse(fee.currency);
      purse.cash -= fee.amount;
      purse.fees += fee.amount;
    }
    return book.position;
  }

  /** Books a funding payment of a perpetual, in settlement currency; received positive. */
  fund(instrumentId: string, amount: number): void {
    const book = this.#book(instrumentId);
    book.funding += amount;
    book.money.funding += amount;
    book.money.cash += amount;
  }

  /** What is held of an instrument, and at what cost. */
  position(instrumentId: string): Position {
    return this.#book(instrumentId).position;
  }

  /** Cash of a currency; 0 for one that never moved. */
  cash(currency: string): number {
    return this.#purses.get(currency)?.cash ?? 0;
  }

  /** Cash and value of what settles in a currency. @param prices in instrument order */
  netWealth(currency: string, prices: ArrayLike<number>): number {
    let nmv = 0;
    for (let i = 0; i < this.#books.length; ++i) {
      const {instrument, position, money, price} = this.#books[i] as InstrumentBook;
      if (money.currency === currency) {
        const mark = lastMark(prices[i] as number, price, instrument);
        nmv += positionValue(position.quantity, mark, instrument);
      }
    }
    return this.cash(currency) + nmv;
  }

  /**
   * Values everything, and begins a new bar.
   *
   * What is held and has no mark is valued at its last known price: its PnL is 0 until it has one.
   *
   * @param prices marks in instrument order; NaN where there is none
   */
  mark(prices: ArrayLike<number>): LedgerState {
    const instruments = this.#books.map((book, i) => markBook(book, prices[i] as number));
    const currencies: CurrencyState[] = [];
    for (const purse of this.#purses.values()) {
      currencies.push(this.#markPurse(purse, instruments));
    }
    return {instruments, currencies};
  }

  #markPurse(purse: Purse, instruments: readonly InstrumentState[]): CurrencyState {
    let [gmv, nmv, realised, unrealised] = [0, 0, 0, 0];
    for (let i = 0; i < instruments.length; ++i) {
      if ((this.#books[i] as InstrumentBook).money === purse) {
        const state = instruments[i] as InstrumentState;
        gmv += Math.abs(state.value);
        nmv += state.value;
        realised += state.position.realised;
        unrealised += state.unrealised;
      }
    }
    const {currency, capital, cash, fees, funding} = purse;
    const netWealth = cash + nmv;
    return {currency, capital, cash, gmv, nmv, netWealth, realised, unrealised, fees, funding};
  }

  #trade(
    book: InstrumentBook,
    fill: {readonly quantity: number; readonly price: number; readonly fee: number},
  ): void {
    const traded = positionValue(fill.quantity, fill.price, book.instrument);
    book.position = fillPosition(book.position, fill, book.instrument);
    book.price = lastMark(book.price, fill.price, book.instrument);
    book.traded += traded;
    book.money.cash -= traded;
  }

  /** A sale at mark, and its proceeds paid as the fee: the cash stays as it is. */
  #payFromPosition(book: InstrumentBook, quantity: number, mark: number): void {
    const paid = positionValue(quantity, mark, book.instrument);
    this.#trade(book, {quantity: -quantity, price: mark, fee: paid});
    book.fees += paid;
    book.money.fees += paid;
    book.money.cash -= paid;
  }

  #purse(currency: string): Purse {
    const known = this.#purses.get(currency);
    if (known !== undefined) {
      return known;
    }
    const made: Purse = {currency, capital: 0, cash: 0, fees: 0, funding: 0};
    this.#purses.set(currency, made);
    return made;
  }

  #book(instrumentId: string): InstrumentBook {
    const book = this.#byId.get(instrumentId);
    assert.ok(book, `no instrument ${instrumentId}; known: ${[...this.#byId.keys()].join(", ")}`);
    return book;
  }
}

function markBook(book: InstrumentBook, mark: number): InstrumentState {
  const {instrument, position, traded, fees, funding} = book;
  const price = lastMark(mark, book.price, instrument);
  const value = positionValue(position.quantity, price, instrument);
  const pnl = positionPnl(book.valueBefore, value, traded);
  const unrealised = unrealisedPnl(position, price, instrument);
  book.valueBefore = value;
  book.price = price;
  book.traded = 0;
  book.fees = 0;
  book.funding = 0;
  const instrumentId = instrument.id;
  return {instrumentId, position, price, value, traded, pnl, fees, funding, unrealised};
}
