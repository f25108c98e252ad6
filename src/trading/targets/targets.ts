import assert from "node:assert/strict";
import type {Restriction} from "../../config/system-config.js";
import {addShares} from "../../finance/account/book-fill.js";
import {SHARE_ROUNDING} from "../../finance/account/share-rounding.js";
import type {EpochMs} from "../../time/epoch.js";
import {type ExchangeLimits, type LimitRules, limitTrade} from "./exchange-limits.js";
import type {TargetOptimizer} from "./optimizer.js";
import {restrictTrade} from "./restrictions.js";

/** What one bar's targets are made from; arrays are in instrument order, NaN means missing. */
export interface TargetInputs {
  readonly barEnd?: EpochMs | undefined;
  readonly prediction: Float64Array;
  readonly volatility: Float64Array;
  readonly spread?: Float64Array | undefined;
  readonly holdingsShares: Float64Array;
  readonly holdingsNotional: Float64Array;
  /** Marks, in quote currency. */
  readonly price: Float64Array;
}

/** Columns that exchange limits change; their values before are recorded beside them. */
export const LIMITED_COLUMNS = [
  "target_holdings_notional",
  "target_holdings_shares",
  "target_trades_notional",
  "target_trades_shares",
] as const;

/** `target_trades_shares.before_apply_cc_limits` and its like; only where limits were applied. */
export type BeforeLimits = {
  readonly [K in (typeof LIMITED_COLUMNS)[number] as `${K}.before_apply_cc_limits`]?: Float64Array;
};

