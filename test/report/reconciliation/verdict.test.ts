import {describe, expect, it} from "vitest";
import type {Difference} from "../../../src/reconcile/compare/difference.js";
import type {Layer, LayerName} from "../../../src/reconcile/reconcile-runs.js";
import {
  configDifferences,
  layerDifferences,
  layersTable,
} from "../../../src/report/reconciliation/layers.js";
import {verdict} from "../../../src/report/reconciliation/verdict.js";
import {reconciliationOf} from "./sample-reconciliation.js";

const BAR = Date.UTC(2025, 8, 1, 0, 5);

/** One layer that differs in one cell. */
function differing(difference: Difference): Partial<Layer> {
  const field = {field: difference.field, cells: 10, maxAbsolute: 1, maxRelative: 0.5};
  return {status: "differs", fields: [{...field, differences: [difference]}]};
}

function withFirst(layer: LayerName, difference: Difference, ...others: LayerName[]) {
  const changed = Object.fromEntries(
    [layer, ...others].map((name) => [name, differing(difference)]),
  );
  return reconciliationOf(changed, {first: {...difference, layer}});
}

const TRADE = {barEnd: BAR, instrument: "BTCUSDT", field: "holdings_shares", prod: 2, sim: 1.5};

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
    const field = {field: "x", cells: 9, maxAbsolute: 0.002, maxRelative: 2e-6, differences: []};
    const within: Partial<Layer> = {status: "within-tolerance", fields: [field]};
    const {status, text, html} = verdict(reconciliationOf({PnL: within}));
    expect(status).toBe("within-tolerance");
    expect(text).toContain("Production did what its simulation says, within the tolerance");
    expect(text).toContain("largest relative difference 0.000002 (tolerance 0.00001)");
    expect(text).toContain("largest absolute difference 0.002");
    expect(html).toContain("verdict-ok");
  });

  it("names the first difference and what it may explain", () => {
    const {status, text, html, summary} = verdict(
      withFirst("holdings", TRADE, "PnL"),
      "paper_trading",
    );
    expect(status).toBe("differs");
    expect(text).toBe(
      "Paper trading differs from its simulation, first in holdings: holdings_shares at bar " +
        "2025-09-01 00:05 UTC for BTCUSDT is 2 in prod and 1.5 in sim. " +
        "This comes before, and may explain, the differences in PnL.",
    );
    expect(html).toContain("verdict-differs");
    expect(summary.first).toEqual({
      layer: "holdings",
      bar: "2025-09-01 00:05",
      instrument: "BTCUSDT",
      field: "holdings_shares",
      prod: "2",
      sim: "1.5",
    });
  });

  it("says that a value is missing and that the runs are of different length", () => {
    const gap = {...TRADE, sim: Number.NaN};
    const found = verdict({...withFirst("PnL", gap), prodBars: 288, simBars: 287});
    expect(found.text).toContain("is 2 in prod and missing in sim. No later layer differs.");
    expect(found.text).toContain("Prod recorded 288 bars, sim 287.");
  });

  it("names a config key, which has no bar", () => {
    const key = {barEnd: Number.NaN, instrument: "", field: "a.b", prod: "1", sim: "2"};
    const {text, summary} = verdict(withFirst("config", key));
    expect(text).toContain("first in config: a.b is 1 in prod and 2 in sim.");
    expect(summary.first?.bar).toBeNull();
    expect(() => JSON.stringify(summary)).not.toThrow();
  });

  it("names a metric of the account as such", () => {
    const metric = {barEnd: BAR, instrument: "cash", field: "account", prod: 1, sim: 2};
    expect(verdict(withFirst("PnL", metric)).text).toContain(
      "first in PnL: cash at bar 2025-09-01 00:05 UTC is 1 in prod and 2 in sim.",
    );
  });

  it.each([
    [0, 0, "Nothing was recorded."],
    [3, 0, "Only paper trading recorded bars. 3 bars there, none of its simulation"],
    [0, 1, "Only the simulation recorded bars. 1 bar there, none of paper trading"],
  ])("of %i and %i bars", (prodBars, simBars, wanted) => {
    const {status, text, html} = verdict(
      reconciliationOf({}, {prodBars, simBars}),
      "paper_trading",
    );
    expect(status).toBe("missing");
    expect(text).toContain(wanted);
    expect(html).toContain("verdict-empty");
  });

  it("says which layers could not be compared", () => {
    const gone: Partial<Layer> = {status: "missing", fields: []};
    const {status, text} = verdict(reconciliationOf({"model output": gone, orders: gone}));
    expect(status).toBe("identical");
    expect(text).toContain("because neither run recorded it: model output and orders.");
  });

  it("escapes hostile names", () => {
    const hostile = {...TRADE, instrument: "<script>alert(1)</script>"};
    const {html} = verdict(withFirst("orders", hostile));
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;");
  });
});

describe("tables of a reconciliation", () => {
  it("has a row per layer, in causal order", () => {
    const rows = layersTable(withFirst("orders", TRADE)).objects() as Record<string, unknown>[];
    expect(rows.map(({Layer: name}) => name)).toEqual([
      "config",
      "market data",
      "model output",
      "target positions",
      "orders",
      "holdings",
      "PnL",
    ]);
    expect(rows[4]).toMatchObject({
      Status: "differs",
      Compared: 10,
      Differing: 1,
      "Largest difference": "1",
      "Largest relative": "0.5",
      "First at bar (UTC)": "2025-09-01 00:05",
    });
    expect(rows[1]).toMatchObject({Status: "identical", Differing: 0, "First at bar (UTC)": ""});
  });

  it("shows the first differences of a layer, or the sentence that there are none", () => {
    const many = Array.from({length: 30}, (_, i) => ({...TRADE, barEnd: BAR + 60_000 * (29 - i)}));
    const field = {field: "x", cells: 30, maxAbsolute: 1, maxRelative: 1, differences: many};
    const reconciliation = reconciliationOf({orders: {status: "differs", fields: [field]}});
    const table = layerDifferences(reconciliation, "orders", 5);
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
    expect(rows[0]).toMatchObject({prod: "2", sim: "1.5", "prod − sim": 0.5});
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
