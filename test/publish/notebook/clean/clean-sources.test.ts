import {readdirSync, readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import * as fc from "fast-check";
import {describe, expect, it} from "vitest";
import {checkNotebookText} from "../../../../publish/notebook/clean/check-notebook.js";
import {
  parseNotebookText,
  toNotebookText,
} from "../../../../publish/notebook/clean/notebook-text.js";
import {stripNotebook} from "../../../../publish/notebook/clean/strip.js";
import type {Cell, Notebook, Output} from "../../../../publish/notebook/file/nbformat.js";
import {parseNotebook} from "../../../../publish/notebook/file/read-notebook.js";
import {formatNotebook} from "../../../../publish/notebook/file/write-notebook.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const corpus = ["notebooks", "templates/notebooks"].flatMap((folder) =>
  readdirSync(`${root}${folder}`)
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => `${folder}/${name}`),
);

const leftovers = fc.record(
  {
    tags: fc.array(
      fc.constantFrom("parameters", "injected-parameters", "papermill-error-cell-tag"),
      {
        maxLength: 2,
      },
    ),
    collapsed: fc.boolean(),
    scrolled: fc.boolean(),
    execution: fc.constant({"iopub.status.busy": "2025-09-01"}),
    papermill: fc.constant({status: "completed"}),
    own: fc.jsonValue({maxDepth: 1}),
  },
  {requiredKeys: []},
);
const source = fc.array(fc.constantFrom("const a = 1;", "", "\u2028", "a\r", '"/home/ann"'), {
  maxLength: 3,
});
const stream: Output = {output_type: "stream", name: "stdout", text: "1\n"};

/** As editors and runners leave it. */
const ran = fc.array(fc.tuple(source, leftovers, fc.nat({max: 3})), {maxLength: 5}).map((all) => {
  const cells = all.map(([lines, metadata, count], i): Cell => {
    const fields = {id: `c${i}`, metadata: JSON.parse(JSON.stringify(metadata))};
    const own = {...fields, source: lines.join("\n")};
    const outputs = Array.from({length: count}, () => stream);
    return count === 3
      ? {cell_type: "markdown", ...own}
      : {cell_type: "code", ...own, execution_count: count === 0 ? null : count, outputs};
  });
  const metadata = {kernelspec: {name: "tslab"}, papermill: {}, widgets: {}, signature: "x"};
  const notebook: Notebook = {nbformat: 4, nbformat_minor: 5, metadata, cells};
  return formatNotebook(notebook);
});

const strip = (text: string) => formatNotebook(stripNotebook(parseNotebook(text, "n")));

describe("cleaning a notebook", () => {
  it("twice changes nothing more, and a check of it says the same again", async () => {
    const property = fc.asyncProperty(ran, async (text) => {
      const once = strip(text);
      expect(strip(once)).toBe(once);
      const complaints = await checkNotebookText(once, "n");
      const kinds = complaints.map(({what}) => what);
      expect(kinds.filter((what) => what === "output" || what === "not-stripped")).toEqual([]);
      expect(await checkNotebookText(once, "n")).toEqual(complaints);
    });
    await fc.assert(property, {seed: 6, numRuns: 100});
  });

  it.each(corpus)("%s is clean and comes back from its text byte for byte", async (path) => {
    const text = readFileSync(root + path, "utf8");
    expect(strip(text)).toBe(text);
    expect(await checkNotebookText(text, path)).toEqual([]);
    const written = toNotebookText(parseNotebook(text, path));
    const back = parseNotebookText(written, `${path}.nb.ts`);
    expect(formatNotebook(back)).toBe(text);
    expect(toNotebookText(back)).toBe(written);
  });
});
