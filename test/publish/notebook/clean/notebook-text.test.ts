import * as fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  parseNotebookText,
  toNotebookText,
} from "../../../../publish/notebook/clean/notebook-text.js";
import {stripNotebook} from "../../../../publish/notebook/clean/strip.js";
import type {Cell, Notebook} from "../../../../publish/notebook/file/nbformat.js";
import {parseNotebook} from "../../../../publish/notebook/file/read-notebook.js";
import {formatNotebook} from "../../../../publish/notebook/file/write-notebook.js";
import {notebookOf} from "../code-notebook.js";

const hostileLine = fc.constantFrom(
  "",
  " ",
  "// %%",
  "// %% [code] c0",
  "// %% [markdown] x {}",
  "%% magic",
  "\\%%",
  "// \\%%",
  "// \\\\%% [code]",
  "//",
  "// ",
  "//x",
  "/*",
  "*/",
  "```ts",
  "```",
  "a\r",
  "\r",
  "\u2028",
  "  const a = 1;",
  "# Heading",
  "</script>",
);
const line = fc.oneof(hostileLine, fc.string({unit: "binary", maxLength: 12}));
const source = fc.array(line, {maxLength: 6}).map((lines) => lines.join("\n"));
const metadata = fc
  .record(
    {
      tags: fc.array(fc.string({minLength: 1, maxLength: 8}), {maxLength: 3}),
      own: fc.jsonValue({maxDepth: 2}),
    },
    {requiredKeys: []},
  )
  .map((value) => JSON.parse(JSON.stringify(value)) as Cell["metadata"]);

const notebook = fc
  .array(
    fc.record({
      type: fc.constantFrom("code", "markdown", "raw", "pictured"),
      source,
      metadata,
    }),
    {maxLength: 5},
  )
  .map((cells): Notebook => {
    const made = cells.map(({type, ...fields}, i): Cell => {
      const own = {...fields, id: `c${i}-x`};
      if (type === "code") return {cell_type: "code", ...own, execution_count: null, outputs: []};
      if (type === "raw") return {cell_type: "raw", ...own};
      const attachments = {"a b.png": {"image/png": "aGk="}};
      return {cell_type: "markdown", ...own, ...(type === "pictured" && {attachments})};
    });
    return {nbformat: 4, nbformat_minor: 5, metadata: {kernelspec: {name: "tslab"}}, cells: made};
  });

describe("a notebook as text", () => {
  it("comes back as it was, whatever is in its cells", () => {
    const property = fc.property(notebook, (original) => {
      const text = toNotebookText(original);
      const back = parseNotebookText(text, "n.nb.ts");
      expect(back).toEqual(original);
      expect(formatNotebook(back)).toBe(formatNotebook(original));
      expect(toNotebookText(back)).toBe(text);
    });
    fc.assert(property, {seed: 2, numRuns: 2_000});
  });

  it("reads well", () => {
    const {cells} = notebookOf(
      "# Day\n\nWhat did it earn?",
      {source: "const a = 1;", tags: ["parameters"]},
      "",
    );
    expect(toNotebookText({nbformat: 4, nbformat_minor: 5, metadata: {}, cells})).toBe(
      [
        '// %% [notebook] {"metadata":{},"nbformat_minor":5}',
        "",
        "// %% [markdown] c0",
        "// # Day",
        "//",
        "// What did it earn?",
        "",
        '// %% [code] c1 {"tags":["parameters"]}',
        "const a = 1;",
        "",
        "// %% [code] c2",
        "",
      ].join("\n"),
    );
  });

  it("leaves out outputs and counts", () => {
    const ran = notebookOf("1");
    const cells = ran.cells.map((cell) => ({...cell, execution_count: 4})) as Cell[];
    const back = parseNotebookText(toNotebookText({...ran, cells}), "n");
    expect(back).toEqual(stripNotebook(ran));
  });

  it("takes what a person wrote, and names the line that it cannot take", () => {
    const written = "// %%\nlet a = 1;\n\n// %% [markdown]\n//Text\n// %% [code] c9\n2\n";
    const back = parseNotebookText(written, "n.nb.ts");
    expect(back.cells.map(({id, cell_type, source: own}) => [id, cell_type, own])).toEqual([
      ["cell-1", "code", "let a = 1;"],
      ["cell-2", "markdown", "Text"],
      ["c9", "code", "2"],
    ]);
    expect(parseNotebookText(written.replaceAll("\n", "\r\n"), "n.nb.ts")).toEqual(back);
    expect(parseNotebook(formatNotebook(back), "n").cells).toEqual(back.cells);
    for (const [bad, at] of [
      ["let a;\n", "n:1"],
      ["// %% [code]\n// %% [cod]\n", "n:2"],
      ["// %% [code] c1 {tags}\n", "n:1"],
    ] as const) {
      expect(() => parseNotebookText(bad, "n")).toThrow(`${at}: expected the beginning of a cell`);
    }
  });
});