/** The columns of one `target_positions` record; money in settlement currency. */
export interface TargetPositions extends BeforeLimits {
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

/** How money becomes whole lots of each instrument, told by number. */
export interface SizingRules {
  readonly optimizer: TargetOptimizer;
  /** Signed value of shares at a price. */
  readonly value: (i: number, shares: number, price: number) => number;
  /** Shares that are exposed to the price by `notional`; positive gains when the price rises. */
  readonly sharesOf: (i: number, notional: number, price: number) => number;
  readonly roundShares: (i: number, shares: number) => number;
  /** Whole lots, towards 0. */
  readonly wholeShares: (i: number, shares: number) => number;
  /** What an order of one share is worth in quote currency, which limits are given in. */
  readonly unitCost: (i: number, price: number) => number;
  /** Trades worth less than this are not made, where no exchange limits are applied. */
  readonly minNotional: (i: number) => number;
  /** What may not be traded, by instrument; nothing where left out. */
  readonly restrictions?: readonly (Restriction | undefined)[];
  /** Limits of the exchange; not applied where left out. */
  readonly exchange?: LimitRules & {readonly limits: (i: number) => ExchangeLimits};
}

/** What one bar allows. */
export interface TargetOptions {
  /** Every target is 0. */
  readonly isLiquidating?: boolean;
  /** False for a name that is left as it is; every priced one where left out. */
  readonly isTradable?: (i: number) => boolean;
  /** Told of each trade that is wanted and allowed, and what the exchange's limits make of it. */
  readonly onLimits?: (i: number, effect: LimitEffect) => void;
}

/** A trade stays `whole` (but for its lot), is not made, is cut to a maximum or raised. */
export type LimitEffect = "whole" | "too-small" | "cut" | "raised";

/** True for a mark that a name can be sized with. */
export function isPrice(price: number | undefined): boolean {
  return price !== undefined && price > 0 && price < Number.POSITIVE_INFINITY;
}

/**
 * Target holdings and the trades that lead there, for one bar.
 *
 * A name without a prediction is not ranked: the others share the whole GMV, and its target is 0.
 * A missing volatility (or spread) counts as the mean of the bar's known ones, 1 (or 0) when none
 * is known. Shares are rounded to the lot and the notional is computed again from them; then
 * restrictions take out what may not be traded, and the exchange's limits what it would not take.
 * A name without a price (or one of 0 or less) cannot be sized: it is left as it is. Of a holding
 * that is off the lot only whole lots are traded: the rest stays.
 */
export function targetPositions(
  inputs: TargetInputs,
  rules: SizingRules,
  {isLiquidating = false, isTradable = () => true, onLimits}: TargetOptions = {},
): TargetPositions {
  const row: Row = {
    barEnd: inputs.barEnd,
    prediction: inputs.prediction,
    volatility: fillWithMean(inputs.volatility, 1),
    spread: fillWithMean(inputs.spread ?? new Float64Array(inputs.price.length), 0),
  };
  const target = isLiquidating
    ? new Float64Array(inputs.price.length)
    : wantedShares(inputs, row, rules);
  const wanted = target.map((shares, i) =>
    isPrice(inputs.price[i]) && isTradable(i) ? lotsTowards(shares, i, {inputs, rules}) : 0,
  );
  const allowed = wanted.map((trade, i) => restricted(trade, i, {inputs, rules}));
  const trades = allowed.map((trade, i) => made(trade, i, {inputs, rules}));
  if (onLimits !== undefined) {
    tellLimits(onLimits, {allowed, trades}, rules);
  }
  const columnsOf = (made: Float64Array): TargetColumns =>
    targetColumns(made, {wanted, target}, {inputs, rules});
  const columns = columnsOf(trades);
  checkSums(columns, inputs);
  return {
    holdings_shares: inputs.holdingsShares,
    price: inputs.price,
    holdings_notional: inputs.holdingsNotional,
    prediction: row.prediction,
    volatility: row.volatility,
    spread: row.spread,
    ...columns,
    ...(rules.exchange === undefined ? {} : beforeLimits(columnsOf(allowed))),
  };
}

interface Row {
  readonly barEnd: EpochMs | undefined;
  readonly prediction: Float64Array;
  readonly volatility: Float64Array;
  readonly spread: Float64Array;
}

interface Context {
  readonly inputs: TargetInputs;
  readonly rules: SizingRules;
}

type TargetColumns = Readonly<Record<(typeof LIMITED_COLUMNS)[number], Float64Array>>;

/** Whole lots of what the optimizer wants; 0 where it wants nothing that can be sized. */
function wantedShares(inputs: TargetInputs, row: Row, rules: SizingRules): Float64Array {
  const {holdingsShares, price} = inputs;
  const holdingsNotional = inputs.holdingsNotional.map(
    (value, i) => Math.sign(holdingsShares[i] as number) * Math.abs(value),
  );
  const restrictions = rules.restrictions ?? [];
  const notional = rules.optimizer.targets({...row, holdingsNotional, price, restrictions});
  return notional.map((money, i) => {
    const shares = rules.sharesOf(i, money, price[i] as number);
    return Number.isFinite(shares) ? rules.roundShares(i, shares) : 0;
  });
}

/** The trade to a target, in whole lots; a holding is closed without going beyond. */
function lotsTowards(target: number, i: number, {inputs, rules}: Context): number {
  const trade = target - (inputs.holdingsShares[i] as number);
  return target === 0 ? rules.wholeShares(i, trade) : rules.roundShares(i, trade);
}

function restricted(trade: number, i: number, {inputs, rules}: Context): number {
  const held = inputs.holdingsShares[i] as number;
  const left = restrictTrade(trade, held, rules.restrictions?.[i]);
  return left === trade ? trade : rules.wholeShares(i, left);
}

/** The trade that can be made; a raised minimum must not go where trading is forbidden. */
function made(trade: number, i: number, context: Context): number {
  const {inputs, rules} = context;
  if (trade === 0) {
    return 0;
  }
  const unitCost = rules.unitCost(i, inputs.price[i] as number);
  if (rules.exchange === undefined) {
    const worth = Math.abs(trade) * unitCost;
    return worth > 0 && worth >= rules.minNotional(i) ? trade : 0;
  }
  const limits = rules.exchange.limits(i);
  const limited = limitTrade(trade, unitCost, {limits, rules: rules.exchange});
  return restricted(limited, i, context);
}

function tellLimits(
  onLimits: (i: number, effect: LimitEffect) => void,
  {allowed, trades}: {readonly allowed: Float64Array; readonly trades: Float64Array},
  {exchange}: SizingRules,
): void {
  for (let i = 0; i < trades.length; ++i) {
    const size = Math.abs(trades[i] as number);
    const lost = Math.abs(allowed[i] as number) - size;
    const lotSize = exchange?.limits(i).lotSize ?? 0;
    if (allowed[i] !== 0) {
      const isWhole = Math.abs(lost) < lotSize || lost === 0;
      onLimits(i, size === 0 ? "too-small" : isWhole ? "whole" : lost > 0 ? "cut" : "raised");
    }
  }
}

function targetColumns(
  trades: Float64Array,
  {wanted, target}: {readonly wanted: Float64Array; readonly target: Float64Array},
  {inputs, rules}: Context,
): TargetColumns {
  const holdings = trades.map((trade, i) => {
    const held = inputs.holdingsShares[i] as number;
    const sum = addShares(held, trade, (shares) => rules.roundShares(i, shares));
    const isReached = trade === wanted[i] && isClose(sum, target[i] as number, held);
    return trade === 0 ? held : isReached ? (target[i] as number) : sum;
  });
  const notionalOf = (shares: Float64Array): Float64Array =>
    shares.map((count, i) => rules.value(i, count, inputs.price[i] as number));
  return {
    target_holdings_notional: notionalOf(holdings),
    target_trades_notional: notionalOf(trades),
    target_trades_shares: trades,
    target_holdings_shares: holdings,
  };
}

/** Apart by no more than what the sum of a holding and a trade leaves. */
function isClose(sum: number, target: number, held: number): boolean {
  return Math.abs(sum - target) <= SHARE_ROUNDING * Math.max(Math.abs(held), Math.abs(target));
}

function beforeLimits(columns: TargetColumns): BeforeLimits {
  return Object.fromEntries(
    LIMITED_COLUMNS.map((name) => [`${name}.before_apply_cc_limits`, columns[name]]),
  );
}

/** Relative difference of recomputed columns that is still rounding, as in the reference. */
const SUM_TOLERANCE = 1e-4;

/** Holdings and trades add up to targets, in shares and in money; else no order may be made. */
function checkSums(columns: TargetColumns, inputs: TargetInputs): void {
  const sums: [held: Float64Array, traded: Float64Array, target: Float64Array][] = [
    [inputs.holdingsShares, columns.target_trades_shares, columns.target_holdings_shares],
    [inputs.holdingsNotional, columns.target_trades_notional, columns.target_holdings_notional],
  ];
  for (const [held, traded, target] of sums) {
    for (let i = 0; i < target.length; ++i) {
      const wanted = target[i] as number;
      const sum = (held[i] as number) + (traded[i] as number);
      const scale = Math.max(1, Math.abs(held[i] as number), Math.abs(wanted));
      if (Math.abs(sum - wanted) > SUM_TOLERANCE * scale) {
        const found = `held ${held[i]} and traded ${traded[i]}`;
        assert.fail(`instrument ${i}: ${found} make no target of ${wanted}`);
      }
    }
  }
}

function fillWithMean(values: Float64Array, whenNone: number): Float64Array {
  let sum = 0;
  let known = 0;
  for (const value of values) {
    if (!Number.isNaN(value)) {
      sum += value;
      known += 1;
    }
  }
  const mean = known === 0 ? whenNone : sum / known;
  return known === values.length
    ? values
    : values.map((value) => (Number.isNaN(value) ? mean : value));
}
