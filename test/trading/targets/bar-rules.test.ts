import {describe, expect, it} from "vitest";
import {DAY_MS} from "../../../src/time/epoch.js";
import {parseUtc} from "../../../src/time/utc-text.js";
import type {BarOutcome} from "../../../src/trading/targets/process-forecasts.js";
import {BAR, forecastsOf, type ToyOptions, toyProcessor} from "../toy-processor.js";

const FRIDAY = parseUtc("2025-03-07 12:00:00+00:00");

/** Handles one bar per row of predictions; undefined is a bar without data. */
async function handle(
  predictions: readonly (readonly number[] | undefined)[],
  options: Partial<ToyOptions> & {volatility?: number[]} = {},
): Promise<BarOutcome[]> {
  const {start = FRIDAY, volatility, ...rest} = options;
  const prices = {A: new Array(12).fill(10), B: new Array(12).fill(20)};
  const {processor} = toyProcessor({start, prices, ...rest});
  const outcomes: BarOutcome[] = [];
  for (const [t, row] of predictions.entries()) {
    const barEnd = start + t * BAR;
    outcomes.push(await processor.process(barEnd, row && forecastsOf(barEnd, row, volatility)));
  }
  return outcomes;
}

const textsOf = (outcomes: readonly BarOutcome[]) =>
  outcomes.map(({notes = []}) =>
    notes.map(({instrument, text}) => `${instrument ?? "all"}: ${text}`),
  );
const ordersOf = ({orders}: BarOutcome) =>
  orders.map(({instrumentId, diffShares}) => [instrumentId, diffShares]);

describe("data that stays away", () => {
  it("halts trading once, says so once, and resumes by itself", async () => {
    const row = [1, 1];
    const gap = [undefined, undefined, undefined, undefined];
    const outcomes = await handle([row, ...gap, row, row], {processor: {staleAfterBars: 2}});
    expect(outcomes.map(({kind}) => kind)).toEqual(
      "traded no-data no-data halted halted traded traded".split(" "),
    );
    expect(textsOf(outcomes)).toEqual([
      [],
      [],
      [],
      ["all: trading halted: no data for more than 2 bars"],
      [],
      ["all: trading resumed: data is back after 4 bars without"],
      [],
    ]);
    expect(outcomes.flatMap(({kind, orders}) => (kind === "halted" ? orders : []))).toEqual([]);
  });

  it("leaves a stale name as it is, says so once, and trades it when it is back", async () => {
    const fresh = [true, false, false, true];
    const isFresh = (i: number, barEnd: number) =>
      i !== 1 || (fresh[(barEnd - FRIDAY) / BAR] as boolean);
    const rows = [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ];
    const outcomes = await handle(rows, {processor: {isFresh}});
    expect(outcomes.map(ordersOf)).toEqual([
      [
        ["A", 10],
        ["B", 5],
      ],
      [["A", 10]],
      [["A", 10]],
      [
        ["A", 10],
        ["B", 15],
      ],
    ]);
    expect(outcomes[2]?.untraded).toEqual([{instrument: "B", reason: "stale"}]);
    expect(outcomes[2]?.targets?.target_holdings_shares[1]).toBe(5);
    expect(textsOf(outcomes)).toEqual([
      [],
      ["B: data is stale: its holding is kept"],
      [],
      ["B: data is fresh again"],
    ]);
  });
});

