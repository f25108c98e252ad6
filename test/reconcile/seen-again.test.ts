import {readFileSync, writeFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {explainedTotal} from "../../src/reconcile/explain/explanation-sums.js";
import {type FileColumn, formatParquet, parseParquet} from "../../src/table/parquet.js";
import {AT, type Injury, injuredRuns, NODES, recordPath} from "./injure.js";

const runs = injuredRuns();

const MINUTES = 5;
const START = Date.UTC(2025, 0, 8);
const barText = (bar: number): string =>
  new Date(START + (bar + 1) * MINUTES * 60_000).toISOString().slice(0, 16).replace("T", " ");

/** A value of the row that ended some bars before the file's own, times a factor. */
function grown(
  node: string,
  column: string,
  {ago, by, at = AT}: {ago: number; by: number; at?: number},
): Injury {
  return async (dir) => {
    const path = recordPath(dir, NODES, {at, like: `.${node}.df_out`});
    const columns = await parseParquet(readFileSync(path), path);
    const edited = columns.map((own): FileColumn => {
      if (own.kind !== "number" || own.name !== column) {
        return own;
      }
      const data = own.data.slice();
      const row = data.length - 5 * (ago + 1) + 2;
      data[row] = (data[row] as number) * by;
      return {...own, data};
    });
    writeFileSync(path, formatParquet(edited));
  };
}

const NODES_OF_C1: readonly [node: string, feature: string][] = [
  ["read_data", "close"],
  ["read_data", "volume"],
  ["returns", "return"],
  ["volatility", "volatility"],
  ["signals", "momentum_fast"],
  ["predict", "prediction"],
];

describe("a value of an older row that one bar's file has otherwise", () => {
  it.each(NODES_OF_C1.flatMap(([node, feature]) => [1, 3].map((ago) => ({node, feature, ago}))))(
    "$feature of $node, $ago bars back: the record contradicts itself",
    async (place) => {
      const {node, feature, ago} = place;
      const {status, first, cause, pnl, layers} = await runs.reconcile(
        grown(node, feature, {ago, by: 1.01}),
      );
      expect(status).toBe("differs");
      expect(first).toMatchObject({node, instrument: "CCCUSDT", field: `${feature} (seen again)`});
      expect(first?.barEnd).toBe(START + (AT + 1) * MINUTES * 60_000);
      expect(layers.flatMap(({differences}) => [...differences.field])).toHaveLength(1);
      expect(cause).toMatchObject({
        name: "record contradicts itself",
        confidence: "certain",
        alternatives: [],
      });
      expect(cause?.evidence).toEqual([
        expect.stringMatching(
          `^Prod's record contradicts itself: at ${barText(AT)} UTC node ${node} has ` +
            `${feature} \\S+ in the row of CCCUSDT that ended ${barText(AT - ago)} UTC, ` +
            "which it recorded as \\S+ before and after\\.$",
        ),
      ]);
      expect(pnl && explainedTotal(pnl).total).toBeCloseTo(0, 9);
    },
  );

  it("within the tolerance is none", async () => {
    const {status} = await runs.reconcile(grown("predict", "close", {ago: 1, by: 1 + 1e-7}));
    expect(status).toBe("within-tolerance");
  });

  it("hides no difference that follows it", async () => {
    const {first, cause} = await runs.reconcile(async (dir) => {
      await grown("volatility", "volatility", {ago: 2, by: 1.01})(dir);
      await grown("predict", "prediction", {ago: 0, by: 1.01})(dir);
    });
    expect(first).toMatchObject({node: "predict", field: "prediction"});
    expect(cause?.evidence.join(" ")).toContain("contradicts itself: at");
  });

  it("may have been worked on, where the same bar's outputs differ", async () => {
    const {first, cause} = await runs.reconcile(async (dir) => {
      await grown("read_data", "close", {ago: 2, by: 1.01})(dir);
      await grown("returns", "return", {ago: 0, by: 1.01})(dir);
      await grown("predict", "prediction", {ago: 0, by: 1.01})(dir);
    });
    expect(first).toMatchObject({node: "returns", field: "return"});
    expect(cause).toMatchObject({name: "code or model", confidence: "possible"});
    expect(cause?.evidence[0]).toMatch(/so do the nodes before it, but for what a record takes/);
    expect(cause?.alternatives).toEqual([
      {
        name: "data revision",
        why:
          `prod may have been told so of the row of CCCUSDT that ended ${barText(AT - 2)} UTC, ` +
          "and better a bar later",
      },
    ]);
  });

  it("is a correction where the next bar's file has it too, though nothing followed", async () => {
    const {first, cause} = await runs.reconcile(async (dir) => {
      await grown("read_data", "volume", {ago: 2, by: 1.01})(dir);
      await grown("read_data", "volume", {ago: 3, by: 1.01, at: AT + 1})(dir);
    });
    expect(first).toMatchObject({node: "read_data", field: "volume (seen again)"});
    expect(cause).toMatchObject({name: "data revision", confidence: "certain"});
  });

  it("in the oldest row of a file is told of the record, as nothing followed", async () => {
    const {cause} = await runs.reconcile(grown("volatility", "volatility", {ago: 7, by: 1.01}));
    expect(cause).toMatchObject({name: "record contradicts itself", confidence: "likely"});
    expect(cause?.alternatives.map(({name}) => name)).toEqual(["code or model"]);
  });
});
