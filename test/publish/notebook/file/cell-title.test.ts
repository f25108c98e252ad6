import {expect, it} from "vitest";
import {cellNames, cellTitles} from "../../../../publish/notebook/file/cell-title.js";
import {code, notebookOf as notebookOfCells} from "../../render/sample-notebook.js";
import {notebookOf} from "../code-notebook.js";

it("names cells after the nearest heading", () => {
  const fenced = "# One\n\n```sh\n# no heading\n```\n\n## Two ##\ntext";
  const titles = cellTitles(notebookOf("1", fenced, "2", "# Three", "3"));
  expect(titles).toEqual(["cell 1", "Two", "Two", "Three", "Three"]);
});

it("counts cells as their author does, who sees no injected one", () => {
  const injected = code("days = 3;", [], ["injected-parameters"]);
  const cells = [code("let days = 1;", [], ["parameters"]), injected, code("days / 0")];
  const names = ["cell 1", "the given parameters", "cell 2"];
  expect(cellNames(notebookOfCells(...cells))).toEqual(names);
  expect(cellTitles(notebookOfCells(...cells))).toEqual(names);
});
