import {mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {stripNotebook, stripNotebookFile} from "../../../../publish/notebook/clean/strip.js";
import type {Notebook} from "../../../../publish/notebook/file/nbformat.js";
import {parseNotebook, readNotebook} from "../../../../publish/notebook/file/read-notebook.js";
import {formatNotebook, writeNotebook} from "../../../../publish/notebook/file/write-notebook.js";
import {notebookOf, writeText} from "../code-notebook.js";

const fixture = fileURLToPath(new URL("../../fixtures/executed.ipynb", import.meta.url));

describe("parseNotebook", () => {
  it("joins lines, gives ids, keeps attachments and JSON lists", () => {
    const text = JSON.stringify({
      nbformat: 4,
      nbformat_minor: 2,
      cells: [
        {
          cell_type: "markdown",
          source: ["# a\n", "b"],
          attachments: {"x.png": {"image/png": ["aa", "bb"]}},
        },
        {
          cell_type: "code",
          id: "same",
          source: "1",
          outputs: [{output_type: "stream", text: ["x\n", "y"]}],
        },
        {
          cell_type: "code",
          id: "same",
          source: [],
          outputs: [
            {
              output_type: "display_data",
              data: {"application/json": ["a"], "text/html": ["<p>", "</p>"]},
            },
          ],
        },
        {cell_type: "raw", source: "r", metadata: {tags: ["t"]}},
      ],
    });
    const {cells, nbformat_minor} = parseNotebook(text, "n.ipynb");
    expect(nbformat_minor).toBe(5);
    expect(cells.map(({id, source}) => [id, source])).toEqual([
      ["cell-1", "# a\nb"],
      ["same", "1"],
      ["cell-3", ""],
      ["cell-4", "r"],
    ]);
    expect(cells[0]).toMatchObject({attachments: {"x.png": {"image/png": "aabb"}}});
    expect(cells[1]).toMatchObject({outputs: [{name: "stdout", text: "x\ny"}]});
    expect(cells[2]).toMatchObject({
      outputs: [{data: {"application/json": ["a"], "text/html": "<p></p>"}, metadata: {}}],
    });
  });

  const bad: [name: string, text: string, message: string][] = [
    ["empty", "", "n.ipynb: expected a notebook, which is JSON, found an empty file"],
    ["no JSON", "print(1)", "which is JSON, found text that is none (Unexpected token"],
    ["no text", '"\x1b]0;t\x07\n', "found text that is none (Bad control character"],
    ["a list", "[]", "n.ipynb: expected a notebook, found a list"],
    ["other JSON", "{}", "n.ipynb: expected a notebook of format 4, found no nbformat"],
    ["an old format", '{"nbformat": 3}', "expected a notebook of format 4, found nbformat 3; save"],
    ["no cells", '{"nbformat": 4}', "n.ipynb: expected a list of cells, found nothing"],
    ["a cell that is none", '{"nbformat": 4, "cells": [1]}', "n.ipynb: cells[0]: expected"],
    ["no type", '{"nbformat": 4, "cells": [{"source": ""}]}', "cells[0].cell_type: expected code"],
    [
      "no source",
      '{"nbformat": 4, "cells": [{"cell_type": "code"}]}',
      "cells[0].source: expected text",
    ],
  ];
  it.each(bad)("refuses what is %s", (_name, text, message) => {
    expect(() => parseNotebook(text, "n.ipynb")).toThrow(message);
    expect(() => parseNotebook(text, "n.ipynb")).toThrow(
      expect.objectContaining({code: "bad-notebook"}) as Error,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may reach a terminal
    expect(() => parseNotebook(text, "n.ipynb")).not.toThrow(/[\x00-\x1f]/);
  });

  it("refuses a file that is not there", async () => {
    await expect(readNotebook("no/such.ipynb")).rejects.toThrow(
      "no/such.ipynb: expected a notebook that can be read, found no such file",
    );
    await expect(readNotebook("test")).rejects.toThrow("that can be read, found a folder");
  });
});

describe("formatNotebook", () => {
  it("writes the bytes that Jupyter writes", () => {
    const text = readFileSync(fixture, "utf8");
    expect(formatNotebook(parseNotebook(text, fixture))).toBe(text);
  });
});

describe("writeNotebook", () => {
  it("writes whole or not at all", async () => {
    const path = writeText("before");
    await writeNotebook(path, notebookOf("1"));
    expect(await readNotebook(path)).toEqual(notebookOf("1"));
    const folder = join(dirname(path), "closed");
    mkdirSync(folder);
    writeFileSync(join(folder, "file"), "");
    const missing = join(folder, "file", "n.ipynb");
    await expect(writeNotebook(missing, notebookOf("1"))).rejects.toMatchObject({
      code: "write-failed",
    });
    expect(readdirSync(folder)).toEqual(["file"]);
  });
});

describe("stripNotebook", () => {
  const executed: Notebook = parseNotebook(readFileSync(fixture, "utf8"), fixture);

  it("removes what a run left behind and nothing else", () => {
    const stripped = stripNotebook(executed);
    expect(stripped.cells.map(({id}) => id)).toEqual(["head", "params", "code"]);
    expect(stripped.cells[2]).toEqual({
      cell_type: "code",
      id: "code",
      metadata: {tags: ["hide-input"]},
      source: "const a = 1;\nconsole.log(a)",
      execution_count: null,
      outputs: [],
    });
    expect(stripped.metadata).toHaveProperty("kernelspec.name", "tslab");
    expect(stripped.metadata).not.toHaveProperty("widgets");
  });

  it("changes nothing the second time", async () => {
    const once = stripNotebook(executed);
    expect(formatNotebook(stripNotebook(once))).toBe(formatNotebook(once));
    const path = writeText(readFileSync(fixture, "utf8"));
    expect(await stripNotebookFile(path)).toBe(true);
    expect(await stripNotebookFile(path)).toBe(false);
    expect(readFileSync(path, "utf8")).toBe(formatNotebook(once));
  });
});
