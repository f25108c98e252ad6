import {table} from "arquero";
import {afterEach, describe, expect, it, vi} from "vitest";
import {record, show} from "../../../publish/show/show.js";
import {formatColumns, toHtmlTable} from "../../../publish/show/table-view.js";

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is printed where there is no kernel. */
function printed(use: () => void): string {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  log.mockClear();
  use();
  return log.mock.calls.map((call) => call.join(" ")).join("\n");
}

describe("show outside a notebook", () => {
  const cases: [name: string, value: unknown, wanted: string][] = [
    ["a text", "hello", "hello"],
    ["a number", 1.5, "1.5"],
    ["nothing", undefined, "undefined"],
    ["an object", {a: [1, {b: 2}]}, "{ a: [ 1, { b: 2 } ] }"],
    ["markdown", {markdown: "*a*"}, "*a*"],
    ["HTML", {html: "<h1>T</h1><p>a &lt; b<br>c</p><script>x()</script>"}, "T\na < b\nc"],
    ["a table in both forms", {html: "<table></table>", text: "a  b"}, "a  b"],
    ["a figure", {data: [{y: [1]}], layout: {title: {text: "PnL"}}}, "[figure: PnL, 1 trace]"],
    ["a list of rows as a table", [{a: 1}, {a: 2.5, b: "x"}], "   a  b\n1.00\n2.50  x"],
    ["days as days", [{t: new Date(0)}, {t: new Date(86_400_000)}], "t\n1970-01-01\n1970-01-02"],
    [
      "times as far as they go",
      [{t: new Date(0), u: new Date(60_000), v: new Date(1_250)}],
      "t           u (UTC)           v (UTC)\n" +
        "1970-01-01  1970-01-01 00:01  1970-01-01 00:00:01.250",
    ],
    [
      "times whose head says where they are",
      [{"utc time": new Date(60_000), "bar end, UTC": new Date(60_000)}],
      "utc time          bar end, UTC\n1970-01-01 00:01  1970-01-01 00:01",
    ],
    ["a figure that has no layout", {data: [{x: [1], y: [2]}]}, "[figure, 1 trace]"],
    ["data that is no figure", {data: [{id: 1}]}, "{ data: [ { id: 1 } ] }"],
    [
      "an answer with data in it",
      {data: [{type: "order"}], total: 1},
      "{ data: [ { type: 'order' } ], total: 1 }",
    ],
    ["a list of other things as text", [{a: 1}, 2], "[ { a: 1 }, 2 ]"],
    ["an empty list as text", [], "[]"],
    ["a figure without title", {data: [{}, {}], layout: {}}, "[figure, 2 traces]"],
  ];
  it.each(cases)("prints %s", (_name, value, wanted) => {
    expect(printed(() => show(value))).toBe(wanted);
  });

  it.each<[name: string, values: number[], wanted: string[]]>([
    ["whole numbers", [1_500_000, 0, -3], ["1,500,000", "0", "-3"]],
    ["large and small", [1500000.5, 0.004, -3.5], ["1,500,000.500", "0.004", "-3.500"]],
    ["far too small for the others", [1e-12, 2.5], ["1e-12", "2.50"]],
    ["small, with digits", [-1.23456e-9, 0, 2.5], ["-1.23e-9", "0.00", "2.50"]],
    ["all small", [0.00001234, 0.00002], ["0.00001234", "0.00002000"]],
    ["one share", [0.12], ["0.12"]],
    ["sums that floating point left", [0.1 + 0.2, 0.1], ["0.30", "0.10"]],
    ["six digits of a price", [64123.456789], ["64,123.46"]],
    ["a third", [1 / 3], ["0.333333"]],
    ["beyond groups", [1.5e300, 0.25], ["1.5e+300", "0.25"]],
    ["no number", [Number.NaN, Number.POSITIVE_INFINITY, 0.5], ["", "Infinity", "0.50"]],
  ])("%s", (_name, values, wanted) => {
    const [, ...rows] = printed(() => show(values.map((v) => ({v})))).split("\n");
    expect(rows.map((row) => row.trim())).toEqual(wanted);
  });

  it("no number is misstated by more than a twentieth", () => {
    let state = 7;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    for (let i = 0; i < 300; ++i) {
      const values = Array.from({length: 4}, () => (random() - 0.5) * 10 ** (random() * 30 - 15));
      const [, ...rows] = printed(() => show(values.map((v) => ({v})))).split("\n");
      rows.forEach((row, at) => {
        const value = values[at] as number;
        const shown = Number(row.replaceAll(",", ""));
        expect(Math.abs(shown - value), `${value}`).toBeLessThanOrEqual(0.05 * Math.abs(value));
      });
    }
  });

  it("prints a table with its numbers aligned and the number of all rows", () => {
    const rows = table({
      id: ["BTC", "ETH", null],
      pnl: [1234.5, -0.25, Number.NaN],
      n: [1, 20_000, 3],
    });
    expect(printed(() => show(rows))).toBe(
      [
        "id        pnl       n",
        "BTC  1,234.50       1",
        "ETH     -0.25  20,000",
        "                    3",
      ].join("\n"),
    );
    expect(printed(() => show(rows, {limit: 1}))).toContain("showing 1 of 3 rows");
  });
});

it("texts that are numbers stand as numbers, other texts as text", () => {
  const rows = table({
    layer: ["orders", "PnL"],
    worst: ["0.5", "1,234.25"],
    share: ["−1.5 %", ""],
    gain: ["+$12", "$1,000"],
    held: ["missing", "−1,293"],
    day: ["2025-09-01", "1"],
  });
  expect(printed(() => show(rows))).toBe(
    [
      "layer      worst   share    gain     held  day",
      "orders       0.5  −1.5 %    +$12  missing  2025-09-01",
      "PnL     1,234.25          $1,000   −1,293  1",
    ].join("\n"),
  );
});

it("a sentence in a table is broken into lines, a short text is not", () => {
  const columns = [["why"], ["x".repeat(61)]].map(formatColumns);
  const html = toHtmlTable({names: ["a", "b"], columns, count: 1, total: 1});
  expect(html).toContain(`<td>why</td><td class="long">${"x".repeat(61)}</td>`);
});

describe("record", () => {
  it("prints the value outside a notebook", () => {
    expect(printed(() => record("pnl", {total: 1}))).toBe('pnl = {"total":1}');
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const bad: [name: string, value: unknown, message: string][] = [
    ["NaN", {a: [Number.NaN]}, "record r.a.0: expected a JSON value, found NaN"],
    ["a function", () => {}, "found a value of type function"],
    ["nothing", undefined, "found a value of type undefined"],
    ["a date", {at: new Date(0)}, "record r.at: expected a JSON value, found a Date"],
    ["a typed array", new Float64Array(2), "found a Float64Array"],
    ["a cycle", cyclic, "record r.0: expected a JSON value, found a value that holds itself"],
  ];
  it.each(bad)("refuses %s", (_name, value, message) => {
    expect(() => record("r", value)).toThrow(message);
  });
});
