import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {createDag, type Dag} from "../../src/dag/dag.js";
import {MovingWindow} from "../../src/dag/moving-window.js";
import {defineNode, type Node} from "../../src/dag/node.js";
import {runDag} from "../../src/dag/run-dag.js";
import {rollingSum} from "../../src/stats/rolling/rolling.js";
import {forwardFill} from "../../src/stats/series/forward-fill.js";
import {logReturns} from "../../src/stats/series/lag.js";
import {mapCells, sliceRows, zipCells} from "../../src/table/frame.js";
import {featureOf, type Panel, panelOf} from "../../src/table/panel.js";

const ROWS = 12;
const SYMBOLS = ["A", "B"];

/** A recorded market of two instruments whose windows are views of one memory. */
function recorded(cells: readonly number[]) {
  const count = Math.floor(cells.length / 2);
  const index = Float64Array.from({length: count}, (_, t) => t);
  const data = SYMBOLS.map((_, j) => Float64Array.from(cells.slice(j * count, (j + 1) * count)));
  const window = (end: number): Panel => ({
    index: index.subarray(end - ROWS, end),
    columns: SYMBOLS,
    features: new Map([["x", data.map((column) => column.subarray(end - ROWS, end))]]),
  });
  return {count, window};
}

/** The same rows in memory of their own: what a market shows while rows are late or corrected. */
function copied({index, columns, features}: Panel): Panel {
  const copies = Array.from(features, ([name, data]): [string, Float64Array[]] => [
    name,
    data.map((column) => column.slice()),
  ]);
  return {index: index.slice(), columns, features: new Map(copies)};
}

const filled: Node = defineNode({
  id: "filled",
  inputs: {market: "market"},
  lookbackRows: {market: 3},
  predict: ({market}) => panelOf({x: forwardFill(featureOf(market, "x"), 2)}),
});
const returns: Node = defineNode({
  id: "returns",
  inputs: {bars: "filled"},
  lookbackRows: {bars: 2},
  predict: ({bars}) => panelOf({r: logReturns(featureOf(bars, "x"))}),
});
/** Leaves out its first four rows, though row 4 looks at rows 1 to 4 only. */
const risk: Node = defineNode({
  id: "risk",
  inputs: {returns: "returns"},
  lookbackRows: {returns: 5},
  predict: ({returns: panel}) =>
    panelOf({
      v: sliceRows(rollingSum(featureOf(panel, "r"), {window: 4, minPeriods: 1}), 4),
    }),
});
/** Says nothing of its look-back, and looks at the whole window. */
const plain: Node = defineNode({
  id: "plain",
  inputs: {returns: "returns"},
  predict: ({returns: panel}) =>
    panelOf({s: rollingSum(featureOf(panel, "r"), {window: ROWS, minPeriods: 1})}),
});
const last: Node = defineNode({
  id: "last",
  inputs: {risk: "risk", bars: "filled", plain: "plain"},
  lookbackRows: {risk: 1, bars: 5, plain: 5},
  predict: ({risk: v, bars, plain: s}) => {
    const late = (frame: ReturnType<typeof featureOf>) => sliceRows(frame, 4);
    const ratio = zipCells(late(featureOf(bars, "x")), featureOf(v, "v"), (x, y) => x / y);
    return panelOf({ratio, s: late(featureOf(s, "s"))});
  },
});
const scaled: Node = defineNode({
  id: "scaled",
  inputs: {risk: "risk"},
  lookbackRows: {risk: 1},
  predict: ({risk: v}, state) =>
    panelOf({z: mapCells(featureOf(v, "v"), (x) => x * ((state as number | undefined) ?? 1))}),
});

/** What each node put out, copied. */
function outputsOf(dag: Dag, market: Panel, options: Parameters<typeof runDag>[2]) {
  const outputs = new Map<string, Panel>();
  runDag(dag, {market}, {...options, onNode: ({id, output}) => outputs.set(id, output)});
  return outputs;
}

const cell = fc.oneof(
  {weight: 5, arbitrary: fc.double({min: 0.5, max: 2, noNaN: true})},
  {weight: 2, arbitrary: fc.constantFrom(Number.NaN, 0, -0)},
);
const moves = fc.array(
  fc.record({by: fc.integer({min: 0, max: 5}), isCopied: fc.boolean(), state: fc.integer()}),
  {minLength: 1, maxLength: 12},
);

describe("a DAG over a moving window", () => {
  it("puts out, bit for bit, what it puts out without memory, and changes nothing given", () => {
    const cells = fc.array(cell, {minLength: 120, maxLength: 120});
    const dag = createDag([filled, returns, risk, plain, last, scaled]);
    fc.assert(
      fc.property(cells, moves, (values, steps) => {
        const {count, window} = recorded(values);
        const memory = new MovingWindow();
        const given: [Map<string, Panel>, Map<string, Panel>][] = [];
        let end = ROWS;
        for (const {by, isCopied, state} of steps) {
          end = Math.min(count, end + by);
          const market = isCopied ? copied(window(end)) : window(end);
          const known = new Map([["scaled", state % 2]]);
          const moved = outputsOf(dag, market, {state: known, window: memory});
          const whole = outputsOf(dag, copied(market), {state: known});
          expect(moved).toEqual(whole);
          given.push([moved, whole]);
        }
        for (const [moved, whole] of given) {
          expect(moved).toEqual(whole);
        }
      }),
      {seed: 11, numRuns: 60},
    );
  });

  it("asks a node that says how far it looks back for new rows only", () => {
    const asked: number[] = [];
    const counted = defineNode({
      ...filled,
      inputs: {market: "market"},
      lookbackRows: {market: 1},
      predict: ({market}) => {
        asked.push(market.index.length);
        return market;
      },
    });
    const dag = createDag([counted]);
    const {window} = recorded(Array.from({length: 60}, (_, i) => i + 1));
    const memory = new MovingWindow();
    for (const end of [12, 13, 15, 15, 16]) {
      runDag(dag, {market: window(end)}, {window: memory});
    }
    expect(asked).toEqual([ROWS, 1, 2, ROWS, 1]);
  });

  it("computes everything after a bar that failed half-way", () => {
    let fails = false;
    const fragile = defineNode({
      ...returns,
      inputs: {bars: "filled"},
      lookbackRows: {bars: 2},
      predict: (inputs) => {
        if (fails) {
          throw new Error("no such luck");
        }
        return returns.predict(inputs);
      },
    });
    const dag = createDag([filled, fragile]);
    const {window} = recorded(Array.from({length: 60}, (_, i) => 1 + (i % 7)));
    const memory = new MovingWindow();
    runDag(dag, {market: window(14)}, {window: memory});
    fails = true;
    expect(() => runDag(dag, {market: window(15)}, {window: memory})).toThrow(/no such luck/);
    fails = false;
    const moved = runDag(dag, {market: window(16)}, {window: memory});
    expect(moved).toEqual(runDag(dag, {market: window(16)}));
  });
});
