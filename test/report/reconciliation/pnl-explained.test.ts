import {describe, expect, it} from "vitest";
import {
  PNL_PARTS,
  type PnlExplanation,
  type PnlPart,
} from "../../../src/finance/pnl/explain-pnl.js";
import {causeOf} from "../../../src/reconcile/cause/cause.js";
import type {Reconciliation} from "../../../src/reconcile/reconcile-runs.js";
import {
  divergenceRow,
  notComparedTable,
  otherCauses,
} from "../../../src/report/reconciliation/findings.js";
import {pnlExplained, pnlWaterfall} from "../../../src/report/reconciliation/pnl-explained.js";
import {type Frame, frameFromRows} from "../../../src/table/frame.js";
import {reconciliationOf} from "./sample-reconciliation.js";

const BAR = Date.UTC(2025, 8, 1, 0, 5);

/** Two bars of two instruments; what is not named is 0. */
function explained(named: Partial<Record<PnlPart, number[][]>>): PnlExplanation {
  const frame = (rows: readonly number[][]): Frame =>
    frameFromRows([BAR, BAR + 300_000], ["A", "B"], rows);
  const none = [
    [0, 0],
    [0, 0],
  ];
  const rows = PNL_PARTS.map((part) => named[part] ?? none);
  const total = none.map((row, t) =>
    row.map((_, j) => rows.reduce((sum, part) => sum + (part[t]?.[j] ?? 0), 0)),
  );
  return {
    total: frame(total),
    parts: Object.fromEntries(
      PNL_PARTS.map((part) => [part, frame(named[part] ?? none)]),
    ) as PnlExplanation["parts"],
  };
}

const PNL = explained({
  "price slippage": [
    [0, 0],
    [-5, -1],
  ],
  fees: [
    [0, 0],
    [0, 2],
  ],
});
const withPnl = (pnl: PnlExplanation): Reconciliation => reconciliationOf({}, {pnl});

describe("what the difference of PnL is made of", () => {
  it("is a waterfall of the parts there are, up to the difference", () => {
    const {data} = pnlWaterfall(withPnl(PNL)) as {data: readonly Record<string, unknown>[]};
    expect(data[0]).toMatchObject({
      type: "waterfall",
      x: ["Price slippage", "Fees", "prod − sim"],
      y: [-6, 2, -4],
      measure: ["relative", "relative", "total"],
      text: ["−$6.00", "+$2.00", "−$4.00"],
    });
  });

  it("is a table by instrument, the largest first, all of them below", () => {
    const table = pnlExplained(withPnl(PNL)) as {objects(): object[]};
    expect(table.objects()).toEqual([
      {
        Instrument: "A",
        "prod − sim ($)": "−5.00",
        "Price slippage ($)": "−5.00",
        "Fees ($)": "0.00",
      },
      {
        Instrument: "B",
        "prod − sim ($)": "1.00",
        "Price slippage ($)": "−1.00",
        "Fees ($)": "2.00",
      },
      {
        Instrument: "all",
        "prod − sim ($)": "−4.00",
        "Price slippage ($)": "−6.00",
        "Fees ($)": "2.00",
      },
    ]);
  });

  it("says that there is nothing to explain, or nothing to explain it from", () => {
    expect(pnlWaterfall(withPnl(explained({})))).toHaveProperty(
      "text",
      "prod − sim net PnL is $0: there is nothing to explain.",
    );
    expect(pnlExplained(reconciliationOf())).toHaveProperty(
      "text",
      "Not explained: holdings or trades of one run, or of both, were not recorded.",
    );
  });
});

describe("findings at a glance", () => {
  const first = {
    barEnd: BAR,
    node: "signals",
    instrument: "A",
    field: "reversal",
    prod: 1,
    sim: 2,
    absolute: -1,
    percent: -50,
    layer: "DAG nodes",
  } as const;
  const cause = causeOf(
    {name: "code or model", confidence: "likely"},
    ["It differs."],
    [["data revision", "history may have been corrected"]],
  );

  it("name cause, place and cost", () => {
    expect(divergenceRow(reconciliationOf({}, {first, cause, pnl: PNL})).text.split("\n")).toEqual([
      "Cause: code or model (likely)",
      "It cost: −$4.00 (prod − sim net PnL, most of it price slippage (−$6.00))",
      "First in: DAG nodes (signals · reversal)",
      "At bar (UTC): 2025-09-01 00:05",
      "Instrument: A",
    ]);
    expect(divergenceRow(reconciliationOf()).text).toContain("no cause to name");
  });

  it("name the other causes, and what could not be compared", () => {
    const others = otherCauses(reconciliationOf({}, {first, cause})) as {objects(): object[]};
    expect(others.objects()).toEqual([
      {"Also considered": "data revision", Why: "history may have been corrected"},
    ]);
    expect(otherCauses(reconciliationOf())).toHaveProperty("text");
    const lacking = {what: "fills", side: "prod", why: "prod did not record it"} as const;
    const table = notComparedTable(reconciliationOf({}, {notCompared: [lacking]}));
    expect((table as {objects(): object[]}).objects()).toEqual([
      {"Not compared": "fills", "Missing in": "prod", Why: "prod did not record it"},
    ]);
    expect(notComparedTable(reconciliationOf())).toHaveProperty("text");
  });
});
