import {cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {explainedTotal} from "../../src/reconcile/explain/explanation-sums.js";
import {type Reconciliation, reconcileRuns} from "../../src/reconcile/reconcile-runs.js";
import {verdict} from "../../src/report/reconciliation/verdict.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import type {FileColumn} from "../../src/table/parquet.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../oracles/shared.js";
import {
  AT,
  BARS,
  cut,
  edited,
  emptied,
  FILLS,
  type Injury,
  injuredRuns,
  inParquet,
  NODES,
  ORDERS,
  PORTFOLIO,
  recordPath,
  TARGETS,
} from "./injure.js";

const runs = injuredRuns();

/** Values that were compared of each field. */
function cellsOf({layers}: Reconciliation): Map<string, number> {
  const fields = layers.filter(({name}) => name !== "config").flatMap((layer) => layer.fields);
  return new Map(fields.map(({node, field, cells}) => [`${node} ${field}`, cells]));
}

const UNREADABLE: readonly (readonly [
  name: string,
  injury: Injury,
  what: RegExp,
  why: RegExp,
  fields: RegExp,
])[] = [
  ...["holdings_shares", "holdings_notional", "executed_trades_notional", "statistics"].flatMap(
    (stream) => {
      const [dir, at] = [join(PORTFOLIO, stream), new RegExp(`^${stream} at 2025-.* UTC$`)];
      const fields =
        stream === "statistics" ? / (cash|fees|account)$/ : new RegExp(` (${stream}|pnl)$|^ fill_`);
      return [
        [`half of a bar of ${stream}`, cut(dir), at, /\.csv: expected .* a truncated/, fields],
        [`an empty bar of ${stream}`, emptied(dir), at, /\.csv: .* an empty file; /, fields],
        [
          `a bar of ${stream} with words in a cell`,
          edited(dir, (text) => text.replace(/,[^,]*\n$/, ",abc\n")),
          at,
          /\.csv line 2, column \w+: expected a number or an empty cell, found "abc"; /,
          fields,
        ],
        [
          `a bar of ${stream} with a blank in a cell`,
          edited(dir, (text) => text.replace(/,[^,]*\n$/, ", \n")),
          at,
          /found " "; /,
          fields,
        ],
      ] as const;
    },
  ),
  [
    "a folder in a file's place",
    (dir) => {
      const path = recordPath(dir, TARGETS);
      rmSync(path);
      cpSync(join(dir, ORDERS), path, {recursive: true});
    },
    /^target_positions at /,
    /expected a file that can be read, found EISDIR/,
    / (target_|holdings_|price|prediction|volatility|spread)/,
  ],
  ["half of a bar's orders", cut(ORDERS), /^orders at /, /restore it or run again/, / order_/],
  [
    "an empty bar of orders",
    emptied(ORDERS),
    /^orders at /,
    /an empty file, though target_positions asks for \d+ trades? at this bar/,
    / order_/,
  ],
  [
    "an empty bar of fills",
    emptied(FILLS),
    /^fills at /,
    /an empty file, though executed_trades_shares tells of \d+ trades? at this bar/,
    / fill_/,
  ],
  [
    "half of a bar of a node in Parquet",
    cut(NODES, "read_data"),
    /^node read_data at /,
    /\.parquet: expected a whole Parquet file, found .*; .*restore it/,
    /^read_data /,
  ],
  [
    "an empty bar of a node in Parquet",
    emptied(NODES, "predict.df_out"),
    /^node predict at /,
    /\.parquet: expected a whole Parquet file/,
    /^predict /,
  ],
];

describe("one bar's file that cannot be used", () => {
  it.each(UNREADABLE)("%s: is named, and all else is compared", async (...one) => {
    const [, injury, what, why, fields] = one;
    const whole = cellsOf(await runs.reconcile(() => {}));
    const found = await runs.reconcile(injury);
    expect(found.notCompared.map((lacking) => lacking.what)).toEqual([
      expect.stringMatching(what),
      ...(/holdings|executed/.test(String(what)) ? [expect.stringMatching(/^PnL of 1 bar$/)] : []),
    ]);
    expect(found.notCompared[0]?.why).toMatch(why);
    expect(found).toMatchObject({status: "incomplete", prodBars: BARS, simBars: BARS});
    const cells = cellsOf(found);
    expect([...cells.keys()]).toEqual([...whole.keys()]);
    const fewer = [...cells].filter(([field, compared]) => compared !== whole.get(field));
    expect(fewer.length).toBeGreaterThan(0);
    // A node's rows are recorded again at later bars, by which what it said first is known.
    const isNode = String(what).includes("node");
    expect(fewer.every(([field]) => field.includes("(seen again)"))).toBe(isNode);
    for (const [field, compared] of fewer) {
      expect(field).toMatch(fields);
      expect(compared).toBeGreaterThanOrEqual(((BARS - 3) / BARS) * (whole.get(field) ?? 0));
    }
    expect(found.pnl && explainedTotal(found.pnl).total).toBeCloseTo(0, 9);
    expect(verdict(found).text).toMatch(/as far as it can be compared: .*Not compared: /);
  });

  it.each([cut(NODES, "read_data"), emptied(NODES, "read_data")])(
    "is told of a node in csv.gz too",
    async (injury) => {
      const {status, notCompared} = await runs.reconcile(injury, "gz", "gz");
      expect(status).toBe("incomplete");
      expect(notCompared.map(({what}) => what)).toEqual([
        expect.stringMatching(/^node read_data at .* UTC$/),
      ]);
      expect(notCompared[0]?.why).toMatch(/\.csv\.gz: expected /);
    },
  );

  it("does not hide what differs elsewhere", async () => {
    const injury = cut(join(PORTFOLIO, "holdings_shares"));
    const {status, first, notCompared} = await runs.reconcile((dir) => {
      injury(dir);
      const path = recordPath(dir, join(PORTFOLIO, "holdings_shares"), {at: AT + 2});
      writeFileSync(path, readFileSync(path, "utf8").replace(/,[^,]*\n$/, ",12345.5\n"));
    });
    expect(status).toBe("differs");
    expect(first).toMatchObject({field: "holdings_shares", prod: 12345.5});
    expect(notCompared[0]?.what).toMatch(/^holdings_shares at /);
  });

  it("is told for the stream where it is true of all", async () => {
    const {status, notCompared} = await runs.reconcile((dir) => {
      for (const name of readdirSync(join(dir, PORTFOLIO, "statistics"))) {
        truncateSync(join(dir, PORTFOLIO, "statistics", name), 0);
      }
    });
    expect(status).toBe("incomplete");
    expect(notCompared).toEqual([
      {
        what: "statistics",
        side: "prod",
        why: expect.stringMatching(/^none of 8 records can be used; the first: .* an empty file/),
      },
    ]);
  });

  it("of many, the first are told one by one and the rest together", async () => {
    const {notCompared} = await runs.reconcile((dir) => {
      for (let at = 0; at < 7; ++at) {
        truncateSync(recordPath(dir, join(PORTFOLIO, "statistics"), {at}), 0);
      }
    });
    expect(notCompared).toHaveLength(6);
    expect(notCompared.at(-1)?.what).toMatch(/^statistics at 2 more bars, .* to .* UTC$/);
  });
});

describe("a stream's one file", () => {
  it.each(["holdings_shares", "statistics"])("%s that is cut loses that stream", async (stream) => {
    const {status, notCompared} = await runs.reconcile(
      (dir) => {
        truncateSync(join(dir, PORTFOLIO, stream, `${stream}.parquet`), 200);
      },
      "sim",
      "parquet",
    );
    expect(status).toBe("incomplete");
    expect(notCompared[0]).toMatchObject({what: stream, side: "prod"});
    expect(notCompared[0]?.why).toMatch(/\.parquet: expected a whole Parquet file/);
  });

  it("with a word among numbers loses that bar", async () => {
    const asText = ({name, data}: FileColumn): FileColumn => ({
      name,
      kind: "text",
      data: Array.from(data as Float64Array, (x, row) => (row === AT ? "abc" : String(x))),
    });
    const edit = (columns: FileColumn[]): FileColumn[] =>
      columns.map((column) => (column.name === "AAAUSDT" ? asText(column) : column));
    const {status, notCompared} = await runs.reconcile(
      inParquet(join(PORTFOLIO, "holdings_shares"), edit),
      "sim",
      "parquet",
    );
    expect(status).toBe("incomplete");
    expect(notCompared[0]?.what).toMatch(/^holdings_shares at /);
    expect(notCompared[0]?.why).toMatch(/row 4 line 1, column AAAUSDT: .* found "abc"/);
  });
});
describe.skipIf(!HAS_SHARED)(`a run of the reference${NEEDS_SHARED}`, () => {
  const holdings = join(PORTFOLIO, "holdings_shares");
  const cases: readonly (readonly [string, Injury, RegExp])[] = [
    ["half of a node's csv.gz", cut(NODES, "read_data"), /^node read_data at /],
    ["half of a bar's holdings", cut(holdings), /^holdings_shares at /],
    [
      "half of the newest bar's holdings",
      (dir) => truncateSync(recordPath(dir, holdings, {at: 6}), 30),
      /^holdings_shares at /,
    ],
    ["empty holdings", emptied(holdings), /^holdings_shares at /],
    [
      "rows moved by an hour",
      edited(holdings, (text) => text.replace("-05:00", "-06:00")),
      /^times of rows of holdings_shares$/,
    ],
  ];
  it.each(cases)("%s: is told, and the rest compared", async (_name, injury, what) => {
    const whole = join(SHARED_DIR, "oracles/system/10_mock1_system_log_dir");
    const dir = await runs.copy(injury, whole);
    const {status, notCompared, layers} = await reconcileRuns(
      new RunFolder(dir),
      new RunFolder(whole),
    );
    expect(status).toBe("incomplete");
    expect(notCompared[0]?.what).toMatch(what);
    expect(layers.map((layer) => layer.status)).toEqual(new Array(7).fill("identical"));
  });
});
