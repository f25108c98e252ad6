import type {ForecastRow, RowSizer} from "../finance/row-sizer.js";

/** What one bar's targets are made from; arrays are in instrument order, NaN means missing. */
export interface TargetInputs {
  readonly prediction: Float64Array;
  readonly volatility: Float64Array;
  readonly spread?: Float64Array | undefined;
  readonly holdingsShares: Float64Array;
  readonly holdingsNotional: Float64Array;
  /** Marks, in quote currency. */
  readonly price: Float64Array;
}

/** The columns of one `target_positions` record; money in settlement currency. */
export interface TargetPositions {
  readonly holdings_shares: Float64Array;
  readonly price: Float64Array;
  readonly holdings_notional: Float64Array;
  readonly prediction: Float64Array;
  readonly volatility: Float64Array;
  readonly spread: Float64Array;
  readonly target_holdings_notional: Float64Array;
  readonly target_trades_notional: Float64Array;
  readonly target_trades_shares: Float64Array;
  readonly target_holdings_shares: Float64Array;
}

/** How money becomes whole lots of each instrument. */
export interface SizingRules {
  readonly sizer: RowSizer;
  /** Signed value of shares at a price; instrument by number. */
  readonly value: (i: number, shares: number, price: number) => number;
  /** Shares worth `notional` at a price. */
  readonly sharesOf: (i: number, notional: number, price: number) => number;
  readonly roundShares: (i: number, shares: number) => number;
  /** Trades worth less than this are not made. */
  readonly minNotional: (i: number) => number;
}

/**
 * Target holdings and the trades that lead there, for one bar.
 *
 * A name without a prediction is not ranked: the others share the whole GMV, and its target is 0.
 * A missing volatility (or spread) counts as the mean of the bar's known ones, 1 (or 0) when none
 * is known. Shares are rounded to the lot and the notional is computed again from them. A name
 * without a price cannot be sized: it is left as it is.
 *
 * @param isLiquidating every target is 0
 */
export function targetPositions(
  inputs: TargetInputs,
  rules: SizingRules,
  isLiquidating = false,
): TargetPositions {
  const row: ForecastRow = {
    prediction: inputs.prediction,
    volatility: fillWithMean(inputs.volatility, 1),
    spread: fillWithMean(inputs.spread ?? new Float64Array(inputs.price.length), 0),
  };
  const wanted = new Float64Array(inputs.price.length);
  if (!isLiquidating) {
    rules.sizer(row, wanted);
  }
  const shares = wanted.map((notional, i) => {
    const target = rules.sharesOf(i, notional, inputs.price[i] as number);
    return Number.isFinite(target) ? rules.roundShares(i, target) : 0;
  });
  const trades = tradesTo(shares, inputs, rules);
  const holdings = shares.map((target, i) =>
    trades[i] === 0 ? (inputs.holdingsShares[i] as number) : target,
  );
  return {
    holdings_shares: inputs.holdingsShares,
    price: inputs.price,
    holdings_notional: inputs.holdingsNotional,
    prediction: row.prediction,
    volatility: row.volatility,
    spread: row.spread as Float64Array,
    target_holdings_notional: notionalOf(holdings, inputs, rules),
    target_trades_notional: notionalOf(trades, inputs, rules),
    target_trades_shares: trades,
    target_holdings_shares: holdings,
  };
}

/** Differences to the holdings, but those worth less than the minimum notional or nothing known. */
function tradesTo(target: Float64Array, inputs: TargetInputs, rules: SizingRules): Float64Array {
  return target.map((shares, i) => {
    const trade = rules.roundShares(i, shares - (inputs.holdingsShares[i] as number));
    const worth = Math.abs(rules.value(i, trade, inputs.price[i] as number));
    return worth > 0 && worth >= rules.minNotional(i) ? trade : 0;
  });
}

function notionalOf(shares: Float64Array, inputs: TargetInputs, rules: SizingRules): Float64Array {
  return shares.map((count, i) => rules.value(i, count, inputs.price[i] as number));
}

function fillWithMean(values: Float64Array, whenNone: number): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean =
    known.length === 0 ? whenNone : known.reduce((sum, value) => sum + value, 0) / known.length;
  return values.map((value) => (Number.isNaN(value) ? mean : value));
}
