import {exitCodeOf, type RunStatus} from "../run-outcome.js";
import type {Cell, Notebook} from "./nbformat.js";

/** Why an executed notebook is no good one: its run goes on, was cut off, or ended otherwise. */
export type RunMark = Exclude<RunStatus, "ok"> | "running";

/** The notebook with how its run stands, in its metadata under `reckon`; a good end needs none. */
export function withRunMark(notebook: Notebook, status: RunMark | "ok"): Notebook {
  const {reckon, ...metadata} = notebook.metadata;
  return {...notebook, metadata: status === "ok" ? metadata : {...metadata, reckon: {status}}};
}

/** What the metadata tell of the run; undefined where they tell nothing, or of a good end. */
export function runMarkOf({cells, metadata}: Notebook): RunMark | undefined {
  const status = statusIn(metadata.reckon);
  if (isMark(status)) return status;
  // Papermill tells it of each cell; those that it never came to stay pending.
  const states = cells.map(stateByPapermill);
  return states.some((state) => state === "running" || state === "pending") ? "running" : undefined;
}

/** What papermill says of a cell: `pending`, `running`, `completed` or `failed`. */
export function stateByPapermill({metadata}: Cell): unknown {
  return statusIn(metadata.papermill);
}

function isMark(status: unknown): status is RunMark {
  return status === "running" || (status !== "ok" && Object.hasOwn(exitCodeOf, String(status)));
}

function statusIn(value: unknown): unknown {
  return typeof value === "object" && value !== null && "status" in value
    ? value.status
    : undefined;
}
