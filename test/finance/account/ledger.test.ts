import {describe, expect, it} from "vitest";
import {
  type CurrencyState,
  Ledger,
  type LedgerInstrument,
  type LedgerState,
} from "../../../src/finance/account/ledger.js";
import {moneyIn} from "../../../src/finance/account/money-in.js";
import {seeded} from "../oracle.js";

const spot: LedgerInstrument = {
  id: "BTC/USDT",
  kind: "spot",
  multiplier: 1,
  baseCurrency: "BTC",
  settlementCurrency: "USDT",
};
const perpetual: LedgerInstrument = {...spot, id: "BTCUSDT", kind: "linear", multiplier: 0.1};
const inverse: LedgerInstrument = {
  id: "ETHUSD",
  kind: "inverse",
  multiplier: 10,
  baseCurrency: "ETH",
  settlementCurrency: "ETH",
};
const INSTRUMENTS = [spot, perpetual, inverse];

const currency = (state: LedgerState, name: string): CurrencyState =>
  state.currencies.find((each) => each.currency === name)!;

describe("Ledger", () => {
  it("pays for what is bought, and its fee", () => {
    const ledger = new Ledger([spot], {USDT: 1_000});
    ledger.fill({
      instrumentId: spot.id,
      quantity: 2,
      price: 100,
      fee: {amount: 3, currency: "USDT"},
    });
    const state = ledger.mark([110]);
    expect(state.instruments[0]).toMatchObject({value: 220, traded: 200, pnl: 20, fees: 3});
    expect(currency(state, "USDT")).toEqual({
      currency: "USDT",
      capital: 1_000,
      cash: 797,
      gmv: 220,
      nmv: 220,
      netWealth: 1_017,
      realised: 0,
      unrealised: 20,
      fees: 3,
      funding: 0,
    });
  });

  it("takes a fee in the base currency of a spot instrument from the position", () => {
    const ledger = new Ledger([spot], {USDT: 1_000});
    const fee = {amount: 0.01, currency: "BTC"};
    const position = ledger.fill({
      instrumentId: spot.id,
      quantity: 1,
      price: 100,
      fee,
      mark: 110,
    });
    expect(position.quantity).toBeCloseTo(0.99, 12);
    const state = ledger.mark([110]);
    // Bought for 100, of which 0.01 was sold at 110 to pay the fee.
    expect(state.instruments[0]!.traded).toBeCloseTo(98.9, 12);
    expect(state.instruments[0]!.fees).toBeCloseTo(1.1, 12);
    expect(state.instruments[0]!.pnl).toBeCloseTo(10, 12);
    expect(currency(state, "USDT").cash).toBe(900);
    expect(currency(state, "USDT").netWealth).toBeCloseTo(1_000 + 10 - 1.1, 12);
  });

  it("pays a fee in a third currency from that currency", () => {
    const ledger = new Ledger([perpetual], {USDT: 1_000, BNB: 5});
    const fee = {amount: 0.5, currency: "BNB"};
    ledger.fill({instrumentId: perpetual.id, quantity: 10, price: 100, fee});
    const state = ledger.mark([100]);
    expect(state.instruments[0]!.fees).toBe(0);
    expect(currency(state, "BNB")).toMatchObject({cash: 4.5, fees: 0.5, netWealth: 4.5});
    expect(currency(state, "USDT")).toMatchObject({fees: 0, netWealth: 1_000});
  });

  it("counts capital and funding apart from PnL", () => {
    const ledger = new Ledger([perpetual]);
    ledger.transfer("USDT", 500);
    ledger.fund(perpetual.id, -2);
    ledger.fund(perpetual.id, 7);
    const state = ledger.mark([Number.NaN]);
    expect(state.instruments[0]).toMatchObject({pnl: 0, funding: 5, value: 0});
    expect(currency(state, "USDT")).toMatchObject({capital: 500, funding: 5, netWealth: 505});
    expect(ledger.mark([100]).instruments[0]!.funding).toBe(0);
  });

  it("settles inverse contracts in their base currency", () => {
    const ledger = new Ledger([inverse], {ETH: 1});
    ledger.fill({instrumentId: inverse.id, quantity: 20, price: 2_000});
    const state = ledger.mark([2_500]);
    // 200 USD: 0.1 ETH at the opening, 0.08 ETH now.
    expect(currency(state, "ETH").unrealised).toBeCloseTo(0.02, 12);
    expect(currency(state, "ETH").netWealth).toBeCloseTo(1.02, 12);
    expect(ledger.netWealth("ETH", [2_500])).toBeCloseTo(1.02, 12);
  });

  it("names the instruments it knows where another is traded", () => {
    const ledger = new Ledger([spot]);
    expect(() => ledger.fund("DOGE", 1)).toThrow("no instrument DOGE; known: BTC/USDT");
    expect(() => new Ledger([spot, spot])).toThrow("every instrument once");
  });
});

describe("a position without a mark", () => {
  it("keeps its last known one: no PnL, until the next mark brings all of it", () => {
    const ledger = new Ledger([spot], {USDT: 1_000});
    ledger.fill({instrumentId: spot.id, quantity: 10, price: 100});
    const pnl = [Number.NaN, 101, Number.NaN, Number.NaN, 103].map((price) => {
      const state = ledger.mark([price]);
      expect(ledger.netWealth("USDT", [price])).toBe(currency(state, "USDT").netWealth);
      return [state.instruments[0]?.pnl, currency(state, "USDT").netWealth];
    });
    expect(pnl).toEqual([
      [0, 1_000],
      [10, 1_010],
      [0, 1_010],
      [0, 1_010],
      [20, 1_030],
    ]);
  });

  it("an inverse contract priced at 0 counts as without a mark", () => {
    const ledger = new Ledger([inverse], {ETH: 2});
    ledger.fill({instrumentId: inverse.id, quantity: 20, price: 2_000});
    expect(ledger.mark([0]).instruments[0]).toMatchObject({value: -0.1, pnl: 0, price: 2_000});
  });
});

