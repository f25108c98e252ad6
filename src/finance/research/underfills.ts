import type {Column} from "../../table/frame.js";

/** Prices at which a bar's buys and sells were done; NaN where nobody took the other side. */
export interface SidePrices {
  readonly buyPrice: Column;
  readonly sellPrice: Column;
}

/**
 * Holdings that could be had: where the wanted trade's side has no price, the previous holding is
 * kept, and the next bar trades from there. One pass, in place, since a bar depends only on the
 * ones before it. A missing holding stays missing and nothing is known about the trade after it.
 */
export function carryUnderfills(holdings: Float64Array, {buyPrice, sellPrice}: SidePrices): void {
  for (let t = 1; t < holdings.length; ++t) {
    const before = holdings[t - 1] as number;
    const wanted = holdings[t] as number;
    const price = wanted > before ? buyPrice[t] : wanted < before ? sellPrice[t] : 0;
    if (Number.isNaN(price)) {
      holdings[t] = before;
    }
  }
}
