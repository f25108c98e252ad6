import {describe, expect, it} from "vitest";
import {PNL_PARTS, type PnlExplanation} from "../../../src/finance/pnl/explain-pnl.js";
import {causeOf} from "../../../src/reconcile/cause/cause.js";
import {type Difference, DifferenceList} from "../../../src/reconcile/compare/difference.js";
import type {Layer, LayerName} from "../../../src/reconcile/layers/layer.js";
import {
  configDifferences,
  layerDifferences,
  layersTable,
} from "../../../src/report/reconciliation/layers.js";
import {verdict} from "../../../src/report/reconciliation/verdict.js";
import {reconciliationOf} from "./sample-reconciliation.js";

const BAR = Date.UTC(2025, 8, 1, 0, 5);

/** A layer that differs in these cells. */
function differing(...rows: readonly Difference[]): Partial<Layer> {
  const found = new DifferenceList();
  for (const row of rows) {
    found.add(row, row.prod, row.sim);
  }
  const [first] = rows;
  const field = {node: "", field: first?.field ?? "", cells: 10, differing: rows.length};
  return {
    status: "differs",
    fields: [{...field, maxAbsolute: 1, maxRelative: 0.5}],
    differences: found.table(),
    ...(first === undefined ? {} : {first, largest: first}),
  };
}

function withFirst(layer: LayerName, difference: Difference, ...others: LayerName[]) {
  const changed = Object.fromEntries(
    [layer, ...others].map((name) => [name, differing(difference)]),
  );
  const first = {...difference, layer};
  const cause = causeOf({name: "fill model", confidence: "certain"}, ["The orders agree."]);
  return reconciliationOf(changed, {status: "differs", first, cause});
}

const TRADE: Difference = {
  barEnd: BAR,
  node: "",
  instrument: "BTCUSDT",
  field: "holdings_shares",
  prod: 2,
  sim: 1.5,
  absolute: 0.5,
  percent: 100 / 3,
};

describe("verdict", () => {
  it("says that nothing differs", () => {
    const {status, text, html, summary} = verdict(reconciliationOf(), "paper_trading");
    expect(status).toBe("identical");
    expect(text).toBe(
      "Paper trading did exactly what its simulation says: 288 bars, largest difference 0.",
    );
    expect(html).toContain("verdict-ok");
    expect(summary).toEqual({status, sentence: text, html});
  });

  it("says how far apart the runs are, within the tolerance", () => {
    const field = {node: "", field: "x", cells: 9, differing: 0};
    const within: Partial<Layer> = {
      status: "within-tolerance",
      fields: [{...field, maxAbsolute: 0.002, maxRelative: 2e-6}],
    };
    const {status, text, html} = verdict(reconciliationOf({PnL: within}));
    expect(status).toBe("within-tolerance");
    expect(text).toContain("Production did what its simulation says, within the tolerance");
    expect(text).toContain("largest relative difference 0.000002 (tolerance 0.00001)");
    expect(text).toContain("largest absolute difference 0.002");
    expect(html).toContain("verdict-ok");
  });

  it("names the cause, the first difference, what follows and what it cost", () => {
    const index = Float64Array.of(BAR);
    const none = {index, columns: ["BTCUSDT"], data: [Float64Array.of(0)]};
    const cost = {...none, data: [Float64Array.of(-12.5)]};
    const parts = Object.fromEntries(PNL_PARTS.map((part) => [part, none]));
    const pnl = {total: cost, parts: {...parts, underfill: cost}} as unknown as PnlExplanation;
    const {status, text, html, summary} = verdict(
      {...withFirst("holdings", TRADE, "PnL"), pnl},
      "paper_trading",
    );
    expect(status).toBe("differs");
    expect(text).toBe(
      "Paper trading differs from its simulation: orders were filled otherwise; it cost $12.50. " +
        "First in holdings: holdings_shares at bar 2025-09-01 00:05 UTC for BTCUSDT is 2 in prod " +
        "and 1.5 in sim. The orders agree. PnL differs as well.",
    );
    expect(html).toContain("verdict-differs");
    expect(summary.first).toEqual({
      layer: "holdings",
      node: "",
      bar: "2025-09-01 00:05",
      instrument: "BTCUSDT",
      field: "holdings_shares",
      prod: "2",
      sim: "1.5",
    });
    expect(summary.cause).toEqual({
      name: "fill model",
      confidence: "certain",
      evidence: ["The orders agree."],
    });
    expect(summary.cost).toBe(-12.5);
  });

  it.each([
    ["certain", 0, "market data were corrected; net PnL is the same."],
    ["likely", 3, "probably market data were corrected; it earned $3.00 more."],
    ["possible", -0.006, "perhaps market data were corrected; it cost $0.01."],
  ] as const)("is as sure as its cause, and says what it came to: %s", (confidence, gain, says) => {
    const index = Float64Array.of(BAR);
    const total = {index, columns: ["BTCUSDT"], data: [Float64Array.of(gain)]};
    const parts = Object.fromEntries(PNL_PARTS.map((part) => [part, total]));
    const pnl = {total, parts} as unknown as PnlExplanation;
    const cause = causeOf({name: "data revision", confidence}, []);
    const {text} = verdict({...withFirst("market data", TRADE), pnl, cause});
    expect(text).toContain(`differs from its simulation: ${says} First in`);
  });

  it("says that a value is missing and that the runs are of different length", () => {
    const gap = {...TRADE, sim: Number.NaN};
    const found = verdict({...withFirst("PnL", gap), prodBars: 288, simBars: 287});
    expect(found.text).toContain("is 2 in prod and missing in sim.");
    expect(found.text).toContain("No other layer differs.");
    expect(found.text).toContain("Prod recorded 288 bars, sim 287.");
  });

  it("names a config key, which has no bar", () => {
    const key = {...TRADE, barEnd: Number.NaN, instrument: "", field: "a.b", prod: "1", sim: "2"};
    const {text, summary} = verdict(withFirst("config", key));
    expect(text).toContain("First in config: a.b is 1 in prod and 2 in sim.");
    expect(summary.first?.bar).toBeNull();
    expect(() => JSON.stringify(summary)).not.toThrow();
  });

  it("names the node, and a metric of the account as such", () => {
    const node = {...TRADE, node: "signals", field: "reversal"};
    expect(verdict(withFirst("DAG nodes", node)).text).toContain(
      "First in DAG nodes: reversal of node signals at bar 2025-09-01 00:05 UTC for BTCUSDT is 2",
    );
    const metric = {...TRADE, instrument: "", field: "cash"};
    expect(verdict(withFirst("PnL", metric)).text).toContain(
      "First in PnL: cash at bar 2025-09-01 00:05 UTC is 2 in prod and 1.5 in sim.",
    );
  });

  it("never calls a part the whole", () => {
    const lacking = {what: "fills", side: "prod", why: "prod did not record it"} as const;
    const {status, text, html} = verdict(
      reconciliationOf({}, {status: "incomplete", notCompared: [lacking]}),
    );
    expect(status).toBe("incomplete");
    expect(text).toBe(
      "Production did what its simulation says, as far as it can be compared: 288 bars, no " +
        "difference. Not compared: fills (prod did not record it).",
    );
    expect(html).toContain("verdict-empty");
  });

  it.each([
    [0, 0, "Nothing was recorded."],
    [3, 0, "Only paper trading recorded bars. 3 bars there, none of its simulation"],
    [0, 1, "Only the simulation recorded bars. 1 bar there, none of paper trading"],
  ])("of %i and %i bars", (prodBars, simBars, wanted) => {
    const {status, text, html} = verdict(
      reconciliationOf({}, {prodBars, simBars, status: "missing"}),
      "paper_trading",
    );
    expect(status).toBe("missing");
    expect(text).toContain(wanted);
    expect(html).toContain("verdict-empty");
  });

  it("says what agrees of a run whose account is not there", () => {
    const notCompared = [
      {what: "statistics", side: "prod", why: "prod did not record it"} as const,
    ];
    const {status, text} = verdict(
      reconciliationOf({}, {prodBars: 0, simBars: 24, status: "incomplete", notCompared}),
    );
    expect(status).toBe("incomplete");
    expect(text).toContain("as far as it can be compared: 0 and 24 bars, no difference.");
  });

  it("says which layers could not be compared", () => {
    const gone: Partial<Layer> = {status: "missing", fields: []};
    const {status, text} = verdict(reconciliationOf({"DAG nodes": gone, "orders and fills": gone}));
    expect(status).toBe("identical");
    expect(text).toContain("because neither run recorded it: DAG nodes and orders and fills.");
  });

  it("escapes hostile names", () => {
    const hostile = {...TRADE, instrument: "<script>alert(1)</script>"};
    const {html} = verdict(withFirst("orders and fills", hostile));
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;");
  });
});

