import {type Frame, mapCells} from "../../table/frame.js";
import {resample} from "./resample.js";

/**
 * Simple returns per bar compounded into UTC days: Π(1 + r) − 1.
 *
 * A bar (a, b] belongs to the day of its end, midnight to the day before; a day is named by its
 * end. Missing bars count as 0; a day without any known bar is NaN.
 *
 * @param returns simple returns per bar, above −1, 0.01 for 1 %
 */
export function dailyReturns(returns: Frame): Frame {
  const logs = mapCells(returns, Math.log1p);
  return mapCells(resample(logs, {frequency: "D", closed: "right"}), Math.expm1);
}

/** Money per bar added up into UTC days, with the days of {@link dailyReturns}. */
export function dailySums(money: Frame): Frame {
  return resample(money, {frequency: "D", closed: "right"});
}

/**
 * Daily returns from PnL per bar and the net wealth a day starts with.
 *
 * return(day) = Σ pnl / (capital + all PnL of the days before): what compounding means when PnL is
 * left in the account. NaN where there is no PnL that day.
 *
 * @param capital net wealth before the first bar, same currency, positive
 */
export function dailyReturnsOfPnl(pnl: Frame, capital: number): Frame {
  const days = dailySums(pnl);
  return {
    ...days,
    data: days.data.map((column) => {
      let wealth = capital;
      return column.map((x) => {
        const before = wealth;
        wealth += Number.isNaN(x) ? 0 : x;
        return x / before;
      });
    }),
  };
}