describe("sessions and weekends", () => {
  it("a name outside its session is kept; with all outside, the bar is not traded", async () => {
    const open = (i: number, time: number) => (time - FRIDAY) / BAR < (i === 0 ? 2 : 1);
    const row = [1, 1];
    const outcomes = await handle([row, [2, 2], row, undefined], {
      processor: {isInSession: open, staleAfterBars: 0},
    });
    expect(outcomes.map(({kind}) => kind)).toEqual(
      "traded traded outside-hours outside-hours".split(" "),
    );
    expect(ordersOf(outcomes[1] as BarOutcome)).toEqual([["A", 10]]);
    expect(outcomes[1]?.untraded).toEqual([{instrument: "B", reason: "outside-session"}]);
    expect(textsOf(outcomes).flat()).toEqual([
      "B: outside its trading session: its holding is kept",
    ]);
  });

  const cases: [timezone: string, start: string, wanted: string][] = [
    ["UTC", "2025-03-07 23:55:00+00:00", "traded weekend"],
    ["UTC", "2025-03-09 23:55:00+00:00", "weekend traded"],
    ["America/New_York", "2025-03-08 04:55:00+00:00", "traded weekend"],
    ["Asia/Tokyo", "2025-03-07 14:55:00+00:00", "traded weekend"],
  ];
  it.each(cases)("weekends are those of %s, from %s", async (timezone, start, wanted) => {
    const rows = [
      [1, 1],
      [2, 2],
    ];
    const config = {timezone, remove_weekends: true};
    const outcomes = await handle(rows, {start: parseUtc(start), config});
    expect(outcomes.map(({kind}) => kind).join(" ")).toBe(wanted);
    const [held] = outcomes.map(({portfolio}) => portfolio.wallClock);
    expect(held).toBe(parseUtc(start) + 100);
  });

  it("a weekend that is not left out trades", async () => {
    const outcomes = await handle([[1, 1]], {start: FRIDAY + DAY_MS});
    expect(outcomes[0]?.kind).toBe("traded");
  });
});

describe("forecasts that cannot be used", () => {
  it("refuses those of a later bar, and those that do not fit the instruments", async () => {
    const {processor} = toyProcessor({start: FRIDAY, prices: {A: [10]}});
    const future = forecastsOf(FRIDAY + BAR, [1]);
    await expect(processor.process(FRIDAY, future)).rejects.toThrow(
      /forecasts: expected those of .*12:00.*found a row of .*12:05.*future/,
    );
    const two = forecastsOf(FRIDAY, [1, 2]);
    await expect(processor.process(FRIDAY, two)).rejects.toThrow(/one value per instrument/);
  });

  it("does not trade on those of an earlier bar", async () => {
    const {processor} = toyProcessor({start: FRIDAY, prices: {A: [10]}});
    const {kind} = await processor.process(FRIDAY, forecastsOf(FRIDAY - BAR, [1]));
    expect(kind).toBe("no-forecast");
  });

  it("a name without a finite one is closed and named; a bar without is no forecast", async () => {
    const outcomes = await handle([
      [1, 1],
      [1, Number.NaN],
      [1, Number.POSITIVE_INFINITY],
      [Number.NaN, Number.NEGATIVE_INFINITY],
      [1, 1],
    ]);
    expect(outcomes.map(({kind}) => kind)).toEqual(
      "traded traded traded no-forecast traded".split(" "),
    );
    expect(ordersOf(outcomes[1] as BarOutcome)).toEqual([["B", -5]]);
    expect(textsOf(outcomes).flat()).toEqual([
      "B: no forecast: not ranked, target 0",
      "B: forecast again",
    ]);
  });

  it("a negative or infinite volatility counts as missing, and is named", async () => {
    const volatility = [-1, Number.POSITIVE_INFINITY];
    const [outcome] = await handle([[1, 1]], {volatility});
    expect(Array.from(outcome?.targets?.volatility ?? [])).toEqual([1, 1]);
    expect(textsOf([outcome as BarOutcome])[0]).toHaveLength(2);
    const [half] = await handle([[1, 1]], {volatility: [-1, 3]});
    expect(Array.from(half?.targets?.volatility ?? [])).toEqual([3, 3]);
  });
});

describe("prices that cannot be used", () => {
  it.each([0, -10, Number.NaN])("a name priced %d is left as it is, and named", async (bad) => {
    const isKnown = !Number.isNaN(bad);
    const prices = {A: [10, 10, 10, 10], B: isKnown ? [20, 20, bad, 20] : [bad, bad, bad, bad]};
    const rows = [
      [1, 1],
      [1, 1],
      [2, 2],
      [3, 3],
    ];
    const outcomes = await handle(rows, {prices});
    const third = outcomes[2] as BarOutcome;
    expect(ordersOf(third)).toEqual([["A", 10]]);
    expect(third.untraded).toEqual([{instrument: "B", reason: "no-price"}]);
    expect(third.targets?.target_holdings_shares[1]).toBe(isKnown ? 5 : 0);
    expect(textsOf(outcomes).flat()).toContain("B: no price above 0: its holding is kept");
    expect(textsOf(outcomes).flat().includes("B: priced again")).toBe(isKnown);
  });
});

