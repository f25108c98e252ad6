import {type Frame, mapColumns, requireSameAxes} from "../../table/frame.js";

/** What the value of a quantity depends on. */
export interface ContractTerms {
  /** Inverse contracts are settled in the base currency and valued at the reciprocal price. */
  readonly kind: "spot" | "linear" | "inverse";
  /** Units of the underlying (linear, spot) or of quote money (inverse) per contract. */
  readonly multiplier: number;
}

/** One unit is one unit of the asset, settled in the quote currency. */
export const PLAIN_TERMS: ContractTerms = {kind: "linear", multiplier: 1};

/**
 * The value of `quantity` at `price`, in settlement currency, signed.
 *
 * q·m·p for spot and linear contracts, −q·m/p for inverse ones (long gains when the price rises).
 * NaN in, NaN out; 0 of an asset without a price is 0.
 */
export function positionValue(
  quantity: number,
  price: number,
  {kind, multiplier}: ContractTerms = PLAIN_TERMS,
): number {
  if (quantity === 0) {
    return 0;
  }
  return kind === "inverse" ? (-quantity * multiplier) / price : quantity * multiplier * price;
}

/** {@link positionValue} of every cell; `terms` per column name, plain where it names none. */
export function holdingsValue(
  quantity: Frame,
  price: Frame,
  terms: ReadonlyMap<string, ContractTerms> = new Map(),
): Frame {
  requireSameAxes(quantity, price);
  return mapColumns(quantity, (column, j) => {
    const contract = terms.get(quantity.columns[j] as string) ?? PLAIN_TERMS;
    const prices = price.data[j] as Float64Array;
    return column.map((q, t) => positionValue(q, prices[t] as number, contract));
  });
}
