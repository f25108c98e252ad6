import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {verdict} from "../../src/report/reconciliation/verdict.js";
import type {FileColumn} from "../../src/table/parquet.js";
import {
  AT,
  edited,
  FILLS,
  type Injury,
  injuredRuns,
  inParquet,
  NODES,
  PORTFOLIO,
  recordPath,
  TARGETS,
} from "./injure.js";

const runs = injuredRuns();

/** The newest value of one instrument in a node's file, from that and the one of the row before. */
function newest(
  node: string,
  columns: readonly string[],
  edit: (value: number, before: number) => number,
): Injury {
  return inParquet(
    NODES,
    (own) =>
      own.map((column): FileColumn => {
        if (column.kind !== "number" || !columns.includes(column.name)) {
          return column;
        }
        const data = column.data.slice();
        const row = data.length - 3;
        data[row] = edit(data[row] as number, data[row - 5] as number);
        return {...column, data};
      }),
    `.${node}.df_out`,
  );
}

const stale = (_value: number, before: number): number => before;

/** The files of two bars in each other's place. */
function swapped(stream: string, like = ""): Injury {
  return (dir) => {
    const paths = [AT, AT + 1].map((at) => recordPath(dir, stream, {at, like}));
    const [a, b] = paths.map((path) => readFileSync(path));
    writeFileSync(paths[0] as string, b as Buffer);
    writeFileSync(paths[1] as string, a as Buffer);
  };
}

describe("a node's value from which nothing followed", () => {
  it.each<[string, Injury, string]>([
    ["stale price", newest("read_data", ["close"], stale), "read_data"],
    ["stale row", newest("read_data", ["close", "volume"], stale), "read_data"],
    ["other price", newest("read_data", ["close"], (x) => 1.01 * x), "read_data"],
    ["missing price", newest("read_data", ["close"], () => Number.NaN), "read_data"],
    ["other volatility", newest("volatility", ["volatility"], (x) => 2 * x), "volatility"],
    ["other forecast", newest("predict", ["prediction"], (x) => -x), "predict"],
  ])("%s: the record contradicts itself", async (name, injury, node) => {
    const isMissing = name.startsWith("missing");
    const found = await runs.reconcile(injury);
    expect(found.first).toMatchObject({node, instrument: "CCCUSDT"});
    expect(found.cause).toMatchObject({name: "record contradicts itself", confidence: "likely"});
    expect(found.cause?.evidence[0]).toMatch(
      /^Prod's record contradicts itself: .* Its own next record has the other's value\.$/,
    );
    const other =
      node !== "read_data" ? "code or model" : isMissing ? "late data" : "data revision";
    expect(found.cause?.alternatives.map(({name}) => name)).toEqual([other]);
  });
});

describe("files of two bars in each other's place", () => {
  it.each<[string, Injury, string]>([
    ["of the first node", swapped(NODES, ".read_data.df_out"), "node read_data"],
    ["of the last node", swapped(NODES, ".predict.df_out"), "node predict"],
    ["of holdings", swapped(join(PORTFOLIO, "holdings_shares")), "holdings_shares"],
  ])("%s are told of both bars, and differ in nothing", async (_name, injury, what) => {
    const found = await runs.reconcile(injury);
    expect(found.status).toBe("incomplete");
    expect(found.first).toBeUndefined();
    const own = found.notCompared.filter((one) => one.what.startsWith(what));
    expect(own.map((one) => one.what)).toEqual([
      `${what} at 2025-01-08 00:20 UTC`,
      `${what} at 2025-01-08 00:25 UTC`,
    ]);
    expect(own.map(({why}) => why)).toEqual([
      expect.stringMatching(
        /^the record contradicts itself: its file has the rows? .* 00:25 UTC; /,
      ),
      expect.stringMatching(
        /^the record contradicts itself: its file has the rows? .* 00:20 UTC; /,
      ),
    ]);
    expect(verdict(found).text).toContain("00:20 UTC (the record contradicts itself: its file has");
  });
});

describe("holdings of one bar that neither follow nor lead on", () => {
  it("contradict the run's own trades", async () => {
    const {first, cause} = await runs.reconcile(
      edited(join(PORTFOLIO, "holdings_shares"), (text) =>
        text.replace(/,([^,]*)\n$/, (_, x) => `,${Number(x) + 5}\n`),
      ),
    );
    expect(first).toMatchObject({layer: "holdings", instrument: "EEEUSDT"});
    expect(cause).toMatchObject({name: "record contradicts itself", confidence: "certain"});
    expect(cause?.evidence[0]).toMatch(
      /^Prod's record contradicts itself: its holdings of EEEUSDT/,
    );
  });
});

describe("targets that are all of another size", () => {
  const scaledBy = (factor: (row: number) => number): Injury =>
    edited(TARGETS, (text) => {
      const [heads = "", ...lines] = text.trimEnd().split("\n");
      const names = heads.split(",");
      const rows = lines.map((line, row) =>
        line
          .split(",")
          .map((cell, k) =>
            /^target_(holdings|trades)_/.test(names[k] ?? "") ? factor(row) * Number(cell) : cell,
          )
          .join(","),
      );
      return [heads, ...rows, ""].join("\n");
    });

  it("were sized by another config than is recorded", async () => {
    const {first, cause} = await runs.reconcile(scaledBy(() => 0.9));
    expect(first?.layer).toBe("target positions");
    expect(cause).toMatchObject({name: "config", confidence: "likely"});
    expect(cause?.evidence[0]).toContain("are 0.900 times the simulation's");
  });

  it("were not, where the sizes have nothing in common", async () => {
    const {cause} = await runs.reconcile(scaledBy((row) => 0.9 + 0.1 * row));
    expect(cause?.name).toBe("code or model");
  });
});

it("a bar of which one run has no fill at all says so", async () => {
  const {first, cause} = await runs.reconcile((dir) => {
    for (const stream of [FILLS, ...TRADED]) {
      edited(stream, (text) => (stream === FILLS ? "" : withoutTrades(text)))(dir);
    }
  });
  expect(first?.layer).toBe("orders and fills");
  expect(cause?.evidence.join(" ")).toMatch(
    /Prod has no fill at all in this bar, the other run \d+/,
  );
});

const TRADED = ["executed_trades_shares", "executed_trades_notional"].map((name) =>
  join(PORTFOLIO, name),
);

/** A line of a table whose numbers are all 0. */
function withoutTrades(text: string): string {
  const [heads, line = ""] = text.split("\n");
  const [time, ...cells] = line.split(",");
  return `${[heads, [time, ...cells.map(() => 0)].join(",")].join("\n")}\n`;
}
