import {describe, expect, it} from "vitest";
import {
  formatCount,
  formatDifference,
  formatDistance,
  formatExact,
  formatGain,
  formatMoney,
  formatNumber,
  formatPair,
  formatPercent,
  formatPValue,
  formatSmallPercent,
} from "../../src/report/number-text.js";
import {
  escapeHtml,
  kpiRow,
  listInWords,
  note,
  tableOfTexts,
  verdictBox,
} from "../../src/report/sentence.js";

describe("numbers in words", () => {
  const cases: [wanted: string, actual: string][] = [
    ["1,234,568", formatNumber(1234567.8)],
    ["−1,234.50", formatNumber(-1234.5, 2)],
    ["0.00", formatNumber(-0.001, 2)],
    ["n/a", formatNumber(Number.NaN)],
    ["−∞", formatNumber(Number.NEGATIVE_INFINITY)],
    ["$1,000,000", formatMoney(1e6)],
    ["−$12", formatMoney(-12.3)],
    ["n/a", formatMoney(Number.NaN)],
    ["+$12", formatGain(12.3)],
    ["−$12", formatGain(-12.3)],
    ["$0", formatGain(0.2)],
    ["1.25%", formatPercent(1.25)],
    ["n/a", formatPercent(Number.NaN)],
    ["0.0018%", formatSmallPercent(0.0018)],
    ["−0.10%", formatSmallPercent(-0.1)],
    ["0.00%", formatSmallPercent(0)],
    ["n/a", formatSmallPercent(Number.NaN)],
    ["1 bar", formatCount(1, "bar")],
    ["2,000 bars", formatCount(2000, "bar")],
    ["0", formatDistance(0)],
    ["1.23e-9", formatDistance(1.2345e-9)],
    ["5,120", formatDistance(5120.4)],
    ["n/a", formatDistance(Number.NaN)],
    ["one side only", formatDistance(Number.POSITIVE_INFINITY)],
    ["0.1", formatExact(0.1)],
    ["missing", formatExact(Number.NaN)],
    ["none", formatExact("none")],
    ["0.044", formatPValue(0.0441, 3)],
    ["<0.001", formatPValue(1.4e-7, 3)],
    ["<0.01", formatPValue(0.0049, 2)],
    ["0.00", formatPValue(0, 2)],
    ["n/a", formatPValue(Number.NaN, 2)],
    ["−248,750", formatDifference(-248_750)],
    ["0.3762", formatDifference(0.37616333)],
    ["−7.96e-9", formatDifference(-7.96e-9)],
    ["", formatDifference(Number.NaN)],
  ];
  it.each(cases)("%s", (wanted, actual) => {
    expect(actual).toBe(wanted);
  });
});

describe("two values side by side", () => {
  it.each<[string, number | string, number | string, [string, string]]>([
    ["usual digits", 0.306016529, -0.0755613511306, ["0.306017", "−0.0755614"]],
    [
      "as many as tell them apart",
      1.00001234567,
      1.00001234123,
      ["1.00001234567", "1.00001234123"],
    ],
    ["12 at most", 0.1, 0.1 + 1e-15, ["0.1", "0.1"]],
    ["whole numbers in full", -90_946, 1_234_567, ["−90,946", "1,234,567"]],
    ["money to what differs", -25_151.2566339, -25_173.6083529, ["−25,151.26", "−25,173.61"]],
    ["the very small", -2.5e-7, 0, ["−2.5e-7", "0"]],
    ["one of them missing", Number.NaN, 1293.4567891, ["missing", "1,293.46"]],
    ["words", "buy", "sell", ["buy", "sell"]],
  ])("have %s", (_name, prod, sim, wanted) => {
    expect(formatPair(prod, sim)).toEqual(wanted);
  });
});

describe("sentences", () => {
  it("never part a sign from its money", () => {
    const {html, text} = verdictBox("differs", "It is −$5.", "And −$1,000, −3 %.");
    expect(html).toContain("It is −\u2060$5.</strong> And −\u2060$1,000, −3 %.");
    expect(text).toBe("It is −$5. And −$1,000, −3 %.");
  });

  const hostile = `<img src=x onerror="alert('1')">&amp;`;
  const escaped = "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;";

  it("escapes what could be markup", () => {
    expect(escapeHtml(hostile)).toBe(escaped);
  });

  it.each([
    ["a note", note(hostile)],
    ["a verdict", verdictBox("ok", hostile, hostile)],
    ["a figure", kpiRow([{label: hostile, value: hostile, note: hostile}])],
    [
      "a table",
      tableOfTexts([
        [hostile, "b"],
        ["c", hostile],
      ]),
    ],
  ])("shows a hostile name as text in %s", (_name, {html, text}) => {
    expect(html).not.toContain("<img");
    expect(html).toContain(escaped);
    expect(text).toContain(hostile);
  });

  it("says a verdict in its class and in words", () => {
    const {html, text} = verdictBox("differs", "It differs:", "by 1.");
    expect(html).toBe(
      '<div class="verdict verdict-differs"><strong>It differs:</strong> by 1.</div>',
    );
    expect(text).toBe("It differs: by 1.");
  });

  it("puts numbers to the right of a table", () => {
    const {html, text} = tableOfTexts([
      ["Name", "$"],
      ["a", "1.00"],
      ["bb", "12.00"],
    ]);
    expect(html).toContain('<th>Name</th><th class="num">$</th>');
    expect(html).toContain('<td>bb</td><td class="num">12.00</td>');
    expect(text).toBe("Name      $\na      1.00\nbb    12.00");
  });

  it.each([
    [[], ""],
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
  ])("lists %j", (names, wanted) => {
    expect(listInWords(names)).toBe(wanted);
  });
});
