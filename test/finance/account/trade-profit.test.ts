import {describe, expect, it} from "vitest";
import {
  borrowedAmount,
  marginInterest,
  newTrade,
  scaleTrade,
  type Trade,
  tradeProfit,
} from "../../../src/finance/account/trade-profit.js";
import {HAS_SHARED, NEEDS_SHARED, readJson} from "../../oracles/shared.js";

const trade: Trade = {side: "long", amount: 10, openPrice: 100, openFee: 0.01, closeFee: 0.02};

describe("tradeProfit", () => {
  it.each<[string, Partial<Trade>, number, number, number]>([
    ["long: 1010 paid, 1078 received", {}, 110, 68, 68 / 1010],
    ["short: 990 received, 1122 paid", {side: "short"}, 110, -132, -132 / 990],
    ["leverage multiplies the ratio alone", {leverage: 3}, 110, 68, (3 * 68) / 1010],
    ["funding received", {funding: 5}, 110, 73, 73 / 1010],
    ["interest of a long trade, in money", {interest: 8}, 110, 60, 60 / 1010],
    ["interest of a short trade, in units", {side: "short", interest: 1}, 100, -132, -132 / 990],
  ])("%s", (_name, changes, closePrice, profit, ratio) => {
    const found = tradeProfit({...trade, ...changes}, closePrice);
    expect(found.profit).toBeCloseTo(profit, 9);
    expect(found.profitRatio).toBeCloseTo(ratio, 12);
  });
});

describe("marginInterest", () => {
  it.each([
    ["one hour of 24, however little of it", "per-hour", 0.1, 0.24 / 24],
    ["five hours begun", "per-hour", 4.2, (5 * 0.24) / 24],
    ["the opening and one period", "opening-and-per-4-hours", 4, 2 * 0.24],
    ["the opening and two periods", "opening-and-per-4-hours", 4.1, 3 * 0.24],
  ] as const)("%s", (_name, rule, hours, wanted) => {
    expect(marginInterest(100, {rate: 0.0024, hours, rule})).toBeCloseTo(wanted, 12);
  });

  it("is asked for what is borrowed: nothing by a long trade of own money", () => {
    expect(borrowedAmount({...trade, leverage: 1})).toBe(0);
    expect(borrowedAmount({...trade, leverage: 4})).toBe(750);
    expect(borrowedAmount({...trade, side: "short", leverage: 4})).toBe(10);
  });
});

describe("scaleTrade", () => {
  it("closes a short trade's parts at the average price", () => {
    const opened = [
      {quantity: -1, price: 100},
      {quantity: -3, price: 120},
    ].reduce(scaleTrade, newTrade("short"));
    const closed = scaleTrade(opened, {quantity: 2, price: 110});
    expect(opened.position.averagePrice).toBe(115);
    expect(closed).toMatchObject({realisedProfit: 10, lastProfit: 10, profitRatio: 10 / 460});
  });
});

interface ProfitRow {
  readonly exchange: "binance" | "kraken";
  readonly is_short: boolean;
  readonly lev: number;
  readonly close_rate: number;
  readonly trading_mode: "spot" | "margin" | "futures";
  readonly funding_fees: number;
}
interface Oracle {
  readonly calc_profit: {
    readonly inputs: {amount: number; interest_rate: number; open_minutes_ago: number} & {
      readonly open_rate: number;
      readonly fee_open: number;
    };
    readonly rows: readonly (ProfitRow & {
      readonly fee_close: number;
      readonly profit: number;
      readonly profit_ratio: number;
    })[];
  };
  readonly calc_close_trade_value: {
    readonly inputs: {amount: number; interest_rate: number; open_minutes_ago: number};
    readonly rows: readonly (ProfitRow & {
      readonly open_rate: number;
      readonly fee_rate: number;
      readonly result: number;
    })[];
  };
  readonly recalc_from_orders_dca: {
    readonly rows: readonly {
      readonly fee: number;
      readonly end_profit: number;
      readonly end_profit_ratio: number;
      readonly orders: readonly [
        ["buy" | "sell", number, number],
        [number, number, number, number, number | null, number | null],
      ][];
    }[];
  };
}

