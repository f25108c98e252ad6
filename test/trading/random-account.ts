import fc from "fast-check";
import {positionValue} from "../../src/finance/account/holdings-value.js";
import type {LedgerInstrument} from "../../src/finance/account/ledger.js";

export interface TradedInstrument extends LedgerInstrument {
  /** A fraction: a number of lots is then one division, the double nearest to its decimals. */
  readonly lot: {readonly over: number; readonly under: number};
  /** Marks and fills are around it. */
  readonly price: number;
}

const BTC = {settlementCurrency: "BTC", multiplier: 1};
const ETH = {...BTC, baseCurrency: "ETH", price: 0.05};
const USD = {...BTC, kind: "inverse" as const, baseCurrency: "BTC", price: 60_000};

/** What an account in BTC may trade: each kind of contract, each with a lot of its own. */
export const TRADED: readonly TradedInstrument[] = [
  {...ETH, id: "ETH/BTC", kind: "spot", lot: {over: 1, under: 1_000}},
  {...ETH, id: "ETHBTC", kind: "linear", multiplier: 0.1, lot: {over: 3, under: 100}},
  {...USD, id: "BTCUSD", multiplier: 100, lot: {over: 1, under: 1}},
  {...USD, id: "BTCUSDM", lot: {over: 25, under: 1}},
];

/** Quantities are told in thousandths of a lot: whole numbers, whose sums are exact. */
export const LOT = 1_000;

/** So many thousandths of a lot, as shares. @param i number of the instrument */
export function sharesOf(parts: number, i: number): number {
  const {over, under} = (TRADED[i] as TradedInstrument).lot;
  return (parts * over) / (LOT * under);
}

/** In BTC, signed. @param i number of the instrument */
export function worthOf(shares: number, price: number, i: number): number {
  return positionValue(shares, price, TRADED[i]);
}

/** Something done with one instrument. */
export interface Deed {
  readonly i: number;
  /** `close` leaves nothing, `close-lots` what is less than a lot, `part` about half. */
  readonly kind: "trade" | "close" | "close-lots" | "part" | "flip";
  /** What is traded, or flipped to; signed, not 0. */
  readonly lots: number;
  /** Of the instrument's price. */
  readonly paid: number;
  /** In settlement currency, of the value traded; negative is a rebate. */
  readonly feeBps: number;
  /** Thousandths of a lot that are taken from a spot holding as the fee instead; 0 is none. */
  readonly feeParts: number;
}

/** What happens to an account; prices are relative to the instruments'. */
export interface Life {
  /** Held at the beginning, thousandths of a lot. */
  readonly opening: readonly number[];
  /** The first marks, all known. */
  readonly first: readonly number[];
  /** What is done, and then the marks: NaN is missing, 0 is a worthless asset or no price. */
  readonly bars: readonly {readonly deeds: readonly Deed[]; readonly marks: readonly number[]}[];
}

/** How many thousandths of a lot a deed buys of what is held, which is told in them. */
export function boughtBy({kind, lots}: Deed, held: number): number {
  const whole = held - (held % LOT);
  switch (kind) {
    case "trade":
      return lots * LOT;
    case "close":
      return -held;
    case "close-lots":
      return -whole;
    case "part":
      return -Math.trunc(whole / LOT / 2) * LOT;
    case "flip":
      return -whole - Math.sign(held) * Math.abs(lots) * LOT;
  }
}

/** Random lives; `isOffLot` ones open off the lot and lose parts of lots to fees. */
export function lives({isOffLot}: {readonly isOffLot: boolean}): fc.Arbitrary<Life> {
  const each = <T>(one: fc.Arbitrary<T>) => fc.tuple(...TRADED.map(() => one));
  const none = fc.constant(0);
  const parts = fc.integer({min: -3_000 * LOT, max: 3_000 * LOT});
  const wholeLots = parts.map((count) => count - (count % LOT));
  const lots = fc.integer({min: 1, max: 5_000});
  const price = fc.double({min: 0.5, max: 2, noNaN: true});
  const strange = fc.constantFrom(Number.NaN, 0);
  const mark = fc.oneof({weight: 8, arbitrary: price}, {weight: 1, arbitrary: strange});
  const deed = fc.record<Deed>({
    i: fc.nat({max: TRADED.length - 1}),
    kind: fc.constantFrom("trade", "trade", "close", "close-lots", "part", "flip"),
    lots: fc.oneof(
      lots,
      lots.map((count) => -count),
    ),
    paid: price,
    feeBps: fc.double({min: -1, max: 10, noNaN: true}),
    feeParts: isOffLot ? fc.oneof(none, fc.integer({min: 1, max: LOT - 1})) : none,
  });
  return fc.record({
    opening: each(fc.oneof(none, wholeLots, isOffLot ? parts : wholeLots)),
    first: each(price),
    bars: fc.array(fc.record({deeds: fc.array(deed, {maxLength: 6}), marks: each(mark)}), {
      minLength: 1,
      maxLength: 6,
    }),
  });
}
