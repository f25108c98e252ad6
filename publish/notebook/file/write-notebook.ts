import {writeWhole} from "../../whole-file.js";
import type {Cell, MimeBundle, Notebook, Output} from "./nbformat.js";

/**
 * Writes a notebook whole or not at all: beside its place, then renamed.
 *
 * @throws PublishError `write-failed`; what stood at `path` is then untouched
 */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await writeWhole(path, formatNotebook(notebook));
}

/**
 * The text of a notebook file of format 4.5, in the bytes that Jupyter itself writes: keys in
 * order, one space of indent, sources as lists of lines, a line break at the end.
 */
export function formatNotebook(notebook: Notebook): string {
  const {cells, metadata, nbformat, nbformat_minor} = notebook;
  const file = {
    cells: cells.map(toFileCell),
    metadata: sortKeys(metadata),
    nbformat,
    nbformat_minor,
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

function toFileCell(cell: Cell): unknown {
  const {cell_type, id, source} = cell;
  const metadata = sortKeys(cell.metadata);
  switch (cell.cell_type) {
    case "code": {
      const {execution_count, outputs} = cell;
      const shown = outputs.map(toFileOutput);
      return {cell_type, execution_count, id, metadata, outputs: shown, source: toLines(source)};
    }
    case "markdown": {
      const {attachments} = cell;
      const held = attachments === undefined ? {} : {attachments: sortKeys(attachments)};
      return {...held, cell_type, id, metadata, source: toLines(source)};
    }
    case "raw":
      return {cell_type, id, metadata, source: toLines(source)};
  }
}

function toFileOutput(output: Output): unknown {
  const {output_type} = output;
  switch (output.output_type) {
    case "stream":
      return {name: output.name, output_type, text: toLines(output.text)};
    case "error": {
      const {ename, evalue, traceback} = output;
      return {ename, evalue, output_type, traceback};
    }
    case "display_data":
      return {data: toFileBundle(output.data), metadata: output.metadata, output_type};
    case "execute_result": {
      const {data, execution_count = null, metadata} = output;
      return {data: toFileBundle(data), execution_count, metadata, output_type};
    }
  }
}

function toFileBundle(data: MimeBundle): unknown {
  const entries = Object.entries(data).map(([mime, value]) => [
    mime,
    typeof value === "string" && /^text\/|\+xml$/.test(mime) ? toLines(value) : value,
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

/** Lines with their line breaks; no line for an empty text. */
function toLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortKeys);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([key, inner]) => [key, sortKeys(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
