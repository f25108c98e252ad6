import {PNL_PARTS} from "../../finance/pnl/explain-pnl.js";
import {toIso} from "../../time/epoch.js";
import type {CauseName, Confidence} from "../cause/cause.js";
import type {Difference} from "../compare/difference.js";
import {explainedByInstrument, explainedTotal} from "../explain/explanation-sums.js";
import type {Layer, LayerName} from "../layers/layer.js";
import type {Reconciliation, ReconciliationStatus} from "../reconcile-runs.js";

/** A value of one run that the other does not have alike. */
export interface DifferenceJson {
  /** ISO 8601; null in the config. */
  readonly bar: string | null;
  readonly node: string;
  readonly instrument: string;
  readonly field: string;
  readonly prod: number | string | null;
  readonly sim: number | string | null;
  readonly absolute: number | null;
  readonly percent: number | null;
}

/** Money, and what it is made of by part. */
export interface AmountJson {
  readonly total: number;
  readonly parts: Readonly<Record<string, number>>;
}

/** The content of `reconciliation.json`; `docs/reconciliation.schema.json` describes each field. */
export interface ReconciliationJson {
  /** Raised when a field changes its meaning or goes; a new field leaves it as it is. */
  readonly version: 1;
  readonly status: ReconciliationStatus;
  readonly sentence: string;
  readonly tolerance: {readonly relative: number; readonly percent: number};
  readonly bars: {readonly prod: number; readonly sim: number};
  readonly first_divergence: (DifferenceJson & {readonly layer: LayerName}) | null;
  readonly cause: {
    readonly name: CauseName;
    readonly confidence: Confidence;
    readonly evidence: readonly string[];
    readonly alternatives: readonly {readonly name: CauseName; readonly why: string}[];
  } | null;
  readonly layers: readonly {
    readonly name: LayerName;
    readonly status: Layer["status"];
    readonly compared: number;
    readonly differing: number;
    readonly largest: DifferenceJson | null;
    readonly first: DifferenceJson | null;
  }[];
  readonly pnl_explained:
    | (AmountJson & {readonly instruments: readonly (AmountJson & {readonly instrument: string})[]})
    | null;
  readonly not_compared: readonly {
    readonly what: string;
    readonly side: "prod" | "sim" | "both";
    readonly why: string;
  }[];
}

/**
 * A reconciliation as plain JSON; its schema is `docs/reconciliation.schema.json`.
 *
 * @param sentence the verdict in words
 */
export function reconciliationJson(
  reconciliation: Reconciliation,
  sentence: string,
): ReconciliationJson {
  const {status, tolerance, prodBars, simBars, first, cause, layers, pnl, notCompared} =
    reconciliation;
  return {
    version: 1,
    status,
    sentence,
    tolerance: {relative: tolerance, percent: 100 * tolerance},
    bars: {prod: prodBars, sim: simBars},
    first_divergence: first === undefined ? null : {layer: first.layer, ...differenceJson(first)},
    cause: cause ?? null,
    layers: layers.map(layerJson),
    pnl_explained:
      pnl === undefined
        ? null
        : {
            ...amountJson(explainedTotal(pnl)),
            instruments: explainedByInstrument(pnl).map(({instrument, ...amount}) => ({
              instrument,
              ...amountJson(amount),
            })),
          },
    not_compared: notCompared,
  };
}

function layerJson({name, status, fields, differences, largest, first}: Layer) {
  return {
    name,
    status,
    compared: fields.reduce((sum, {cells}) => sum + cells, 0),
    differing: differences.length,
    largest: largest === undefined ? null : differenceJson(largest),
    first: first === undefined ? null : differenceJson(first),
  };
}

function differenceJson({barEnd, node, instrument, field, ...rest}: Difference) {
  return {
    bar: Number.isNaN(barEnd) ? null : toIso(barEnd),
    node,
    instrument,
    field,
    prod: cellJson(rest.prod),
    sim: cellJson(rest.sim),
    absolute: finite(rest.absolute),
    percent: finite(rest.percent),
  };
}

function amountJson({total, parts: amounts}: ReturnType<typeof explainedTotal>) {
  const named = PNL_PARTS.map((part) => [part.replaceAll(" ", "_"), amounts[part]]);
  return {total, parts: Object.fromEntries(named) as Record<string, number>};
}

function cellJson(value: number | string): number | string | null {
  return typeof value === "string" ? value : finite(value);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
