import type {Column} from "../../table/frame.js";

/** Prices at which a bar's buys and sells were done; NaN where nobody took the other side. */
export interface SidePrices {
  readonly buyPrice: Column;
  readonly sellPrice: Column;
}

/** What a bar's trade can be done at. */
export interface TradingPrices {
  /** Marks at bar ends; NaN where the last known price is too old to be one. */
  readonly mark: Column;
  readonly sides?: SidePrices | undefined;
  /** 1 at bars that change the count of shares without a trade: a split. */
  readonly isSplit?: Uint8Array | undefined;
}

/**
 * Holdings that could be had, in place: a bar without a mark trades nothing, nor does one where the
 * wanted trade's side has no price. The previous holding is kept, and the next bar trades from
 * there. To want a missing holding is to want none. One pass, since a bar depends only on the ones
 * before it. Where nothing is known to be held before, what is wanted is taken to be had.
 */
export function carryUnderfills(
  holdings: Float64Array,
  {mark, sides, isSplit}: TradingPrices,
): void {
  for (let t = 1; t < holdings.length; ++t) {
    const before = holdings[t - 1] as number;
    const wanted = holdings[t] as number;
    if (Number.isNaN(before)) {
      continue;
    }
    if (Number.isNaN(mark[t] as number)) {
      holdings[t] = isSplit?.[t] === 1 && !Number.isNaN(wanted) ? wanted : before;
    } else if (sides && Number.isNaN(sidePrice(sides, t, known(wanted) - before))) {
      holdings[t] = before;
    }
  }
}

function sidePrice({buyPrice, sellPrice}: SidePrices, t: number, trade: number): number {
  return trade > 0 ? (buyPrice[t] as number) : trade < 0 ? (sellPrice[t] as number) : 0;
}

function known(x: number): number {
  return Number.isNaN(x) ? 0 : x;
}
