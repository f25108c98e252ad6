import {describe, expect, it} from "vitest";
import {createDag} from "../../src/dag/dag.js";
import {defineNode, type Node} from "../../src/dag/node.js";
import {type NodeRun, nodeStem, runDag} from "../../src/dag/run-dag.js";
import {frameFromRows, mapCells, zipCells} from "../../src/table/frame.js";
import {featureOf, panelOf} from "../../src/table/panel.js";

const market = panelOf({x: frameFromRows([1, 2, 3], ["A"], [[1], [2], [3]])});

function node(id: string, inputs: Record<string, string> = {market: "market"}): Node {
  return defineNode({id, inputs, predict: (given) => Object.values(given)[0] ?? market});
}

describe("createDag", () => {
  it("orders nodes so that inputs come first, and keeps the written order otherwise", () => {
    const dag = createDag([node("c", {b: "b"}), node("a"), node("b", {a: "a"}), node("d")]);
    expect(dag.nodes.map(({id}) => id)).toEqual(["a", "b", "c", "d"]);
  });

  const refused: [name: string, nodes: Node[], message: RegExp][] = [
    ["a duplicate id", [node("a"), node("a")], /every node id once, found more than once: a/],
    ["a node called as what is given", [node("market", {})], /more than once: market/],
    [
      "an unknown input",
      [node("returns"), node("b", {x: "retruns"})],
      /node "b", input "x": .*unknown node "retruns"; did you mean "returns"/,
    ],
    [
      "a cycle",
      [node("in"), node("a", {x: "c", m: "in"}), node("b", {x: "a"}), node("c", {x: "b"})],
      /nodes without a cycle, found (a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c)/,
    ],
    ["a node that reads itself", [node("a", {x: "a"})], /found a -> a/],
  ];
  it.each(refused)("refuses %s, naming the ids", (_name, nodes, message) => {
    expect(() => createDag(nodes)).toThrow(message);
  });
});

describe("runDag", () => {
  const double = defineNode({
    id: "double",
    inputs: {market: "market"},
    predict: ({market: given}) => panelOf({y: mapCells(featureOf(given, "x"), (x) => 2 * x)}),
  });
  const scaled = defineNode({
    id: "scaled",
    inputs: {of: "double"},
    fit: ({of}) => ({mean: featureOf(of, "y").data[0]?.reduce((sum, y) => sum + y / 3, 0) ?? 0}),
    predict: ({of}, state) => {
      const {mean} = (state ?? {mean: 1}) as {mean: number};
      return panelOf({z: mapCells(featureOf(of, "y"), (y) => y / mean)});
    },
  });
  const dag = createDag([scaled, double]);

  it("hands each node its inputs by name and returns the last output", () => {
    expect([...(featureOf(runDag(dag, {market}), "z").data[0] ?? [])]).toEqual([2, 4, 6]);
  });

  it("fits, hands plain JSON to predict, and names the method in the stem", () => {
    const state = new Map();
    const runs: NodeRun[] = [];
    runDag(dag, {market}, {method: "fit", state, onNode: (run) => runs.push(run)});
    expect(runs.map(nodeStem)).toEqual(["fit.0.double", "fit.1.scaled"]);
    expect(JSON.parse(JSON.stringify([...state]))).toEqual([["scaled", {mean: 4}]]);
    expect([...(featureOf(runDag(dag, {market}, {state}), "z").data[0] ?? [])]).toEqual([
      0.5, 1, 1.5,
    ]);
  });

  it("reports what each node took", () => {
    const runs: NodeRun[] = [];
    runDag(dag, {market}, {onNode: (run) => runs.push(run)});
    for (const run of runs) {
      expect(run.durationMs).toBeGreaterThanOrEqual(0);
      expect(run.memoryAfter.rss).toBeGreaterThan(1_000_000);
    }
  });

  it("names the node that threw and keeps the cause", () => {
    const cause = new Error("no such column");
    const bad = defineNode({
      id: "bad",
      inputs: {market: "market"},
      predict: () => {
        throw cause;
      },
    });
    const run = () => runDag(createDag([bad]), {market});
    expect(run).toThrow('dag node "bad" (predict): no such column');
    expect(run).toThrow(expect.objectContaining({cause}));
  });

  it("leaves its inputs as they were", () => {
    const before = structuredClone(market);
    const add = defineNode({
      id: "add",
      inputs: {a: "market", b: "market"},
      predict: ({a, b}) =>
        panelOf({s: zipCells(featureOf(a, "x"), featureOf(b, "x"), (p, q) => p + q)}),
    });
    runDag(createDag([add]), {market});
    expect(market).toEqual(before);
  });
});
