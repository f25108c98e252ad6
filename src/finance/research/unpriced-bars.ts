import type {EpochMs} from "../../time/epoch.js";
import type {ForecastPortfolio} from "./forecast-evaluator.js";
import {isValueUnknown} from "./research-pnl.js";

/** Bars at which an asset was held and had no price that could be its mark. */
export interface UnpricedBars {
  readonly asset: string;
  /** How many bars. */
  readonly bars: number;
  /** How many runs of them. */
  readonly gaps: number;
  /** Ends of the first and of the last of these bars. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** True where the price never came back: PnL from the last known price on is not known. */
  readonly isOpen: boolean;
}

/** The bars of a research portfolio whose PnL is unknown, by asset; assets without any left out. */
export function unpricedBars({
  holdings_shares: held,
  holdings_notional: worth,
}: Pick<ForecastPortfolio, "holdings_shares" | "holdings_notional">): UnpricedBars[] {
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
      isOpen: last === index.length - 1,
    };
  });
}
