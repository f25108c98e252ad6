import {describe, expect, it} from "vitest";
import {nodeConsistency} from "../../../src/reconcile/consistency/check-nodes.js";
import {consistencyTable, consistencyVerdict} from "../../../src/report/nodes/consistency.js";
import type {makeTable} from "../../../src/report/table.js";

const MINUTE = 60_000;
const BAR = 5 * MINUTE;

/** Windows of a node that puts out one feature of two instruments; row `k` ends at bar `k`. */
function windowsOf(...windows: readonly Readonly<Record<number, readonly [number, number]>>[]) {
  return windows.map((rows, i) => {
    const ends = Object.keys(rows).map(Number);
    const column = (j: 0 | 1) => Float64Array.from(ends, (k) => rows[k]?.[j] as number);
    return {
      barEnd: (i + 3) * BAR,
      panel: {
        index: Float64Array.from(ends, (k) => k * BAR),
        columns: ["A", "B"],
        features: new Map([["x", [column(0), column(1)]]]),
      },
    };
  });
}

describe("a node against itself one bar later", () => {
  it("is consistent where the rows that two bars share are equal, whatever the look-back", () => {
    const check = nodeConsistency(
      "n",
      windowsOf(
        {1: [1, 10], 2: [2, 20], 3: [3, 30]},
        {2: [2, 20], 3: [3 * (1 + 1e-7), 30], 4: [4, 40]}, // a window that moves
        {2: [2, 20], 3: [3, 30], 4: [4, 40], 5: [5, Number.NaN]}, // and one that grows
        {4: [4, 40], 5: [5, Number.NaN], 6: [6, 60]},
      ),
    );
    expect(check).toMatchObject({pairs: 3, sharedRows: 2 + 3 + 2, compared: 14, revised: 0});
    expect(consistencyVerdict([check])).toMatchObject({
      summary: {status: "consistent"},
      text:
        "Every node stood by what it had said: 1 node, 3 pairs of bars, 14 values compared, " +
        "none revised by more than 0.00001.",
    });
  });

  it("names node, both bars, row, values and tolerance of the first value it took back", () => {
    const good = nodeConsistency("first", windowsOf({1: [1, 10]}, {1: [1, 10]}, {1: [1, 10]}));
    const bad = nodeConsistency(
      "vol",
      windowsOf({1: [1, 10]}, {1: [1, 10]}, {1: [1, 11]}, {1: [4, 11]}),
      1e-3,
    );
    expect(bad).toMatchObject({
      revised: 2,
      revisedAt: new Map([
        [5 * BAR, 1],
        [6 * BAR, 1],
      ]),
      first: {instrument: "B", before: 10, after: 11, earlierBar: 4 * BAR, laterBar: 5 * BAR},
      largest: {instrument: "A", before: 1, after: 4, percent: 300},
    });
    const {summary, text} = consistencyVerdict([good, bad], 1e-3);
    expect(summary).toMatchObject({status: "revised", first: {node: "vol", row: BAR}});
    expect(text).toMatch(
      /^vol revised its past: x of B for 1970-01-01 00:05 was 10 at bar 1970-01-01 00:20 and 11 /,
    );
    expect(text).toContain("at bar 1970-01-01 00:25 UTC (tolerance 0.001).");
    const rows = (consistencyTable([good, bad]) as ReturnType<typeof makeTable>).objects();
    expect(rows[1]).toMatchObject({Node: "vol", Revised: 2, "Largest (%)": "300.0000"});
  });

  it("counts a value on one side only as revised", () => {
    const {revised, first} = nodeConsistency("n", windowsOf({1: [1, 10]}, {1: [1, Number.NaN]}));
    expect(revised).toBe(1);
    expect(first).toMatchObject({instrument: "B", before: 10, after: Number.NaN});
  });

  it("says that nothing could be checked where no two bars share a row", () => {
    const check = nodeConsistency("n", windowsOf({3: [1, 1]}, {4: [1, 1]}));
    expect(consistencyVerdict([check]).summary.status).toBe("unchecked");
    expect(consistencyVerdict([]).text).toMatch(/^Nothing could be checked/);
  });
});