const FILE = "oracles/accounting/freqtrade_trade_accounting.json";
const oracle = HAS_SHARED ? readJson<Oracle>(FILE) : undefined;
const {calc_profit, calc_close_trade_value, recalc_from_orders_dca} = oracle ?? {};

function tradeOf(
  row: ProfitRow,
  {amount, interest_rate, open_minutes_ago}: Oracle["calc_close_trade_value"]["inputs"],
  {openPrice, openFee, closeFee}: Pick<Trade, "openPrice" | "openFee" | "closeFee">,
): Trade {
  const side = row.is_short ? "short" : "long";
  const own = {side, amount, openPrice, openFee, closeFee, leverage: row.lev} as const;
  const rule = row.exchange === "binance" ? "per-hour" : "opening-and-per-4-hours";
  const time = {rate: interest_rate, hours: open_minutes_ago / 60, rule} as const;
  const interest = row.trading_mode === "margin" ? marginInterest(borrowedAmount(own), time) : 0;
  return {...own, funding: row.funding_fees, interest};
}

const nameOf = (row: ProfitRow, i: number): string => {
  const {exchange, is_short, lev, trading_mode, close_rate, funding_fees} = row;
  const side = is_short ? "short" : "long";
  const what = `${exchange} ${trading_mode} ${side} ${lev}x`;
  return `${i}: ${what} to ${close_rate}, funding ${funding_fees}`;
};

/** freqtrade rounds to 8 decimals, and its tests write fewer. */
const close = (found: number, wanted: number, tolerance = 1.1e-6): void => {
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(tolerance);
};

describe.runIf(HAS_SHARED)(`trades of freqtrade${NEEDS_SHARED}`, () => {
  const named = <T extends ProfitRow>(rows: readonly T[] = []) =>
    rows.map((row, i) => [nameOf(row, i), row] as const);

  it("has all its rows", () => {
    const orders = recalc_from_orders_dca?.rows.flatMap((row) => row.orders) ?? [];
    const counts = [calc_profit?.rows, calc_close_trade_value?.rows, orders].map((x) => x?.length);
    expect(counts).toEqual([30, 10, 28]);
  });

  it.each(named(calc_profit?.rows))("profit and ratio %s", (_name, row) => {
    const {inputs} = calc_profit!;
    const fees = {openFee: inputs.fee_open, closeFee: row.fee_close};
    const made = tradeOf(row, inputs, {openPrice: inputs.open_rate, ...fees});
    const found = tradeProfit(made, row.close_rate);
    close(found.profit, row.profit);
    close(found.profitRatio, row.profit_ratio);
  });

  it.each(named(calc_close_trade_value?.rows))("close value %s", (_name, row) => {
    const fees = {openFee: row.fee_rate, closeFee: row.fee_rate};
    const made = tradeOf(row, calc_close_trade_value!.inputs, {openPrice: row.open_rate, ...fees});
    close(tradeProfit(made, row.close_rate).closeValue, row.result, 1e-8);
  });

  const sequences = (recalc_from_orders_dca?.rows ?? []).map((row, i) => [i, row] as const);
  it.each(sequences)("orders that scale in and out, %i", (_i, row) => {
    let made = newTrade("long");
    for (const [[side, amount, price], wanted] of row.orders) {
      const [open, openRate, stake, cumulative, realised, ratio] = wanted;
      const before = made;
      const quantity = side === "buy" ? amount : -amount;
      made = scaleTrade(made, {quantity, price, feeRate: row.fee});
      // The closing order leaves freqtrade's amount and stake as they were before it.
      const {position} = made.position.quantity === 0 ? before : made;
      close(position.quantity, open);
      close(position.averagePrice, openRate);
      close(position.quantity * position.averagePrice, stake);
      close(made.realisedProfit, cumulative);
      expect(Number.isNaN(made.lastProfit)).toBe(realised === null);
      close(made.lastProfit || 0, realised ?? 0);
      expect(Number.isNaN(made.profitRatio)).toBe(ratio === null);
      close(made.profitRatio || 0, ratio ?? 0, 1e-6);
    }
    close(made.realisedProfit, row.end_profit);
    close(made.profitRatio, row.end_profit_ratio);
  });
});
