import {describe, expect, it} from "vitest";
import {windowNotes} from "../../../src/reconcile/layers/node-windows.js";
import {nodeHoles} from "../../../src/reconcile/record/node-holes.js";
import {type GridRecord, nodeRows} from "../../../src/reconcile/record/node-rows.js";
import {nodeGrid} from "../../../src/runlog/reading/node-grid.js";
import type {FileColumn} from "../../../src/table/parquet.js";
import {MINUTE_MS} from "../../../src/time/epoch.js";

const START = Date.UTC(2025, 8, 1);
const end = (bar: number): number => START + bar * 5 * MINUTE_MS;

/** A cell of a node's record: the bar that its row is of, its instrument, and its value. */
type Cell = readonly [bar: number, id: string, value: number];

/** The record of a bar: one row for each cell. */
function recordOf(bar: number, cells: readonly Cell[]): GridRecord {
  const columns: FileColumn[] = [
    {
      name: "end_timestamp",
      kind: "time",
      data: Float64Array.from(cells, ([at]) => end(at)),
    },
    {name: "asset_id", kind: "text", data: cells.map(([, id]) => id)},
    {name: "close", kind: "number", data: Float64Array.from(cells, ([, , value]) => value)},
  ];
  const path = `node.${bar}.parquet`;
  return {barEnd: end(bar), grid: nodeGrid({path, columns})};
}

/** The last three rows of two instruments, as a run records them, but for the cells left out. */
function windowOf(bar: number, isThere: (cell: Cell) => boolean = () => true): GridRecord {
  const bars = [bar - 2, bar - 1, bar];
  const cells = bars.flatMap((at): Cell[] => [
    [at, "A", at],
    [at, "B", at],
  ]);
  return recordOf(bar, cells.filter(isThere));
}

const holesOf = (records: readonly GridRecord[]) => nodeHoles(records, nodeRows("n", records));

describe("a node's records", () => {
  it("that hold what earlier ones held lack nothing", () => {
    expect(holesOf([10, 11, 12, 13].map((bar) => windowOf(bar)))).toEqual([]);
  });

  it("lack a row that an earlier one has, within what they reach", () => {
    const records = [windowOf(10), windowOf(11, ([at]) => at !== 10), windowOf(12)];
    expect(holesOf(records)).toEqual([
      {
        barEnd: end(11),
        why: "it lacks 1 row that earlier records have, the first 2025-09-01 00:50 UTC",
      },
    ]);
  });

  it("lack the row of one instrument", () => {
    const records = [windowOf(10), windowOf(11, ([at, id]) => !(at === 10 && id === "B"))];
    expect(holesOf(records)).toEqual([
      {
        barEnd: end(11),
        why: "it lacks 1 row that earlier records have, the first 2025-09-01 00:50 UTC of B",
      },
    ]);
  });

  it("do not lack rows from before what they reach", () => {
    expect(holesOf([windowOf(10), recordOf(11, [[11, "A", 11]]), windowOf(12)])).toEqual([]);
  });
});

describe("a record that looks back less far than others do", () => {
  const whole = [10, 11, 12, 13, 14].map((bar) => windowOf(bar));
  const shortAt = (bar: number) =>
    whole.map((one) => (one.barEnd === end(bar) ? windowOf(bar, ([at]) => at === bar) : one));
  const notesOf = (prod: readonly GridRecord[], sim: readonly GridRecord[]) =>
    windowNotes(nodeRows("n", prod), nodeRows("n", sim), () => true);

  it("is told with its side and how far it reaches", () => {
    const note = {
      what: "node n at 2025-09-01 01:00 UTC",
      why:
        "the record looks back less far than others, only to 2025-09-01 01:00 UTC: " +
        "older rows are not compared",
    };
    expect(notesOf(shortAt(12), whole)).toEqual([{...note, side: "prod"}]);
    expect(notesOf(whole, shortAt(12))).toEqual([{...note, side: "sim"}]);
  });

  it("is not told where both do, or where one side always does", () => {
    expect(notesOf(whole, whole)).toEqual([]);
    expect(notesOf(shortAt(12), shortAt(12))).toEqual([]);
    const lastOnly = [10, 11, 12, 13, 14].map((bar) => windowOf(bar, ([at]) => at === bar));
    expect(notesOf(lastOnly, whole)).toEqual([]);
  });
});
