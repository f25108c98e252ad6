import type {ColumnTable} from "arquero";
import type {Difference, DifferenceTable} from "../../reconcile/compare/difference.js";
import {differencesOf} from "../../reconcile/compare/difference.js";
import type {Layer, LayerName} from "../../reconcile/layers/layer.js";
import type {Reconciliation} from "../../reconcile/reconcile-runs.js";
import {formatMinute} from "../../time/epoch.js";
import {formatUtc} from "../../time/utc-text.js";
import {
  formatCount,
  formatDifference,
  formatDistance,
  formatExact,
  formatNumber,
  formatPair,
} from "../number-text.js";
import {note, type Sentence} from "../sentence.js";
import {makeTable} from "../table.js";

const STATUS_TEXT: Readonly<Record<Layer["status"], string>> = {
  identical: "identical",
  "within-tolerance": "within tolerance",
  differs: "differs",
  missing: "not recorded",
};

const SAME_CONFIG = "The configs are the same in every key that decides what a run does.";

/** Every layer in causal order: how it compares, over how many values, and how far apart. */
export function layersTable({layers}: Reconciliation): ColumnTable {
  return makeTable({
    Layer: layers.map(({name}) => name),
    Status: layers.map(({status}) => STATUS_TEXT[status]),
    Compared: layers.map(cellsOf),
    Differing: layers.map(({differences}) => differences.length),
    "First at bar (UTC)": layers.map(({first}) => barText(first?.barEnd ?? Number.NaN)),
    Largest: layers.map((layer) => distanceText(layer, "maxAbsolute")),
    "Largest (%)": layers.map(({largest}) => percentText(largest?.percent)),
    "Largest in": layers.map(({largest}) => (largest === undefined ? "" : placeText(largest))),
  });
}

/**
 * What differs in one layer, in causal order, at most `rows` of it; or the sentence that nothing
 * does.
 */
export function layerDifferences(
  {layers, tolerance}: Reconciliation,
  name: LayerName,
  rows = 20,
): ColumnTable | Sentence {
  const layer = layers.find((candidate) => candidate.name === name) as Layer;
  return layer.differences.length === 0
    ? note(agreementText(layer, tolerance))
    : differencesTable(layer.differences, rows);
}

/** The config keys that differ, or the sentence that none does. */
export function configDifferences({config}: Reconciliation): ColumnTable | Sentence {
  if (config.length === 0) {
    return note(SAME_CONFIG);
  }
  const side = (k: number): string[] =>
    config.map(({values}) => (values[k] === undefined ? "not set" : JSON.stringify(values[k])));
  return makeTable({Key: config.map(({path}) => path), prod: side(0), sim: side(1)});
}

function differencesTable(table: DifferenceTable, rows: number): ColumnTable {
  const differences = differencesOf(table, rows);
  const sides = differences.map(sideTexts);
  const hasNodes = differences.some(({node}) => node !== "");
  return makeTable({
    "Bar (UTC)": differences.map(({barEnd}) => barText(barEnd)),
    ...(hasNodes ? {Node: differences.map(({node}) => node)} : {}),
    Instrument: differences.map(({instrument}) => instrument),
    Field: differences.map(({field}) => field),
    prod: sides.map(([prod]) => prod),
    sim: sides.map(([, sim]) => sim),
    "prod − sim": differences.map(({absolute}) => formatDifference(absolute)),
    "%": differences.map(({percent}) => percentText(percent)),
  });
}

/** Both values of a row, with the digits that tell them apart. */
function sideTexts({prod, sim, field}: Difference): [string, string] {
  return isTimeField(field) ? [cellText(prod, field), cellText(sim, field)] : formatPair(prod, sim);
}

/** Node, field and instrument of a difference, as far as it has them. */
function placeText({
  node,
  field,
  instrument,
}: Readonly<Record<"node" | "field" | "instrument", string>>): string {
  return [node, field, instrument].filter((part) => part !== "").join(" · ");
}

function percentText(percent: number | undefined): string {
  return percent === undefined || Number.isNaN(percent)
    ? ""
    : formatNumber(percent, Math.abs(percent) < 1_000 ? 3 : 0);
}

/** Times are instants, to the second; every other value shows all its digits. */
export function cellText(value: number | string, field: string): string {
  const isTime = isTimeField(field) && typeof value === "number";
  return isTime && !Number.isNaN(value) ? formatUtc(value).slice(0, 19) : formatExact(value);
}

function isTimeField(field: string): boolean {
  return field === "order_start" || field === "order_end";
}

function agreementText(layer: Layer, tolerance: number): string {
  if (layer.status === "missing") {
    return `Not compared: neither run recorded ${layer.name}.`;
  }
  if (layer.name === "config") {
    return SAME_CONFIG;
  }
  const cells = formatCount(cellsOf(layer), "value");
  if (layer.status === "identical") {
    return `Identical: ${cells} compared, largest difference 0.`;
  }
  const limit = formatDistance(tolerance);
  const relative = formatDistance(maxOf(layer, "maxRelative"));
  return `Within ${limit}: ${cells} compared, largest relative difference ${relative}.`;
}

/** NaN for the config, of which only what differs is known. */
function cellsOf({name, fields}: Layer): number {
  return name === "config" ? Number.NaN : fields.reduce((sum, {cells}) => sum + cells, 0);
}

function maxOf({fields}: Layer, which: "maxAbsolute" | "maxRelative"): number {
  return Math.max(0, ...fields.map((field) => field[which]));
}

/** Config values are alike or not; there is no distance between them. */
function distanceText(layer: Layer, which: "maxAbsolute" | "maxRelative"): string {
  return layer.name === "config" ? "" : formatDistance(maxOf(layer, which));
}

function barText(barEnd: number): string {
  return Number.isNaN(barEnd) ? "" : formatMinute(barEnd);
}