describe("tables of a reconciliation", () => {
  it("has a row per layer, in causal order", () => {
    const rows = layersTable(withFirst("orders and fills", TRADE)).objects() as Record<
      string,
      unknown
    >[];
    expect(rows.map(({Layer: name}) => name)).toEqual([
      "config",
      "market data",
      "DAG nodes",
      "target positions",
      "orders and fills",
      "holdings",
      "PnL",
    ]);
    expect(rows[4]).toMatchObject({
      Status: "differs",
      Compared: 10,
      Differing: 1,
      Largest: "1",
      "Largest (%)": "33.333",
      "Largest in": "holdings_shares · BTCUSDT",
      "First at bar (UTC)": "2025-09-01 00:05",
    });
    expect(rows[1]).toMatchObject({Status: "identical", Differing: 0, "First at bar (UTC)": ""});
  });

  it("shows the first differences of a layer, or the sentence that there are none", () => {
    const many = Array.from({length: 30}, (_, i) => ({...TRADE, barEnd: BAR + 60_000 * (29 - i)}));
    const reconciliation = reconciliationOf({"orders and fills": differing(...many)});
    const table = layerDifferences(reconciliation, "orders and fills", 5);
    if (!("objects" in table)) {
      throw new Error("expected a table");
    }
    const rows = table.objects() as Record<string, unknown>[];
    expect(rows.map((row) => row["Bar (UTC)"])).toEqual([
      "2025-09-01 00:05",
      "2025-09-01 00:06",
      "2025-09-01 00:07",
      "2025-09-01 00:08",
      "2025-09-01 00:09",
    ]);
    expect(rows[0]).toMatchObject({prod: "2", sim: "1.5", "prod − sim": "0.5", "%": "33.333"});
    expect(layerDifferences(reconciliation, "PnL")).toMatchObject({
      text: "Identical: 10 values compared, largest difference 0.",
    });
  });

  it("shows config keys side by side", () => {
    const config = [{path: "a.b", values: [1, undefined]}];
    const table = configDifferences(reconciliationOf({}, {config}));
    expect("objects" in table && table.objects()).toEqual([
      {Key: "a.b", prod: "1", sim: "not set"},
    ]);
    expect(configDifferences(reconciliationOf())).toHaveProperty("text");
  });
});
