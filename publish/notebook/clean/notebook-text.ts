import {PublishError} from "../../errors.js";
import type {Cell, MimeBundle, Notebook} from "../file/nbformat.js";
import {stripNotebook} from "./strip.js";

/**
 * A notebook as a TypeScript file to review, compare and edit: a line `// %% [code] id {metadata}`
 * begins each cell, code stands as it is, text behind `// `. Outputs are left out. Each notebook
 * that is stripped comes back exactly with {@link parseNotebookText}.
 */
export function toNotebookText(notebook: Notebook): string {
  const {cells, metadata, nbformat_minor} = stripNotebook(notebook);
  const head = `// %% [notebook] ${toJson({metadata, nbformat_minor})}\n`;
  const attachments = cells.flatMap((cell) =>
    cell.cell_type === "markdown" && cell.attachments !== undefined
      ? [[cell.id, cell.attachments] as const]
      : [],
  );
  const tail =
    attachments.length === 0
      ? []
      : [`// %% [attachments] ${toJson(Object.fromEntries(attachments))}\n`];
  return [head, ...cells.map(toCellText), ...tail].join("\n");
}

function toCellText(cell: Cell): string {
  const {cell_type, id, metadata, source} = cell;
  const more = Object.keys(metadata).length === 0 ? "" : ` ${toJson(metadata)}`;
  const lines = source === "" ? [] : source.split("\n");
  const shown = lines.map((line) => escapeLine(cell_type === "code" ? line : toComment(line)));
  return `${[`// %% [${cell_type}] ${id}${more}`, ...shown].join("\n")}\n`;
}

function toComment(line: string): string {
  return line === "" ? "//" : `// ${line}`;
}

/** What would begin a cell gets a backslash, and so does what has some already. */
function escapeLine(line: string): string {
  return line.replace(/^\/\/ (?=\\*%%)/, "// \\");
}

function unescapeLine(line: string): string {
  return line.replace(/^\/\/ \\(?=\\*%%)/, "// ");
}

/** JSON on one line, for every reader of lines. */
function toJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16)}`,
  );
}

interface Header {
  readonly type: string;
  readonly id: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Chunk extends Header {
  readonly lines: string[];
}

/**
 * The notebook that a text stands for; a cell without an id gets one.
 *
 * @param path names the file in complaints
 * @throws PublishError `bad-notebook` naming the line
 */
export function parseNotebookText(text: string, path: string): Notebook {
  const chunks = readChunks(text, path);
  const [first] = chunks;
  const {metadata = {}, nbformat_minor = 5} = first?.type === "notebook" ? first.data : {};
  const attached = chunks.find(({type}) => type === "attachments")?.data ?? {};
  const bodies = chunks.filter(({type}) => /^(code|markdown|raw)$/.test(type));
  const ids = new Set(bodies.flatMap(({id}) => id ?? []));
  const cells = bodies.map((chunk, index) => {
    const id = chunk.id ?? freshId(index, ids);
    return toCell(chunk, id, attached[id] as Record<string, MimeBundle> | undefined);
  });
  const isMinor = typeof nbformat_minor === "number";
  return {
    nbformat: 4,
    nbformat_minor: isMinor ? nbformat_minor : 5,
    metadata: metadata as Record<string, unknown>,
    cells,
  };
}

function toCell(
  {type, data: metadata, lines}: Chunk,
  id: string,
  attachments: Record<string, MimeBundle> | undefined,
): Cell {
  const plain = lines.map(unescapeLine);
  const source = (type === "code" ? plain : plain.map(fromComment)).join("\n");
  if (type === "code") {
    return {cell_type: "code", id, metadata, source, execution_count: null, outputs: []};
  }
  return type === "markdown"
    ? {cell_type: "markdown", id, metadata, source, ...(attachments && {attachments})}
    : {cell_type: "raw", id, metadata, source};
}

function fromComment(line: string): string {
  return line.replace(/^\/\/ ?/, "");
}

function readChunks(text: string, path: string): Chunk[] {
  const chunks: Chunk[] = [];
  // Where a checkout gave all lines another ending, the first one has it too.
  const plain = /^[^\n]*\r\n/.test(text) ? text.replaceAll("\r\n", "\n") : text;
  for (const [index, line] of plain.replace(/\n$/, "").split("\n").entries()) {
    const header = /^\/\/ %%/.test(line) ? readHeader(line, `${path}:${index + 1}`) : undefined;
    if (header !== undefined) {
      // The line before a cell is empty, and no part of the cell before it.
      if (chunks.at(-1)?.lines.at(-1) === "") chunks.at(-1)?.lines.pop();
      chunks.push({...header, lines: []});
    } else if (chunks.length > 0) {
      chunks.at(-1)?.lines.push(line);
    } else if (line.trim() !== "") {
      throw badText(`${path}:${index + 1}`, `found "${line.slice(0, 40)}"`);
    }
  }
  return chunks;
}

const types = ["notebook", "code", "markdown", "raw", "attachments"];

/** `// %%` alone begins a cell of code. */
function readHeader(line: string, place: string): Header {
  const pattern = /^\/\/ %%(?: \[(\w+)\](?: ([\w-]{1,64}))?(?: (\{.*\}))?)?\s*$/;
  const [whole, type = "code", id, json] = pattern.exec(line) ?? [];
  if (whole === undefined || !types.includes(type)) {
    throw badText(place, `found "${line.slice(0, 40)}"`);
  }
  try {
    return {type, id, data: json === undefined ? {} : (JSON.parse(json) as Header["data"])};
  } catch (error) {
    throw badText(place, `its metadata is no JSON: ${(error as Error).message}`);
  }
}

function freshId(index: number, taken: Set<string>): string {
  let id = `cell-${index + 1}`;
  for (let n = 2; taken.has(id); ++n) id = `cell-${index + 1}-${n}`;
  taken.add(id);
  return id;
}

function badText(place: string, found: string): PublishError {
  const expected = "expected the beginning of a cell, `// %% [code] id {metadata}`";
  return new PublishError("bad-notebook", `${place}: ${expected}, ${found}`);
}
