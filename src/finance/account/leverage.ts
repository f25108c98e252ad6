import {zeroForMissing} from "../../stats/series/zero-for-missing.js";
import {type Column, columnOf, type Frame, makeFrame} from "../../table/frame.js";

/**
 * Cash, net wealth and leverage per bar, from bar metrics.
 *
 * net_wealth = cash + nmv; leverage = gmv / net_wealth (NaN where net wealth is 0). A missing gmv
 * or nmv counts as 0: nothing is held.
 *
 * @param metrics with the columns gmv and nmv
 * @param cash    at each bar's end, same currency
 */
export function leverage(metrics: Frame, cash: Column): Frame {
  const gmv = zeroForMissing(columnOf(metrics, "gmv"));
  const netWealth = zeroForMissing(columnOf(metrics, "nmv")).map(
    (nmv, t) => (cash[t] as number) + nmv,
  );
  const ratio = gmv.map((value, t) => (netWealth[t] === 0 ? Number.NaN : value / netWealth[t]!));
  return makeFrame(metrics.index, ["cash", "net_wealth", "leverage"], [cash, netWealth, ratio]);
}
