import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {expect} from "vitest";
import type {KernelSource} from "../../publish/kernel/kernel.js";
import {runNotebook} from "../../publish/notebook/run-notebook.js";
import type {RunOutcome} from "../../publish/notebook/run-outcome.js";
import {figureProblems} from "../../publish/render/figure/figure-problems.js";
import {notebookFigures} from "../../publish/render/figure/notebook-figures.js";

export const NOTEBOOKS_DIR = fileURLToPath(new URL("../../notebooks/", import.meta.url));
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface HeadlessOptions {
  /** Defaults to the notebook of that name in the repository. */
  readonly notebookPath?: string;
  /** By default the notebook has a kernel of its own, in which it must do without others' names. */
  readonly kernels?: KernelSource;
}

/**
 * Runs one of the notebooks headless, as the repository's root sees it. None of its figures may be
 * blank, however little there is to draw: such a page would fail.
 */
export async function runHeadless(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  options: HeadlessOptions = {},
): Promise<RunOutcome> {
  const outcome = await runNotebook({
    notebookPath: `${NOTEBOOKS_DIR}${name}.ipynb`,
    parameters,
    cwd: ROOT,
    timeouts: {notebookMs: 100_000},
    ...options,
  });
  const figures = [...notebookFigures(outcome.notebook).values()];
  expect(figures.flatMap(figureProblems), `figures of ${name}`).toEqual([]);
  return outcome;
}

/**
 * Runs a copy of a notebook in which the parameters were changed by hand: the source of the tagged
 * cell, line by line, and nothing else.
 */
export async function runByHand(
  name: string,
  values: Readonly<Record<string, unknown>>,
  options: Pick<HeadlessOptions, "kernels"> = {},
): Promise<RunOutcome> {
  const notebook = JSON.parse(readFileSync(`${NOTEBOOKS_DIR}${name}.ipynb`, "utf8")) as {
    cells: {source: string[]; metadata: {tags?: string[]}}[];
  };
  const cell = notebook.cells.find(({metadata}) => metadata.tags?.includes("parameters"));
  if (cell === undefined) {
    throw new Error(`${name}: expected a cell tagged parameters, found none`);
  }
  cell.source = cell.source.map((line) => {
    const [, head, parameter] = /^(const (\w+): [^=]+ = )/.exec(line) ?? [];
    return parameter !== undefined && parameter in values
      ? `${head}${JSON.stringify(values[parameter])};\n`
      : line;
  });
  const dir = mkdtempSync(join(tmpdir(), "reckon-by-hand-"));
  try {
    const path = join(dir, `${name}.ipynb`);
    writeFileSync(path, JSON.stringify(notebook));
    return await runHeadless(name, {}, {...options, notebookPath: path});
  } finally {
    rmSync(dir, {recursive: true, force: true});
  }
}

/** The plain text of everything a run showed. */
export function shownText({notebook}: RunOutcome): string {
  return notebook.cells
    .flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : []))
    .map((output) => ("data" in output ? String(output.data["text/plain"]) : ""))
    .join("\n");
}
