import {describe, expect, it} from "vitest";
import type {PortfolioState} from "../../../src/trading/portfolio.js";
import {NameNotes} from "../../../src/trading/targets/name-notes.js";

const NONE = Number.NaN;

/** Marks, shares and value of A and B, as far as notes read them. */
const stateOf = (price: number[], shares: number[], value: number[]) =>
  ({
    price: Float64Array.from(price),
    holdingsShares: Float64Array.from(shares),
    holdingsNotional: Float64Array.from(value),
  }) as unknown as PortfolioState;

describe("what is held without a price", () => {
  it("is named once, with how it is valued, until it has one; what is not held is not", () => {
    const notes = new NameNotes(["A", "B"]);
    const unknown = stateOf([NONE, NONE], [10, 0], [NONE, 0]);
    const known = stateOf([101, 1], [10, 2], [1_010, 2]);
    const again = stateOf([NONE, 1], [10, 2], [1_010, 2]);
    const texts = [unknown, unknown, known, again, again, known].map((state) =>
      notes.ofMarks(state).map(({instrument, text}) => `${instrument} is ${text}`),
    );
    expect(texts).toEqual([
      ["A is held but has no price: kept, and its value and PnL are unknown until it has one"],
      [],
      ["A is no longer held without a price"],
      ["A is held but has no price: kept, and valued at its last known one"],
      [],
      ["A is no longer held without a price"],
    ]);
  });

  it("is not named a second time where the bar trades, but where it is to be liquidated", () => {
    const notes = new NameNotes(["A", "B"]);
    const state = stateOf([NONE, NONE], [10, 0], [NONE, 0]);
    const untraded = ["A", "B"].map((instrument) => ({instrument, reason: "no-price"}) as const);
    const facts = {
      usable: {missing: [0, 1], refused: []},
      untraded,
      holdingsShares: state.holdingsShares,
      limited: new Map(),
      dust: [],
    };
    expect(notes.ofMarks(state)).toHaveLength(1);
    expect(notes.ofTrading({...facts, isLiquidating: false})).toEqual([
      {instrument: "B", text: "no price above 0: its holding is kept"},
    ]);
    expect(notes.ofTrading({...facts, isLiquidating: true})).toEqual([
      {instrument: "A", text: "not liquidated: it has no price above 0"},
    ]);
  });
});
