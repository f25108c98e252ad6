import {appendFileSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {explainedTotal} from "../../src/reconcile/explain/explanation-sums.js";
import type {FileColumn} from "../../src/table/parquet.js";
import {
  BARS,
  edited,
  type Injury,
  injuredRuns,
  inParquet,
  NODES,
  PORTFOLIO,
  recordPath,
} from "./injure.js";

const runs = injuredRuns();

const rowsOf = (columns: FileColumn[], rows: readonly number[]): FileColumn[] =>
  columns.map((column) =>
    column.kind === "text"
      ? {...column, data: rows.map((row) => column.data[row] as string)}
      : {...column, data: Float64Array.from(rows, (row) => column.data[row] as number)},
  );
const all = (columns: FileColumn[]): number[] => [...(columns[0] as FileColumn).data.keys()];

describe("rows of a node that are repeated", () => {
  it("in the same words count once, and are told", async () => {
    const repeated = inParquet(
      NODES,
      (columns) => rowsOf(columns, [0, 0, ...all(columns).slice(1), 2]),
      "read_data",
    );
    const {status, first, notCompared} = await runs.reconcile(repeated);
    expect(first).toBeUndefined();
    expect(status).toBe("incomplete");
    expect(notCompared.map(({what}) => what)).toEqual([
      expect.stringMatching(/^node read_data at .* UTC$/),
    ]);
    expect(notCompared[0]?.why).toMatch(/\.parquet: 2 repeated rows, the same as before/);
  });

  it("in other words lose their bar: none is taken for another instrument's", async () => {
    const contradicted = inParquet(
      NODES,
      (columns) =>
        rowsOf(columns, [...all(columns), 1]).map((column) => {
          if (column.kind !== "number") {
            return column;
          }
          const data = column.data.slice();
          data[data.length - 1] = 7;
          return {...column, data};
        }),
      "read_data",
    );
    const {status, first, notCompared} = await runs.reconcile(contradicted);
    expect(first).toBeUndefined();
    expect(status).toBe("incomplete");
    expect(notCompared[0]?.why).toMatch(
      /row \d+: expected one row for BBBUSDT .* found repeated rows that differ \(row 2 /,
    );
  });

  it("in any order are found by their own end and instrument", async () => {
    const turned = inParquet(
      NODES,
      (columns) => rowsOf(columns, all(columns).reverse()),
      "predict.df",
    );
    expect((await runs.reconcile(turned)).status).toBe("identical");
  });
});

describe("a line of the portfolio that is repeated", () => {
  it("is told", async () => {
    const {status, notCompared} = await runs.reconcile((dir) => {
      const path = recordPath(dir, join(PORTFOLIO, "holdings_shares"));
      appendFileSync(path, `${readFileSync(path, "utf8").split("\n")[1]}\n`);
    });
    expect(status).toBe("incomplete");
    expect(notCompared[0]?.why).toMatch(/\.csv: 1 repeated row, the same as before/);
  });
});

describe("one bar's file of other instruments", () => {
  const changed = (stream: string, edit: (cells: string[], row: number) => string[]): Injury =>
    edited(stream, (text) => {
      const lines = text.trimEnd().split("\n");
      return `${lines.map((line, row) => edit(line.split(","), row).join(",")).join("\n")}\n`;
    });
  const streams = ["holdings_shares", "holdings_notional", "executed_trades_shares"];

  it.each(streams)("more in %s is compared as it is, and told", async (name) => {
    const more = changed(join(PORTFOLIO, name), (cells, row) => [
      ...cells,
      row === 0 ? "ZZZUSDT" : "5",
    ]);
    const found = await runs.reconcile(more);
    expect(found.first).toMatchObject({field: name, instrument: "ZZZUSDT", prod: 5, sim: NaN});
    const told = found.notCompared.find(({why}) => why.includes("has ZZZUSDT as well"));
    expect(told?.what).toMatch(new RegExp(`^${name} at .* UTC$`));
    expect(found.layers.every(({fields}) => fields.length > 0)).toBe(true);
  });

  it.each(streams)("less in %s is compared as it is, and told", async (name) => {
    const less = changed(join(PORTFOLIO, name), (cells) => cells.slice(0, -1));
    const found = await runs.reconcile(less);
    expect(found.status).toBe("differs");
    expect(found.first?.instrument).toBe("EEEUSDT");
    const told = found.notCompared.find(({why}) => why.includes("lacks EEEUSDT"));
    expect(told?.what).toMatch(new RegExp(`^${name} at .* UTC$`));
    expect(found.pnl && explainedTotal(found.pnl).total).not.toBeNaN();
  });

  it("less of a node moves no value to another", async () => {
    const less = inParquet(
      NODES,
      (columns) =>
        rowsOf(
          columns,
          all(columns).filter((row) => row !== 1),
        ),
      "read_data",
    );
    const {layers} = await runs.reconcile(less);
    const market = layers.find(({name}) => name === "market data");
    expect(new Set(market?.differences.instrument)).toEqual(new Set(["BBBUSDT"]));
  });
});

describe("rows stamped with another time than their file", () => {
  const moved: Injury = (dir) => {
    for (let at = 0; at < BARS; ++at) {
      const path = recordPath(dir, join(PORTFOLIO, "holdings_shares"), {at});
      const text = readFileSync(path, "utf8");
      const hour = (_: string, h: string) => ` ${String(Number(h) + 1).padStart(2, "0")}:`;
      writeFileSync(path, text.replace(/ (\d\d):/, hour));
    }
  };

  it("are told, values being the same", async () => {
    const {status, notCompared} = await runs.reconcile(moved);
    expect(status).toBe("incomplete");
    expect(notCompared).toEqual([
      {
        what: "times of rows of holdings_shares",
        side: "prod",
        why: expect.stringMatching(
          /^8 of 8 records hold rows stamped 3600 s after the record's own time; .*clock/,
        ),
      },
    ]);
  });

  it("make the clock a cause to be considered where the runs differ", async () => {
    const {cause} = await runs.reconcile((dir) => {
      moved(dir);
      edited(join(PORTFOLIO, "holdings_shares"), (text) => text.replace(/,[^,]*\n$/, ",12345.5\n"))(
        dir,
      );
    });
    expect(cause?.alternatives).toContainEqual({
      name: "clock",
      why: expect.stringMatching(/^holdings_shares of prod: 8 of 8 records/),
    });
  });
});
