/** What the door names of a reconciliation: layers, differences, cause, PnL explained, JSON. */

export {PNL_PARTS, type PnlExplanation, type PnlPart} from "../finance/pnl/explain-pnl.js";
export {
  CAUSES,
  type Cause,
  type CauseName,
  type Confidence,
  type Divergence,
} from "./cause/cause.js";
export {
  type Difference,
  type DifferenceTable,
  differencesOf,
  type FieldComparison,
} from "./compare/difference.js";
export {
  type ReconciliationJson,
  reconciliationJson,
} from "./json/reconciliation-json.js";
export {LAYERS, type Layer, type LayerName} from "./layers/layer.js";
export {
  type Reconciliation,
  type ReconciliationStatus,
  reconcileRuns,
} from "./reconcile-runs.js";
export type {NotCompared} from "./record/recorded-side.js";
