import {cellNames} from "../notebook/file/cell-title.js";
import {type Cell, type ErrorOutput, hasTag, type Notebook} from "../notebook/file/nbformat.js";
import {runMarkOf, stateByPapermill} from "../notebook/file/run-mark.js";
import type {CellStatus} from "../notebook/run-outcome.js";
import type {PageInput} from "../render/page-input.js";
import {type EntryStatus, isNoFailure, isSuccess} from "../site/site-entry.js";
import type {RunRecord} from "./record/run-record-schema.js";

/** How the run of an executed notebook went, as far as it is known, without the page made of it. */
export interface NotebookEnd {
  readonly status: EntryStatus;
  /** There is one unless nothing says that the run failed. */
  readonly failure?: {readonly message: string; readonly cellIndex?: number};
  /** How each cell ended. */
  readonly cells: readonly CellStatus[];
}

/**
 * The end that the record of the run tells. Where only its page failed, the notebook is a good one:
 * what another page of it lacks is another matter.
 */
export function endInRecord(record: RunRecord): NotebookEnd {
  const status = record.status === "render-failed" ? "ok" : record.status;
  const cells = record.cells.map((cell) => cell.status);
  if (isNoFailure(status)) return {status, cells};
  const {cellIndex = null, message = `the run ended as ${status}`} = record.failure ?? {};
  return {status, cells, failure: {message, ...(cellIndex !== null && {cellIndex})}};
}

/** The end that a notebook itself shows: by the mark of its run, or by the error of a cell. */
export function endInNotebook(notebook: Notebook): NotebookEnd {
  const mark = runMarkOf(notebook);
  const names = cellNames(notebook);
  const cells = notebook.cells.map((cell) => stateOf(cell));
  const failedAt = cells.indexOf("failed");
  const failed = notebook.cells[failedAt];
  if (failed !== undefined) {
    const {ename, evalue} = errorOf(failed) as ErrorOutput;
    const message = `${names[failedAt]} failed: ${ename}: ${evalue}`;
    const status = mark === undefined || mark === "running" ? "cell-failed" : mark;
    return {status, cells, failure: {message, cellIndex: failedAt}};
  }
  if (mark === undefined) return {status: "unknown", cells};
  if (mark !== "running") {
    return {status: mark, cells, failure: {message: `the run ended as ${mark}`}};
  }
  const openAt = openCell(notebook, cells);
  const where = openAt < 0 ? "the run" : names[openAt];
  const message = `${where} had not ended: the run was cut off, or goes on`;
  return {
    status: mark,
    cells: cells.map((state, index) => (index === openAt ? "interrupted" : state)),
    failure: {message, ...(openAt >= 0 && {cellIndex: openAt})},
  };
}

/** What a page is told of the end of its run. */
export function pageInputOf({status, failure, cells}: NotebookEnd): Partial<PageInput> {
  return {cells, ...(failure && {failure}), ...(isSuccess(status) && {status: "ok"})};
}

/** A cell that was to fail did as it should. */
function errorOf(cell: Cell): ErrorOutput | undefined {
  if (cell.cell_type !== "code" || hasTag(cell, "raises-exception")) return undefined;
  return cell.outputs.find((output) => output.output_type === "error");
}

function stateOf(cell: Cell): CellStatus {
  if (cell.cell_type !== "code") return "not-code";
  if (errorOf(cell) !== undefined) return "failed";
  if (cell.execution_count !== null || cell.outputs.length > 0 || cell.source.trim() === "") {
    return "ok";
  }
  return hasTag(cell, "skip") ? "skipped" : "not-run";
}

/** The cell that the run was at; -1 where all had ended. A cell is counted when it has ended. */
function openCell({cells}: Notebook, states: readonly CellStatus[]): number {
  const told = cells.findIndex((cell) => stateByPapermill(cell) === "running");
  if (told >= 0) return told;
  return cells.findIndex(
    (cell, index) =>
      cell.cell_type === "code" &&
      cell.execution_count === null &&
      (states[index] === "not-run" || cell.outputs.length > 0),
  );
}
