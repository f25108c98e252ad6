import type {Figure} from "./figure.js";

type Trace = Figure["data"][number];

/**
 * True when there is nothing to see in the whole figure: no trace, or none that draws a point. A
 * figure without traces that only says something is not blank; neither is one whose menus, sliders
 * or legend show traces that are hidden at first.
 */
export function isBlank(figure: Figure): boolean {
  const {data, layout} = figure;
  if (data.length > 0) {
    const canShow = [layout.updatemenus, layout.sliders].some(Array.isArray);
    return data.every((trace) => (isHidden(trace, figure) && !canShow) || drawsNothing(trace));
  }
  return ![layout.annotations, layout.shapes, layout.images].some(Array.isArray);
}

/** Hidden, and not to be shown by a click on the legend. */
function isHidden(trace: Trace, {data, layout}: Figure): boolean {
  if (trace.visible !== "legendonly") return trace.visible === false;
  if (layout.showlegend === false || trace.showlegend === false) return true;
  // Unasked, plotly draws a legend for two traces, or for one whose parts it lists.
  const named = data.filter(({visible, showlegend}) => visible !== false && showlegend !== false);
  const isAsked = layout.showlegend === true || trace.showlegend === true;
  return !isAsked && named.length === 1 && !["pie", "funnelarea"].includes(String(trace.type));
}

/** What gives a point its place; of each that a trace has it needs a value. */
const coordinates = [
  ..."xyzabcruvw",
  ...["theta", "real", "imag", "lat", "lon", "locations", "values"],
  ...["open", "high", "low", "close", "q1", "median"],
];
/** What draws without a place. */
const contents = [
  ...["labels", "dimensions", "node", "link", "cells", "header", "value", "delta"],
  "source", // an address of an image
];

function drawsNothing(trace: Trace): boolean {
  const given = coordinates.flatMap((key) => listOf(trace[key]) ?? []);
  if (given.length === 0) return !contents.some((key) => hasValue(trace[key]));
  if (!given.every((list) => list.some(hasValue))) return true;
  if (given.some((list) => list.some(Array.isArray))) return false; // a grid, or nested categories
  const [first = [], ...others] = given;
  return !first.some((value, i) => [value, ...others.map((list) => list[i])].every(hasValue));
}

/** Arrays and objects at any depth; a text that is not empty counts, as a date or category. */
function hasValue(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  const list = listOf(value)?.[0];
  if (list !== undefined) return list.some(hasValue);
  if (typeof value === "object" && value !== null) return Object.values(value).some(hasValue);
  return value !== "" && value !== null && value !== undefined;
}

/** The values of an array, or of one that plotly packed, as the only item of a list. */
function listOf(value: unknown): [readonly unknown[]] | undefined {
  if (Array.isArray(value)) return [value];
  if (typeof value !== "object" || value === null || !("bdata" in value)) return undefined;
  const {bdata, dtype} = value as {bdata: unknown; dtype?: unknown};
  return [unpacked(String(bdata), String(dtype))];
}

const packings = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  u1: Uint8Array,
  u1c: Uint8ClampedArray,
  u2: Uint16Array,
  u4: Uint32Array,
};

function unpacked(base64: string, dtype: string): number[] {
  const Packing = Object.hasOwn(packings, dtype) ? packings[dtype as keyof typeof packings] : null;
  if (Packing === null) return [];
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));
  const count = Math.floor(bytes.length / Packing.BYTES_PER_ELEMENT);
  return Array.from(new Packing(bytes.buffer, 0, count));
}
