import {fillStats} from "../../finance/execution/fill-stats.js";
import {slippage} from "../../finance/execution/slippage.js";
import {netPnl} from "../../finance/pnl/net-pnl.js";
import type {RunPortfolio} from "../../runlog/reading/run-folder.js";
import {cumulativeSum} from "../../stats/series/cumulative.js";
import {zeroForMissing} from "../../stats/series/zero-for-missing.js";
import {columnOf, type Frame, selectColumns, selectRows} from "../../table/frame.js";
import type {RecordedRun} from "../recorded-run.js";

/** One trade of an instrument at a bar, or a wish for one that nothing came of. */
export interface TradeQuality {
  /** The side traded; of a wish without a fill, the side wanted. */
  readonly isBuy: boolean;
  /**
   * The price went that way from the decision to the end of the bar traded in; undefined where it
   * did not move or is not known.
   */
  readonly isProfitable: boolean | undefined;
  /** NaN where nothing was traded. */
  readonly slippageBps: number;
  /** NaN where nothing was wanted. */
  readonly fillRate: number;
  /** Money. */
  readonly underfillCost: number;
}

/** What execution cost a run, bar by bar, and trade by trade. */
export interface ExecutionQuality {
  readonly index: Float64Array;
  /** Σ over instruments, money; costs are positive. */
  readonly slippage: Float64Array;
  readonly underfillCost: Float64Array;
  /** Net. */
  readonly pnl: Float64Array;
  /** NaN where none were recorded. */
  readonly fees: Float64Array;
  readonly grossVolume: Float64Array;
  readonly trades: readonly TradeQuality[];
}

/**
 * What a run's trades cost against the price one bar before, and what was missed for want of fills.
 *
 * Bars and instruments are those of the portfolio; targets give the prices and the wishes.
 *
 * @returns undefined where no targets or no portfolio were recorded
 */
export function executionQuality({
  portfolio,
  targets,
}: Pick<RecordedRun, "portfolio" | "targets">): ExecutionQuality | undefined {
  const {statistics, executed_trades_shares} = portfolio;
  const {index, columns} = executed_trades_shares;
  if (index.length === 0 || targets.target_trades_shares === undefined) {
    return undefined;
  }
  const like = (name: string): Frame =>
    selectRows(selectColumns(targets[name] as Frame, columns), index);
  const [price, wanted] = [like("price"), like("target_trades_shares")];
  const filled = fillStats({
    holdings_shares: portfolio.holdings_shares,
    target_trades_shares: wanted,
    target_holdings_shares: like("target_holdings_shares"),
    price,
  });
  const slipped = slippage(portfolio, price);
  return {
    index,
    slippage: sumOfRows(slipped.slippage_notional),
    underfillCost: sumOfRows(filled.underfill_opportunity_cost_notional),
    pnl: netPnl(statistics),
    fees: statistics.columns.includes("fees")
      ? columnOf(statistics, "fees")
      : new Float64Array(index.length).fill(Number.NaN),
    grossVolume: columnOf(statistics, "gross_volume"),
    trades: tradesOf(portfolio, {price, wanted, slipped, filled}),
  };
}

/** Cumulative sums of a run's execution. */
export interface CumulativeQuality {
  /** Money. */
  readonly sums: Readonly<
    Record<"slippage" | "underfillCost" | "netCost" | "fees" | "pnl" | "idealPnl", Float64Array>
  >;
  /** A sum in bps of the cumulative volume; NaN before anything was traded. */
  readonly inBps: (money: Float64Array) => Float64Array;
}

/** Sums up a run's execution, bar by bar. */
export function cumulativeQuality(quality: ExecutionQuality): CumulativeQuality {
  const {slippage: slipped, underfillCost, fees, pnl, grossVolume} = quality;
  const costs = slipped.map((x, t) => x + (underfillCost[t] as number));
  const sums = {
    slippage: cumulativeSum(slipped),
    underfillCost: cumulativeSum(underfillCost),
    netCost: cumulativeSum(costs),
    fees: cumulativeSum(fees.every(Number.isNaN) ? fees : zeroForMissing(fees)),
    pnl: cumulativeSum(zeroForMissing(pnl)),
    idealPnl: cumulativeSum(zeroForMissing(pnl).map((x, t) => x + (costs[t] as number))),
  };
  const volume = cumulativeSum(zeroForMissing(grossVolume));
  const inBps = (money: Float64Array): Float64Array =>
    money.map((x, t) => (volume[t] === 0 ? Number.NaN : (1e4 * x) / (volume[t] as number)));
  return {sums, inBps};
}

/** Σ of the known cells of each row; 0 for none. */
function sumOfRows({index, data}: Frame): Float64Array {
  return index.map((_, t) => data.reduce((sum, column) => sum + ((column[t] as number) || 0), 0));
}

function tradesOf(
  {executed_trades_shares}: RunPortfolio,
  {
    price,
    wanted,
    slipped,
    filled,
  }: {
    readonly price: Frame;
    readonly wanted: Frame;
    readonly slipped: ReturnType<typeof slippage>;
    readonly filled: ReturnType<typeof fillStats>;
  },
): TradeQuality[] {
  const trades: TradeQuality[] = [];
  for (const [j, shares] of executed_trades_shares.data.entries()) {
    const at = (frame: Frame, t: number): number => frame.data[j]?.[t] as number;
    for (const [t, count] of shares.entries()) {
      const fillRate = at(filled.fill_rate, t);
      const isTraded = Math.abs(count) > 0;
      if (!isTraded && Number.isNaN(fillRate)) {
        continue;
      }
      const isBuy = (isTraded ? count : at(wanted, t - 1)) > 0;
      const move = at(price, t) - at(price, t - 1);
      trades.push({
        isBuy,
        isProfitable: Math.abs(move) > 0 ? move > 0 === isBuy : undefined,
        slippageBps: at(slipped.slippage_in_bps, t),
        fillRate,
        underfillCost: at(filled.underfill_opportunity_cost_notional, t),
      });
    }
  }
  return trades;
}
