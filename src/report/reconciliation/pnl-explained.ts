import type {ColumnTable} from "arquero";
import {PNL_PARTS, type PnlPart} from "../../finance/pnl/explain-pnl.js";
import {
  type ExplainedAmount,
  explainedByInstrument,
  explainedTotal,
} from "../../reconcile/explain/explanation-sums.js";
import type {Reconciliation} from "../../reconcile/reconcile-runs.js";
import {type Figure, MONEY_TICKS, valueAxis} from "../figure.js";
import {formatGain, formatNumber} from "../number-text.js";
import {note, type Sentence} from "../sentence.js";
import {makeTable} from "../table.js";

/** A hundredth of a cent is not worth a bar. */
const LEAST = 5e-5;

const HEADS: Readonly<Record<PnlPart, string>> = {
  "price slippage": "Price slippage",
  underfill: "Underfill",
  fees: "Fees",
  funding: "Funding",
  timing: "Timing",
  "carried position": "Carried position",
  marking: "Marking",
  unexplained: "Unexplained",
};

/**
 * The difference of net PnL as a waterfall: from the simulation's side each part adds its share, up
 * to prod − sim; or the sentence that there is none.
 */
export function pnlWaterfall(reconciliation: Reconciliation): Figure | Sentence {
  const found = explainedOf(reconciliation);
  if ("text" in found) {
    return found;
  }
  const parts = PNL_PARTS.filter((part) => Math.abs(found.parts[part]) >= LEAST);
  const amounts = [...parts.map((part) => found.parts[part]), found.total];
  return {
    data: [
      {
        type: "waterfall",
        orientation: "v",
        measure: [...parts.map(() => "relative"), "total"],
        x: [...parts.map((part) => HEADS[part]), "prod − sim"],
        y: amounts,
        text: amounts.map((amount) => formatGain(amount, 2)),
        textposition: "outside",
        cliponaxis: false,
        increasing: {marker: {color: "#1a9a6c"}},
        decreasing: {marker: {color: "#c8433a"}},
        totals: {marker: {color: "#2f80c8"}},
        connector: {line: {color: "#888888", width: 1}},
      },
    ],
    layout: {
      title: {text: "What prod − sim net PnL is made of"},
      height: 380,
      showlegend: false,
      xaxis: {type: "category"},
      yaxis: {...valueAxis("$", MONEY_TICKS), rangemode: "tozero", automargin: true},
      margin: {t: 64},
    },
  };
}

/**
 * The same for each instrument, the largest difference first, all of them below; or the sentence
 * that there is none. Parts that are nowhere are left out.
 */
export function pnlExplained(reconciliation: Reconciliation, rows = 20): ColumnTable | Sentence {
  const found = explainedOf(reconciliation);
  if ("text" in found || reconciliation.pnl === undefined) {
    return found as Sentence;
  }
  const all = explainedByInstrument(reconciliation.pnl);
  const own = all.filter(({total, parts}) =>
    [total, ...Object.values(parts)].some((amount) => Math.abs(amount) >= LEAST),
  );
  const shown = [...own.slice(0, rows), {instrument: "all", ...found}];
  const parts = PNL_PARTS.filter((part) => own.some((row) => Math.abs(row.parts[part]) >= LEAST));
  return makeTable({
    Instrument: shown.map(({instrument}) => instrument),
    "prod − sim ($)": shown.map(({total}) => cents(total)),
    ...Object.fromEntries(
      parts.map((part) => [`${HEADS[part]} ($)`, shown.map((row) => cents(row.parts[part]))]),
    ),
  });
}

function explainedOf({pnl}: Reconciliation): ExplainedAmount | Sentence {
  if (pnl === undefined) {
    return note("Not explained: holdings or trades of one run, or of both, were not recorded.");
  }
  const found = explainedTotal(pnl);
  const isNone = [found.total, ...Object.values(found.parts)].every((x) => Math.abs(x) < LEAST);
  return isNone ? note("prod − sim net PnL is $0: there is nothing to explain.") : found;
}

/** To the cent: the parts in full are in `reconciliation.json`. */
function cents(amount: number): string {
  return formatNumber(Math.abs(amount) < 0.005 ? 0 : amount, 2);
}
