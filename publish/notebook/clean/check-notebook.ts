import {PublishError} from "../../errors.js";
import {loadCompiler} from "../../kernel/load-compiler.js";
import {checkTags} from "../file/cell-tags.js";
import {cellNames, cellNumbers} from "../file/cell-title.js";
import type {Cell, Notebook} from "../file/nbformat.js";
import {parseNotebook} from "../file/read-notebook.js";
import {formatNotebook} from "../file/write-notebook.js";
import {readParameters} from "../parameters/apply-parameters.js";
import {assignParameters} from "../parameters/assign-parameters.js";
import {secretIn} from "./secret-patterns.js";
import {stripNotebook} from "./strip.js";

/** One thing that keeps a notebook from being committed. */
export interface Complaint {
  /** Its number, from 1; null for the notebook as a whole, and for the cell that a run injected. */
  readonly cell: number | null;
  /** Counts from 1, in the cell's source; null where it is no line. */
  readonly line: number | null;
  readonly what: "format" | "output" | "path" | "secret" | "parameters" | "tags" | "not-stripped";
  readonly message: string;
}

/**
 * Everything that keeps a notebook file from being committed: it is no notebook of format 4.5,
 * has outputs or traces of a run, paths of one machine, what looks like a secret, parameters that
 * do not parse, misspelt tags. No message repeats a secret.
 */
export async function checkNotebookText(text: string, path: string): Promise<Complaint[]> {
  let notebook: Notebook;
  try {
    notebook = parseNotebook(text, path);
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    return [whole("format", error.message.replace(`${path}: `, ""))];
  }
  const found = [
    ...checkCells(notebook),
    ...checkMetadata(notebook),
    ...tagsOf(notebook, path),
    ...(await parametersOf(notebook)),
  ];
  const isClean = formatNotebook(stripNotebook(notebook)) === text;
  const fix = "`reckon notebook strip` writes it so";
  const message = `expected the notebook without outputs in its standard form; ${fix}`;
  const isTold = found.some(({what}) => what === "output");
  return isClean || isTold ? found : [...found, whole("not-stripped", message)];
}

function whole(what: Complaint["what"], message: string): Complaint {
  return {cell: null, line: null, what, message};
}

function checkCells(notebook: Notebook): Complaint[] {
  const [names, numbers] = [cellNames(notebook), cellNumbers(notebook)];
  return notebook.cells.flatMap((cell, index) => {
    const number = numbers[index] ?? null;
    const told = checkCell(cell, number);
    const name = names[index];
    return number === null
      ? told.map((one) => ({...one, message: `${name}: ${one.message}`}))
      : told;
  });
}

function checkCell(cell: Cell, number: number | null): Complaint[] {
  const complaints: Complaint[] = cell.source.split("\n").flatMap((text, at) => {
    const line = at + 1;
    return checkText(text).map((found) => ({cell: number, line, ...found}));
  });
  const shown = JSON.stringify([cell.metadata]);
  for (const found of checkText(shown)) complaints.push({cell: number, line: null, ...found});
  if (cell.cell_type === "code" && (cell.outputs.length > 0 || cell.execution_count !== null)) {
    const outputs = `${cell.outputs.length} output${cell.outputs.length === 1 ? "" : "s"}`;
    const found = cell.outputs.length > 0 ? outputs : "a count of its run";
    const message = `expected no outputs, found ${found}; run \`reckon notebook strip\``;
    complaints.push({cell: number, line: null, what: "output", message});
  }
  return complaints;
}

function checkMetadata({metadata}: Notebook): Complaint[] {
  return checkText(JSON.stringify(metadata)).map(({what, message}) => whole(what, message));
}

/** Folders that are somebody's or one machine's; `/api/…` and the like are none. */
const folders = "home|Users|root|mnt|media|private|var|tmp|opt|srv|data|work|workspace|Volumes";
const beforePath = /(?:^|[\s"'`(=,:[<])(?:file:\/\/)?/.source;
const drivePath = /[A-Za-z]:\\{1,2}[\w.~ -]+/.source;
const sharePath = /\\\\[\w.-]+\\[\w.$-]+/.source;
const machinePath = new RegExp(
  `${beforePath}(/(?:${folders})/[\\w.~-]+|${drivePath}|${sharePath})`,
);

function checkText(text: string): Pick<Complaint, "what" | "message">[] {
  const secret = secretIn(text);
  if (secret !== undefined) {
    const fix = "take it out, replace the key, and read it from a secret parameter";
    return [{what: "secret", message: `expected no secret, found ${secret}; ${fix}`}];
  }
  const place = machinePath.exec(text)?.[1];
  const fix = "name it from the project's folder, or make it a parameter";
  return place === undefined
    ? []
    : [{what: "path", message: `expected no path of one machine, found ${place}…; ${fix}`}];
}

function tagsOf(notebook: Notebook, path: string): Complaint[] {
  try {
    checkTags(notebook, path);
    return [];
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    return error.message.split("\n").map((text) => {
      const [, cell, message = text] = /: cell (\d+): (.*)$/.exec(text) ?? [];
      return {cell: cell === undefined ? null : Number(cell), line: null, what: "tags", message};
    });
  }
}

/** What the cell tagged `parameters` says wrongly, whatever it will be given. */
async function parametersOf(notebook: Notebook): Promise<Complaint[]> {
  const index = notebook.cells.findIndex(
    ({cell_type, metadata}) => cell_type === "code" && metadata.tags?.includes("parameters"),
  );
  const cell = notebook.cells[index];
  if (cell === undefined) return [];
  const number = cellNumbers(notebook)[index] ?? null;
  const ts = loadCompiler();
  const options = {reportDiagnostics: true, fileName: "parameters.ts"};
  const {diagnostics = []} = ts.transpileModule(cell.source, options);
  const broken = diagnostics.map(({start = 0, messageText}): Complaint => {
    const line = cell.source.slice(0, start).split("\n").length;
    const text = ts.flattenDiagnosticMessageText(messageText, " ");
    const message = `expected parameters that TypeScript takes, found: ${text}`;
    return {cell: number, line, what: "parameters", message};
  });
  if (broken.length > 0) return broken;
  const {complaints} = assignParameters(await readParameters(notebook), [], true);
  return complaints
    .filter((text) => !text.includes(", found nothing; give it: "))
    .map((message) => ({cell: number, line: null, what: "parameters", message}));
}
