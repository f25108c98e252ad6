import {type Column, columnOf, type Frame} from "../../table/frame.js";

/**
 * PnL per bar after costs: pnl − fees + funding, from bar metrics.
 *
 * The columns `fees` (paid positive) and `funding` (received positive) count where the frame has
 * them; a missing fee or funding is 0, a missing pnl stays missing.
 */
export function netPnl(metrics: Frame): Column {
  const pnl = columnOf(metrics, "pnl");
  const [fees, funding] = ["fees", "funding"].map((name) =>
    metrics.columns.includes(name) ? columnOf(metrics, name) : undefined,
  );
  const known = (x = 0) => (Number.isNaN(x) ? 0 : x);
  return pnl.map((x, t) => x - known(fees?.[t]) + known(funding?.[t]));
}
