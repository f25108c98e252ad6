import type {Frame} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import {isValueUnknown} from "./bar-pnl.js";

/** Bars at which an asset was held and had no value. */
export interface UnpricedBars {
  readonly asset: string;
  /** How many bars. */
  readonly bars: number;
  /** How many runs of them. */
  readonly gaps: number;
  /** Ends of the first and of the last of these bars. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** True where no value was known before the first of them: what it was worth is not known. */
  readonly isFromStart: boolean;
  /** True where the value never came back: PnL from the last known value on is not known. */
  readonly isOpen: boolean;
}

/** What was held at each bar's end, and what it was worth. */
export interface ValuedHoldings {
  readonly holdings_shares: Frame;
  readonly holdings_notional: Frame;
}

/**
 * The bars of a portfolio whose PnL `positionBarsPnl` does not know, by asset; assets without any
 * left out.
 */
export function unpricedBars({
  holdings_shares: held,
  holdings_notional: worth,
}: ValuedHoldings): UnpricedBars[] {
  const {index, columns} = held;
  return columns.flatMap((asset, j) => {
    const rows: number[] = [];
    held.data[j]?.forEach((shares, t) => {
      if (isValueUnknown(shares, worth.data[j]?.[t] as number)) {
        rows.push(t);
      }
    });
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) {
      return [];
    }
    return {
      asset,
      bars: rows.length,
      gaps: rows.filter((t, i) => i === 0 || t !== (rows[i - 1] as number) + 1).length,
      from: index[first] as number,
      to: index[last] as number,
      isFromStart: first === 0,
      isOpen: last === index.length - 1,
    };
  });
}
