import {describe, expect, it} from "vitest";
import type {Dag} from "../../src/dag/dag.js";
import {MovingWindow} from "../../src/dag/moving-window.js";
import {type NodeRun, runDag} from "../../src/dag/run-dag.js";
import type {BarTable, SymbolBars} from "../../src/market/bars.js";
import {RecordedMarket} from "../../src/market/recorded-market.js";
import {SIMULATED_ASSETS} from "../../src/market/simulated/simulated-assets.js";
import {simulateBars, startMarket} from "../../src/market/simulated/simulated-process.js";
import {findModel} from "../../src/models/registry.js";
import {SeededRandom} from "../../src/stats/distribution/seeded-random.js";
import {systemConfigOf} from "../../src/system/run/system-config-of.js";
import type {Panel} from "../../src/table/panel.js";
import {barEnds} from "../../src/time/bar-grid.js";
import {HOUR_MS, MINUTE_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";

const START = Date.UTC(2025, 8, 3);
const BAR = 5 * MINUTE_MS;
const BARS = 60;
const WINDOW = (49 * HOUR_MS) / BAR;
const ASSETS = SIMULATED_ASSETS.slice(0, 5);
const SYMBOLS = ASSETS.map(({instrument}) => instrument.id);

type Change = (bars: SymbolBars, ends: Float64Array) => SymbolBars;

/** Five instruments over the look-back and sixty bars more; `change` is done to the first. */
function table(change: Change): BarTable {
  const ends = barEnds(START - WINDOW * BAR, START + BARS * BAR, BAR);
  const bySymbol = new Map(simulateBars(startMarket(new SeededRandom(3), ASSETS), ends, BAR));
  const [id] = SYMBOLS as [string];
  const own = bySymbol.get(id) as SymbolBars;
  bySymbol.set(id, change(own, ends));
  return {barMs: BAR, symbols: SYMBOLS, bySymbol};
}

const without = (bars: SymbolBars, isLeftOut: (t: number) => boolean): SymbolBars => {
  const keep = (column: Float64Array): Float64Array => column.filter((_, t) => !isLeftOut(t));
  const columns = new Map(Array.from(bars.columns, ([name, column]) => [name, keep(column)]));
  return {...bars, barEnd: keep(bars.barEnd), knowledgeTime: keep(bars.knowledgeTime), columns};
};

/** C1's DAG; `onWhole` is told of each bar that has to be computed whole. */
function dagOf(onWhole: () => void): Dag {
  const model = findModel("C1");
  const choices = {runMode: "simulation", exchange: "x", instrumentIds: SYMBOLS} as const;
  const dag = model.dag(systemConfigOf(model, choices).dag_config, BAR);
  const nodes = dag.nodes.map((node) => ({
    ...node,
    predict: (inputs: Readonly<Record<string, Panel>>) => {
      if (node.id === "read_data" && inputs.market?.index.length === WINDOW) {
        onWhole();
      }
      return node.predict(inputs);
    },
  }));
  return {...dag, nodes};
}

/** True for the same axes and the same bits; comparing them cell by cell is quick. */
function isSame(moved: Panel | undefined, whole: Panel): boolean {
  const isEqual = (a: Float64Array | undefined, b: Float64Array): boolean =>
    a?.length === b.length && b.every((value, t) => Object.is(value, a[t]));
  return (
    isEqual(moved?.index, whole.index) &&
    [...whole.features].every(([name, data]) =>
      data.every((column, j) => isEqual(moved?.features.get(name)?.[j], column)),
    )
  );
}

/** Runs the bars with and without memory; gives how many bars were computed whole. */
function compare(change: Change): number {
  let whole = 0;
  const dag = dagOf(() => {
    whole += 1;
  });
  const plain = dagOf(() => {});
  const clock = new SimulatedClock(START);
  const market = new RecordedMarket({bars: table(change), clock, delayMs: 10_000});
  const window = new MovingWindow();
  for (const barEnd of barEnds(START, START + BARS * BAR, BAR)) {
    void clock.sleepUntil(barEnd + 10_000);
    const given = {market: market.window({barEnd, bars: WINDOW})};
    const outputs: NodeRun["output"][] = [];
    runDag(dag, given, {window, readsMemory: false, onNode: ({output}) => outputs.push(output)});
    runDag(plain, given, {
      readsMemory: false,
      onNode: ({position, id, output}) => {
        expect(isSame(outputs[position], output), `${id} at ${barEnd}`).toBe(true);
      },
    });
  }
  return whole;
}

describe("C1 over a moving window", () => {
  const lateBy =
    (ms: number): Change =>
    (bars, ends) => ({
      ...bars,
      knowledgeTime: ends.map((end, t) => (t === WINDOW + 20 ? end + ms : end)),
    });
  const cases: [what: string, change: Change, whole: number][] = [
    ["whole bars", (bars) => bars, 1],
    ["rows that never come", (bars) => without(bars, (t) => t % 9 === 4 || (t > 30 && t < 37)), 1],
    ["a row that comes three bars late", lateBy(3 * BAR), 5],
    [
      "a correction",
      (bars, ends) => {
        const at = WINDOW + 30;
        const barEnd = ends.subarray(at, at + 1);
        const columns = new Map(
          Array.from(bars.columns, ([name, column]) => [
            name,
            Float64Array.of((column[at] as number) * 1.01),
          ]),
        );
        const knowledgeTime = Float64Array.of((barEnd[0] as number) + 6 * BAR);
        return {...bars, corrections: {barEnd, knowledgeTime, columns}};
      },
      31,
    ],
  ];
  it.each(cases)("puts out the same bits with %s", (_what, change, whole) => {
    expect(compare(change)).toBe(whole);
  });
});
