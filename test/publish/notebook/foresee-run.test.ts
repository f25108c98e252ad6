import {expect, it} from "vitest";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {foreseeRun} from "../../../publish/notebook/foresee-run.js";
import {notebookOf, writeText} from "./code-notebook.js";

const notebookPath = writeText(
  formatNotebook(
    notebookOf(
      "# Title",
      {source: "const days: number = 1;", tags: ["parameters"]},
      {source: "slow()", tags: ["skip"]},
      "console.log(days)",
    ),
  ),
);
const declared = {name: "cell 2", source: "const days: number = 1;"};
const shown = {name: "cell 4", source: "console.log(days)"};

it("names the code cells of a run as it will run them, with its parameters", async () => {
  expect(await foreseeRun({notebookPath}, ["a"])).toEqual({
    modules: ["a"],
    cells: [declared, shown],
  });
  const {cells} = await foreseeRun({notebookPath, parameters: {days: 7}});
  const source = "// Parameters of this run\nconst days: number = 7;";
  expect(cells).toEqual([declared, {name: "the given parameters", source}, shown]);
});

it("refuses what the run would refuse", async () => {
  await expect(foreseeRun({notebookPath, parameters: {days: "x"}})).rejects.toThrow("days");
});
