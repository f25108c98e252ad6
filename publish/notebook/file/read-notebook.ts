import {readFile} from "node:fs/promises";
import {PublishError} from "../../errors.js";
import type {Cell, CellMetadata, MimeBundle, Notebook, Output} from "./nbformat.js";

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a notebook file.
 *
 * @throws PublishError `bad-notebook` when it is missing, no JSON or no notebook of format 4
 */
export async function readNotebook(path: string): Promise<Notebook> {
  return parseNotebook(await readNotebookText(path), path);
}

/**
 * The bytes of a notebook file as text.
 *
 * @throws PublishError `bad-notebook` when it cannot be read
 */
export async function readNotebookText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw badNotebook(path, "a notebook that can be read", whyUnread(error));
  }
}

/** What stands at a path whose file cannot be read. */
export function whyUnread(error: unknown): string {
  const {code = String(error)} = error as NodeJS.ErrnoException;
  return faults[code] ?? code;
}

const faults: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "a folder",
  EACCES: "a file that may not be read",
};

/**
 * The notebook in a text: multi-line strings joined, ids given to cells that have none.
 *
 * @throws PublishError `bad-notebook`, naming the place in the file
 */
export function parseNotebook(text: string, path: string): Notebook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The parser cites the text, which may be anything.
    const why = (error as Error).message.replace(/\p{Cc}+/gu, " ");
    const found = text.trim() === "" ? "an empty file" : `text that is none (${why})`;
    throw badNotebook(path, "a notebook, which is JSON", found);
  }
  const {nbformat, nbformat_minor, metadata, cells} = objectAt(value, path, path);
  if (nbformat !== 4) {
    const found = nbformat === undefined ? "no nbformat" : `nbformat ${JSON.stringify(nbformat)}`;
    throw badNotebook(path, "a notebook of format 4", `${found}; save it as one in Jupyter`);
  }
  if (!Array.isArray(cells)) {
    throw badNotebook(path, "a list of cells", typeOf(cells));
  }
  const ids = new Set<string>();
  return {
    nbformat: 4,
    nbformat_minor: Math.max(5, typeof nbformat_minor === "number" ? nbformat_minor : 5),
    metadata: {...objectAt(metadata ?? {}, `${path}: metadata`, path)},
    cells: cells.map((cell, index) => parseCell(cell, `${path}: cells[${index}]`, ids)),
  };
}

function parseCell(value: unknown, place: string, ids: Set<string>): Cell {
  const cell = objectAt(value, place, place);
  const type = cell.cell_type;
  const fields = {
    id: freshId(cell.id, ids),
    metadata: {...objectAt(cell.metadata ?? {}, `${place}.metadata`, place)} as CellMetadata,
    source: joinLines(cell.source, `${place}.source`),
  };
  if (type === "code") {
    const outputs = Array.isArray(cell.outputs) ? cell.outputs : [];
    return {
      cell_type: type,
      ...fields,
      execution_count: countOf(cell.execution_count),
      outputs: outputs.map((output, i) => parseOutput(output, `${place}.outputs[${i}]`)),
    };
  }
  if (type === "markdown") {
    const attachments = cell.attachments;
    return attachments === undefined
      ? {cell_type: type, ...fields}
      : {cell_type: type, ...fields, attachments: parseAttachments(attachments, place)};
  }
  if (type === "raw") {
    return {cell_type: type, ...fields};
  }
  throw badNotebook(`${place}.cell_type`, "code, markdown or raw", JSON.stringify(type) ?? "none");
}

function parseAttachments(value: unknown, place: string): Record<string, MimeBundle> {
  const bundles = Object.entries(objectAt(value, `${place}.attachments`, place));
  return Object.fromEntries(bundles.map(([name, data]) => [name, parseBundle(data, place)]));
}

function parseOutput(value: unknown, place: string): Output {
  const output = objectAt(value, place, place);
  const type = output.output_type;
  switch (type) {
    case "stream": {
      const name = output.name === "stderr" ? "stderr" : "stdout";
      return {output_type: type, name, text: joinLines(output.text, `${place}.text`)};
    }
    case "display_data":
    case "execute_result": {
      const data = parseBundle(output.data, place);
      const metadata = {...objectAt(output.metadata ?? {}, place, place)};
      const shown = {output_type: type, data, metadata};
      const count = countOf(output.execution_count);
      return type === "execute_result" ? {...shown, execution_count: count} : shown;
    }
    case "error": {
      const lines = Array.isArray(output.traceback) ? output.traceback.map(String) : [];
      const [ename, evalue] = [String(output.ename ?? ""), String(output.evalue ?? "")];
      return {output_type: type, ename, evalue, traceback: lines};
    }
    default:
      throw badNotebook(`${place}.output_type`, "a known type", JSON.stringify(type) ?? "none");
  }
}

/** Lists of lines are joined, save in JSON types, where a list is a value. */
function parseBundle(value: unknown, place: string): MimeBundle {
  const entries = Object.entries(objectAt(value ?? {}, `${place}.data`, place));
  const isLines = (mime: string, data: unknown) =>
    !mime.endsWith("json") && Array.isArray(data) && data.every((line) => typeof line === "string");
  return Object.fromEntries(
    entries.map(([mime, data]) => [mime, isLines(mime, data) ? (data as string[]).join("") : data]),
  );
}

/** Ids are unique and of the characters that the format allows; others are replaced. */
function freshId(value: unknown, ids: Set<string>): string {
  const isGood = typeof value === "string" && /^[\w-]{1,64}$/.test(value) && !ids.has(value);
  let id = isGood ? value : `cell-${ids.size + 1}`;
  for (let n = 2; ids.has(id); ++n) {
    id = `cell-${ids.size + 1}-${n}`;
  }
  ids.add(id);
  return id;
}

function joinLines(value: unknown, place: string): string {
  if (typeof value === "string") {
    return value;
  }
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) {
    return value.join("");
  }
  throw badNotebook(place, "text or a list of lines", typeOf(value));
}

function countOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function objectAt(value: unknown, place: string, path: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badNotebook(place, place === path ? "a notebook" : "an object", typeOf(value));
  }
  return value as Json;
}

function typeOf(value: unknown): string {
  if (value === undefined) {
    return "nothing";
  }
  return value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

function badNotebook(place: string, expected: string, found: string) {
  return new PublishError("bad-notebook", `${place}: expected ${expected}, found ${found}`);
}