describe("restrictions and limits in a bar", () => {
  const restriction = {
    asset_id: "B",
    is_restricted: false,
    is_buy_restricted: false,
    is_buy_cover_restricted: false,
    is_sell_short_restricted: true,
    is_sell_long_restricted: false,
  };

  it("a restricted turn to short stops at 0, and the record says so", async () => {
    const rows = [
      [1, 1],
      [1, -1],
    ];
    const outcomes = await handle(rows, {rules: {restrictions: [undefined, restriction]}});
    expect(ordersOf(outcomes[1] as BarOutcome)).toEqual([["B", -5]]);
    expect(outcomes[1]?.targets?.target_holdings_shares[1]).toBe(0);
  });

  it("limits are applied last, and what they changed is recorded", async () => {
    const limits = () => ({
      minAmount: 8,
      minCost: 100,
      maxAmount: Number.POSITIVE_INFINITY,
      maxCost: Number.POSITIVE_INFINITY,
      lotSize: 0.5,
    });
    const exchange = {stage: "local", limits} as const;
    const options = {rules: {restrictions: [undefined, restriction], exchange}};
    const outcomes = await handle(
      [
        [1, 1],
        [1, 0],
      ],
      options,
    );
    // 5 wanted, raised to 3 · 100 / 20 = 15; selling 15 to get to 0 is more than the minimum.
    expect(ordersOf(outcomes[0] as BarOutcome)).toEqual([
      ["A", 10],
      ["B", 15],
    ]);
    expect(ordersOf(outcomes[1] as BarOutcome)).toEqual([["B", -15]]);
    const {targets} = outcomes[0] as BarOutcome;
    expect(targets?.["target_trades_shares.before_apply_cc_limits"]?.[1]).toBe(5);
    expect(targets?.["target_holdings_notional.before_apply_cc_limits"]?.[1]).toBe(100);
    expect(targets?.target_holdings_notional[1]).toBe(300);
  });

  it("a sale that is raised to the minimum does not go short where that is forbidden", async () => {
    const limits = () => ({
      minAmount: 4.6,
      minCost: 100,
      maxAmount: Number.POSITIVE_INFINITY,
      maxCost: Number.POSITIVE_INFINITY,
      lotSize: 0.5,
    });
    const exchange = {stage: "local", limits} as const;
    const rows = [
      [0, 1],
      [0, 0.2],
    ];
    const free = await handle(rows, {rules: {exchange}});
    expect(free.map(ordersOf)).toEqual([[["B", 5]], [["B", -15]]]);
    const bound = await handle(rows, {rules: {exchange, restrictions: [undefined, restriction]}});
    expect(bound.map(ordersOf)).toEqual([[["B", 5]], [["B", -5]]]);
  });

  it("without limits, nothing is recorded of them", async () => {
    const [outcome] = await handle([[1, 1]]);
    expect(Object.keys(outcome?.targets ?? {}).filter((name) => name.includes("."))).toEqual([]);
  });
});

describe("the beginning of orders", () => {
  // The bar is decided at +10 s; handling it takes 0.1 s more than it is late.
  const cases: [name: string, handledMs: number, startMs: number][] = [
    ["is when the bar was decided, however slow the process", 30_000, 10_100],
    ["also where that is fifty seconds ago", 60_000, 10_100],
    ["is now where that is longer ago", 60_001, 60_101],
  ];
  it.each(cases)("%s", async (_name, handledMs, startMs) => {
    const prices = {A: [10, 10], B: [20, 20]};
    const {processor, clock} = toyProcessor({start: FRIDAY, prices});
    await clock.sleepUntil(FRIDAY + handledMs);
    const forecasts = {...forecastsOf(FRIDAY, [1, 2]), asOf: FRIDAY + 10_000};
    const {orders} = await processor.process(FRIDAY, forecasts);
    expect(orders.map(({creationTime, start}) => [creationTime, start])).toEqual(
      orders.map(() => [FRIDAY + startMs, FRIDAY + startMs]),
    );
    expect(orders.length).toBe(2);
  });

  it("is now where nothing says when the bar was decided", async () => {
    const [outcome] = await handle([[1, 2]]);
    expect(outcome?.orders.map(({start}) => start)).toEqual([FRIDAY + 100, FRIDAY + 100]);
  });
});
