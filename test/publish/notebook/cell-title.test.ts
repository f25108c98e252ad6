import {expect, it} from "vitest";
import {cellTitles} from "../../../publish/notebook/cell-title.js";
import {notebookOf} from "./code-notebook.js";

it("names cells after the nearest heading", () => {
  const fenced = "# One\n\n```sh\n# no heading\n```\n\n## Two ##\ntext";
  const titles = cellTitles(notebookOf("1", fenced, "2", "# Three", "3"));
  expect(titles).toEqual(["cell 1", "Two", "Two", "Three", "Three"]);
});
