import {inspect} from "node:util";
import {PLOTLY_MIME, RECORD_MIME} from "../notebook/file/nbformat.js";
import {formatColumns, type Rows, toHtmlTable, toTextTable} from "./table-view.js";
import {sendDisplay} from "./tslab-display.js";

/** The part of an arquero table that is read here. */
interface Table {
  columnNames(): string[];
  numRows(): number;
  get(column: string, row: number): unknown;
}

/** How a value is shown. */
export interface ShowOptions {
  /** Rows of a table that are shown; defaults to 20. */
  readonly limit?: number;
}

/**
 * Shows a value in the cell that runs, as one display with a text form beside it.
 *
 * A plotly figure `{data, layout}` or `{data}`, a table `{html, text}`, an arquero table or a list
 * of rows `[{name: value, …}, …]` (the first ones, with the number of all), `{html}`,
 * `{markdown}`, or any other value as text. Outside a notebook the text form is printed.
 */
export function show(value: unknown, options: ShowOptions = {}): void {
  emit(toBundle(value, options));
}

/**
 * Hands a value back to whoever runs the notebook, under a name; the last value of a name counts.
 * The value must survive JSON: NaN, infinities, functions and cycles are refused.
 *
 * @throws TypeError naming the place in the value
 */
export function record(name: string, value: unknown): void {
  checkJson(value, name, []);
  emit({[RECORD_MIME]: {name, value}, "text/plain": `${name} = ${JSON.stringify(value)}`});
}

function emit(data: Readonly<Record<string, unknown>>): void {
  if (!sendDisplay({data, metadata: {}})) {
    console.log(data["text/plain"]);
  }
}

function toBundle(value: unknown, {limit = 20}: ShowOptions): Record<string, unknown> {
  const table = isArquero(value) ? value : tableOfRows(value);
  if (table !== undefined) {
    const rows = readRows(table, limit);
    return {"text/html": toHtmlTable(rows), "text/plain": toTextTable(rows)};
  }
  if (isRecord(value)) {
    const {data, layout = {}} = value;
    if (Array.isArray(data) && isRecord(layout) && ("layout" in value || isFigure(value))) {
      // Through JSON: typed arrays become lists and dates text, as every reader expects.
      const figure: unknown = JSON.parse(JSON.stringify({data, layout}, replaceInFigure));
      return {[PLOTLY_MIME]: figure, "text/plain": figureText(layout, data.length)};
    }
    if (typeof value.html === "string") {
      const text = typeof value.text === "string" ? value.text : textOfHtml(value.html);
      return {"text/html": value.html, "text/plain": text};
    }
    if (typeof value.markdown === "string") {
      return {"text/markdown": value.markdown, "text/plain": value.markdown};
    }
  }
  return {"text/plain": typeof value === "string" ? value : inspect(value, {depth: 4})};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Without a layout: traces and what plotly takes besides, and nothing else. */
function isFigure({data, ...rest}: Record<string, unknown>): boolean {
  const isAlone = Object.keys(rest).every((key) => ["config", "frames", "layout"].includes(key));
  const isTrace = (trace: unknown) =>
    isRecord(trace) &&
    ["type", "x", "y", "z", "values", "r"].some((key) => trace[key] !== undefined);
  return isAlone && Array.isArray(data) && data.length > 0 && data.every(isTrace);
}

function isArquero(value: unknown): value is Table {
  return isRecord(value) && typeof value.toHTML === "function" && "columnNames" in value;
}

/** A list of plain objects as a table; its columns are their keys, as they first occur. */
function tableOfRows(value: unknown): Table | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isPlainObject)) {
    return undefined;
  }
  const names = [...new Set(value.flatMap((row) => Object.keys(row)))];
  return {
    columnNames: () => names,
    numRows: () => value.length,
    get: (column, row) => value[row][column],
  };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function readRows(table: Table, limit: number): Rows {
  const total = table.numRows();
  const count = Math.min(total, Math.max(0, limit));
  const names = table.columnNames();
  const columns = names.map((name) =>
    formatColumns(Array.from({length: count}, (_, row) => table.get(name, row))),
  );
  return {names, columns, count, total};
}

function replaceInFigure(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<unknown>);
  }
  return typeof value === "bigint" ? String(value) : value;
}

function figureText(layout: Record<string, unknown>, traces: number): string {
  const {title} = layout;
  const text = isRecord(title) ? title.text : title;
  const count = `${traces} trace${traces === 1 ? "" : "s"}`;
  return typeof text === "string" ? `[figure: ${text}, ${count}]` : `[figure, ${count}]`;
}

/** The readable part of markup, for a terminal. */
function textOfHtml(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, "")
    .replace(/<\/(p|div|tr|li|h[1-6])>|<br\s*\/?>/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .trim();
}

function checkJson(value: unknown, place: string, parents: readonly unknown[]): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw notJson(place, String(value));
  }
  if (!isRecord(value)) {
    const isKnown = value === null || /^(string|number|boolean)$/.test(typeof value);
    if (!isKnown) {
      throw notJson(place, `a value of type ${typeof value}`);
    }
    return;
  }
  if (parents.includes(value)) {
    throw notJson(place, "a value that holds itself");
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    throw notJson(place, `a ${String(value.constructor?.name ?? "strange object")}`);
  }
  for (const [key, inner] of Object.entries(value)) {
    checkJson(inner, `${place}.${key}`, [...parents, value]);
  }
}

function notJson(place: string, found: string): TypeError {
  const fix = "record plain numbers, texts, lists and objects";
  return new TypeError(`record ${place}: expected a JSON value, found ${found}; ${fix}`);
}
