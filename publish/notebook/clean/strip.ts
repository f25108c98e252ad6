import {type Cell, type CellMetadata, hasTag, type Notebook} from "../file/nbformat.js";
import {parseNotebook, readNotebookText} from "../file/read-notebook.js";
import {formatNotebook, writeNotebook} from "../file/write-notebook.js";

/** What editors and runners leave behind; it says nothing about the notebook. */
const cellLeftovers = ["execution", "ExecuteTime", "collapsed", "scrolled"];
const notebookLeftovers = ["signature", "widgets"];
/** Papermill tags the banner and the anchor so, which it adds where a cell failed. */
const papermillErrorTag = "papermill-error-cell-tag";

/** The notebook without what an earlier run, be it by papermill, said of itself; outputs stay. */
export function withoutRunNotes(notebook: Notebook): Notebook {
  const cells = notebook.cells.filter((cell) => !hasTag(cell, papermillErrorTag));
  return {
    ...notebook,
    metadata: without(notebook.metadata, ["papermill", "reckon"]),
    cells: cells.map((cell) => ({...cell, metadata: without(cell.metadata, ["papermill"])})),
  };
}

/**
 * The notebook as it is committed: no outputs, no execution counts, no injected parameters, no
 * traces of a run. Doing it twice changes nothing more.
 */
export function stripNotebook(source: Notebook): Notebook {
  const notebook = withoutRunNotes(source);
  const cells = notebook.cells.filter((cell) => !hasTag(cell, "injected-parameters"));
  const metadata = without(notebook.metadata, notebookLeftovers);
  return {...notebook, metadata, cells: cells.map(stripCell)};
}

/**
 * Strips a file in place; a file that is already clean is not touched.
 *
 * @returns whether it changed
 * @throws PublishError `bad-notebook`, `write-failed`
 */
export async function stripNotebookFile(path: string): Promise<boolean> {
  const text = await readNotebookText(path);
  const stripped = stripNotebook(parseNotebook(text, path));
  if (formatNotebook(stripped) === text) {
    return false;
  }
  await writeNotebook(path, stripped);
  return true;
}

function stripCell(cell: Cell): Cell {
  const metadata: CellMetadata = without(cell.metadata, cellLeftovers);
  return cell.cell_type === "code"
    ? {...cell, metadata, execution_count: null, outputs: []}
    : {...cell, metadata};
}

function without<T extends Record<string, unknown>>(value: T, keys: readonly string[]): T {
  const kept = Object.entries(value).filter(([key]) => !keys.includes(key));
  return Object.fromEntries(kept) as T;
}