describe("moneyIn", () => {
  const ledger = new Ledger(INSTRUMENTS, {USDT: 100, ETH: 2});
  ledger.fill({instrumentId: inverse.id, quantity: 20, price: 2_000});
  const state = ledger.mark([0, 0, 2_500]);

  it("adds currencies at their rates", () => {
    const total = moneyIn("USD", state, {USDT: 1.01, ETH: 2_500});
    expect(total.capital).toBeCloseTo(101 + 5_000, 9);
    expect(total.netWealth).toBeCloseTo(101 + 2.02 * 2_500, 9);
  });

  it("counts a currency as itself at 1, and never one without a rate", () => {
    expect(moneyIn("USDT", state, {ETH: 2_500}).capital).toBe(5_100);
    expect(moneyIn("USD", state, {ETH: 2_500}).netWealth).toBeNaN();
  });
});

// The identity of an account, over random lives: flips, partial closes, closes in full, fees in
// quote, base and third currency, rebates, funding, transfers, linear, spot and inverse contracts.
const LIVES = 100_000;

describe("an account adds up", () => {
  it("cash + value − capital = realised + unrealised − fees + funding", () => {
    const worst = {money: 0, bars: 0};
    const seen = {flips: 0, closes: 0, baseFees: 0, inverse: 0};
    const random = seeded(7_031);
    for (let life = 0; life < LIVES; ++life) {
      const {states, net} = live(random, seen);
      const last = states.at(-1)!;
      for (const money of last.currencies) {
        worst.money = Math.max(worst.money, imbalance(money));
      }
      worst.bars = Math.max(worst.bars, barImbalance(states, net));
    }
    expect(worst.money).toBeLessThan(1e-9);
    expect(worst.bars).toBeLessThan(1e-9);
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(10_000);
  });
});

function imbalance(money: CurrencyState): number {
  const {cash, nmv, capital, realised, unrealised, fees, funding} = money;
  const terms = [cash, nmv, -capital, -realised, -unrealised, fees, -funding];
  return relative(terms);
}

/** Σ over the bars of pnl − fees + funding against the change of net wealth, for USDT. */
function barImbalance(states: readonly LedgerState[], paidIn: number): number {
  const last = currency(states.at(-1)!, "USDT");
  const terms = [last.netWealth, -paidIn];
  for (const {instruments} of states) {
    for (const {instrumentId, pnl, fees, funding} of instruments) {
      if (instrumentId !== inverse.id) {
        terms.push(-pnl, fees, -funding);
      }
    }
  }
  return relative(terms);
}

function relative(terms: readonly number[]): number {
  const scale = terms.reduce((largest, x) => Math.max(largest, Math.abs(x)), 1);
  return Math.abs(terms.reduce((sum, x) => sum + x, 0)) / scale;
}

type Random = () => number;

/** One random life of an account: a few bars of a few events each. */
function live(random: Random, seen: Record<string, number>) {
  const ledger = new Ledger(INSTRUMENTS, {USDT: 1e4 * random(), ETH: random()});
  const states: LedgerState[] = [];
  const prices = INSTRUMENTS.map(() => 1_000 * random() + 1);
  let paidIn = ledger.cash("USDT");
  const bars = 1 + Math.floor(4 * random());
  for (let bar = 0; bar < bars; ++bar) {
    for (let event = Math.floor(5 * random()); event >= 0; --event) {
      const i = Math.floor(3 * random());
      trade(ledger, INSTRUMENTS[i]!, {price: prices[i]! * (0.9 + 0.2 * random()), random, seen});
    }
    if (random() < 0.2) {
      const amount = 1e3 * (random() - 0.3);
      ledger.transfer("USDT", amount);
      paidIn += amount;
    }
    for (let i = 0; i < prices.length; ++i) {
      prices[i] = prices[i]! * (0.8 + 0.4 * random());
    }
    states.push(ledger.mark(prices));
  }
  return {states, net: paidIn};
}

function trade(
  ledger: Ledger,
  instrument: LedgerInstrument,
  {price, random, seen}: {price: number; random: Random; seen: Record<string, number>},
): void {
  const {id, baseCurrency, settlementCurrency} = instrument;
  if (random() < 0.1) {
    ledger.fund(id, random() - 0.5);
  }
  const held = ledger.position(id).quantity;
  const isClosing = held !== 0 && random() < 0.2;
  const quantity = isClosing ? -held : Math.round(1_000 * (random() - 0.5)) / 100 || 0.01;
  const currencies = [settlementCurrency, baseCurrency, "BNB"];
  const feeCurrency = currencies[Math.floor(3 * random())]!;
  const amount = 0.01 * (random() - 0.1) * Math.abs(quantity);
  const isPlain = isClosing || random() < 0.2;
  const fill = {instrumentId: id, quantity, price};
  const position = ledger.fill(
    isPlain
      ? fill
      : {...fill, fee: {amount, currency: feeCurrency}, mark: price * (0.99 + 0.02 * random())},
  );
  seen.flips! += Number(held * position.quantity < 0);
  seen.closes! += Number(position.quantity === 0);
  seen.baseFees! += Number(!isPlain && instrument === spot && feeCurrency === "BTC");
  seen.inverse! += Number(instrument === inverse);
}
