import {expect, it} from "vitest";
import {stripNotebook} from "../../../publish/notebook/clean/strip.js";
import type {Cell, Output} from "../../../publish/notebook/file/nbformat.js";
import {withRunMark} from "../../../publish/notebook/file/run-mark.js";
import {endInNotebook} from "../../../publish/result/notebook-end.js";
import {code, notebookOf, stream, text} from "../render/sample-notebook.js";

const fresh: Cell = {...code("2"), execution_count: null} as Cell;
const error: Output = {output_type: "error", ename: "Error", evalue: "no", traceback: []};
const byPapermill = (cell: Cell, status: string): Cell => ({
  ...cell,
  metadata: {...cell.metadata, papermill: {status}},
});
const ran = [text("# T"), code("1", [stream("1\n")])];
const cut = "had not ended: the run was cut off, or goes on";

it.each<[string, Parameters<typeof withRunMark>[1], Cell[], string, string?, number?]>([
  ["good end", "ok", ran, "unknown"],
  ["end with cells that nobody ran", "ok", [...ran, fresh], "unknown"],
  ["error", "ok", [...ran, code("2", [error])], "cell-failed", "cell 3 failed: Error: no", 2],
  ["error that was wanted", "ok", [...ran, code("2", [error], ["raises-exception"])], "unknown"],
  ["run that goes on", "running", [...ran, fresh, fresh], "running", `cell 3 ${cut}`, 2],
  ["run after its cells", "running", ran, "running", `the run ${cut}`],
  [
    "run past a skipped cell",
    "running",
    [...ran, {...fresh, metadata: {tags: ["skip"]}}, fresh],
    "running",
    `cell 4 ${cut}`,
    3,
  ],
  [
    "run that papermill left",
    "ok",
    [...ran, byPapermill(code("2"), "running"), byPapermill(fresh, "pending")],
    "running",
    `cell 3 ${cut}`,
    2,
  ],
  ["run that papermill ended", "ok", [byPapermill(code("1"), "completed")], "unknown"],
  ["deadline", "cell-timeout", [code("1", [error])], "cell-timeout", "cell 1 failed: Error: no", 0],
  ["stop between cells", "interrupted", ran, "interrupted", "the run ended as interrupted"],
])("a notebook tells of a %s", (_name, mark, cells, status, message, cellIndex) => {
  const end = endInNotebook(withRunMark(notebookOf(...cells), mark));
  expect([end.status, end.failure?.message, end.failure?.cellIndex]).toEqual([
    status,
    message,
    cellIndex,
  ]);
});

it("is committed without the mark of a run", () => {
  const {metadata} = stripNotebook(withRunMark(notebookOf(...ran), "running"));
  expect(metadata).toEqual({});
});
