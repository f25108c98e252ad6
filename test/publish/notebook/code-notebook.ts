import {writeFileSync} from "node:fs";
import {join} from "node:path";
import type {Cell, CodeCell, Notebook, Output} from "../../../publish/notebook/file/nbformat.js";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {runNotebook} from "../../../publish/notebook/run-notebook.js";
import type {RunOptions, RunOutcome} from "../../../publish/notebook/run-outcome.js";
import {scratchFolder} from "../../scratch.js";
import {keptKernels} from "../kernel/kept-kernel.js";

export type Source = string | {readonly source: string; readonly tags: string[]};

/** A code cell for each source, or a heading where the source starts with `#`. */
export function notebookOf(...sources: Source[]): Notebook {
  const cells = sources.map((one, i): Cell => {
    const {source, tags} = typeof one === "string" ? {source: one, tags: []} : one;
    const fields = {id: `c${i}`, metadata: tags.length === 0 ? {} : {tags}, source};
    return source.startsWith("#")
      ? {cell_type: "markdown", ...fields}
      : {cell_type: "code", ...fields, execution_count: null, outputs: []};
  });
  return {nbformat: 4, nbformat_minor: 5, metadata: {}, cells};
}

let folder: string | undefined;
let count = 0;

/** Writes a text into a file of its own in a folder that goes away with the tests. */
export function writeText(text: string, name = `n${++count}.ipynb`): string {
  folder ??= scratchFolder("notebooks");
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Runs these cells in a kernel of their own. */
export function runCells(
  sources: readonly Source[],
  options: Omit<RunOptions, "notebookPath"> = {},
): Promise<RunOutcome> {
  const notebookPath = writeText(formatNotebook(notebookOf(...sources)));
  return runNotebook({notebookPath, ...options});
}

/** Runs these cells in a kernel that others used before; for cells that leave nothing running. */
export function runCellsAgain(
  sources: readonly Source[],
  options: Omit<RunOptions, "notebookPath" | "kernels"> = {},
): Promise<RunOutcome> {
  return runCells(sources, {...options, kernels: keptKernels});
}

export function outputsOf({notebook}: RunOutcome, index: number): Output[] {
  return (notebook.cells[index] as CodeCell).outputs;
}

/** Everything a cell printed to one stream. */
export function textOf(outcome: RunOutcome, index: number, name = "stdout"): string {
  return outputsOf(outcome, index)
    .flatMap((output) =>
      output.output_type === "stream" && output.name === name ? output.text : [],
    )
    .join("");
}
