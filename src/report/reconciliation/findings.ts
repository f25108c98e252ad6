import type {ColumnTable} from "arquero";
import {PNL_PARTS} from "../../finance/pnl/explain-pnl.js";
import {type ExplainedAmount, explainedTotal} from "../../reconcile/explain/explanation-sums.js";
import type {Reconciliation} from "../../reconcile/reconcile-runs.js";
import {formatMinute} from "../../time/epoch.js";
import {formatGain} from "../number-text.js";
import {type Kpi, kpiRow, note, type Sentence} from "../sentence.js";
import {makeTable} from "../table.js";
import {pnlName} from "./verdict.js";

/**
 * Why the runs part, where, and what it cost, as headline figures; or that they do not.
 */
export function divergenceRow({first, cause, pnl, notCompared}: Reconciliation): Sentence {
  if (first === undefined || cause === undefined) {
    return note("No difference was found: there is no cause to name.");
  }
  const {layer, barEnd, node, instrument, field} = first;
  const place = node === "" ? field : `${node} · ${field}`;
  const cost: Kpi[] = pnl === undefined ? [] : [costOf(explainedTotal(pnl), pnlName(notCompared))];
  return kpiRow([
    {label: "Cause", value: cause.name, note: cause.confidence},
    ...cost,
    {label: "First in", value: layer, note: place},
    ...(Number.isNaN(barEnd) ? [] : [{label: "At bar (UTC)", value: formatMinute(barEnd)}]),
    ...(instrument === "" ? [] : [{label: "Instrument", value: instrument}]),
  ]);
}

function costOf({total, parts}: ExplainedAmount, what: string): Kpi {
  const [largest] = [...PNL_PARTS].sort((a, b) => Math.abs(parts[b]) - Math.abs(parts[a]));
  const most =
    largest === undefined || parts[largest] === 0
      ? ""
      : Math.abs(parts[largest] - total) < 0.005
        ? `, all of it ${largest}`
        : `, most of it ${largest} (${formatGain(parts[largest], 2)})`;
  return {
    label: Math.abs(total) < 0.005 ? "Cost" : total > 0 ? "It earned" : "It cost",
    value: formatGain(total, 2),
    note: `prod − sim ${what}${most}`,
  };
}

/** What else the cause may be, and why it is less likely; or the sentence that nothing is. */
export function otherCauses({cause}: Reconciliation): ColumnTable | Sentence {
  if (cause === undefined) {
    return note("The runs do not part: there is no cause to look for.");
  }
  return cause.alternatives.length === 0
    ? note(`No other cause leaves these marks (${cause.confidence}).`)
    : makeTable({
        "Also considered": cause.alternatives.map(({name}) => name),
        Why: cause.alternatives.map(({why}) => why),
      });
}

/** What could not be compared, and why; or the sentence that everything was. */
export function notComparedTable({notCompared}: Reconciliation): ColumnTable | Sentence {
  return notCompared.length === 0
    ? note("Everything that either run recorded was compared.")
    : makeTable({
        "Not compared": notCompared.map(({what}) => what),
        "Missing in": notCompared.map(({side}) => side),
        Why: notCompared.map(({why}) => why),
      });
}
