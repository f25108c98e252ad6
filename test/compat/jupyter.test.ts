import {execFile} from "node:child_process";
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {beforeAll, describe, expect, it} from "vitest";
import type {CodeCell, Notebook} from "../../publish/notebook/file/nbformat.js";
import {parseNotebook} from "../../publish/notebook/file/read-notebook.js";
import {formatNotebook} from "../../publish/notebook/file/write-notebook.js";
import {runNotebook} from "../../publish/notebook/run-notebook.js";
import {notebookOf} from "../publish/notebook/code-notebook.js";
import {scratchFolder} from "../scratch.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const script = fileURLToPath(new URL("jupyter-tools.py", import.meta.url));
const main = join(root, "dist/src/cli/main.js");
const python = process.env.RECKON_TEST_PYTHON;
const needs = python === undefined ? " (needs RECKON_TEST_PYTHON: see .ci/with-python)" : "";
const run = promisify(execFile);

const lines = 50_000;
const parameters = {source: 'const model: string = "C1"; // which one', tags: ["parameters"]};
/** What people's notebooks do, each cell in its own way of putting something out. */
const ours = notebookOf(
  "# Head",
  parameters,
  `for (let i = 0; i < ${lines}; ++i) console.log("line", i);`,
  'import {record, show} from "reckon";\nshow({data: [{y: [1, 2]}], layout: {}});',
  'record("answer", 42);\nawait new Promise((done) => process.stdout.write(model, done));',
);
const failing = notebookOf("const a = 1;", "const b = 2;\nthrow new RangeError('too far');");

interface Said {
  readonly error: {readonly ename: string; readonly evalue: string} | null;
}

interface Report {
  readonly nbclient: Readonly<Record<string, Said>>;
  readonly papermill: Readonly<Record<string, Said>>;
  readonly invalid: Readonly<Record<string, string>>;
}

describe.skipIf(python === undefined)(`Jupyter's own tools${needs}`, () => {
  let folder: string;
  let report: Report;

  const write = (name: string, notebook: Notebook) =>
    writeFileSync(join(folder, name), formatNotebook(notebook));
  const read = (name: string) =>
    parseNotebook(readFileSync(join(folder, name), "utf8"), join(folder, name));

  beforeAll(async () => {
    folder = scratchFolder("jupyter");
    for (const name of ["in", "executed", "node_modules"]) mkdirSync(join(folder, name));
    symlinkSync(root, join(folder, "node_modules/reckon"), "dir");
    await run(process.execPath, [main, "notebook", "kernel", "install", "--prefix", folder]);
    for (const tool of ["nbclient", "papermill"]) {
      write(`in/${tool}.ipynb`, ours);
      write(`in/${tool}-fails.ipynb`, failing);
    }
    for (const [name, notebook] of Object.entries({ours, failing})) {
      write("in/own.ipynb", notebook);
      const outcome = await runNotebook({notebookPath: join(folder, "in/own.ipynb")});
      write(`executed/${name}.ipynb`, outcome.notebook);
    }
    const {stdout} = await run(python as string, [script, folder], {timeout: 120_000});
    report = JSON.parse(stdout) as Report;
  }, 180_000);

  it.each(["nbclient", "papermill"])("%s runs our notebook and keeps all its output", (tool) => {
    expect(report[tool as "nbclient"][tool]?.error).toBeNull();
    const cells = read(`${tool}/${tool}.ipynb`).cells as CodeCell[];
    const printed = cells.map(textOf);
    const wanted = Array.from({length: lines}, (_, i) => `line ${i}\n`).join("");
    expect(printed.find((text) => text.startsWith("line"))).toBe(wanted);
    expect(printed.at(-1)).toBe("C1");
    expect(JSON.stringify(cells)).toContain("application/vnd.plotly.v1+json");
  });

  it.each(["nbclient", "papermill"])("%s hears which error it was, and where", (tool) => {
    expect(report[tool as "nbclient"][`${tool}-fails`]?.error).toEqual({
      ename: "RangeError",
      evalue: "too far",
    });
    const outputs = (read(`${tool}/${tool}-fails.ipynb`).cells as CodeCell[]).flatMap(
      (cell) => cell.outputs ?? [],
    );
    const error = outputs.find(({output_type: type}) => type === "error");
    expect(JSON.stringify(error)).toContain("> 2 | throw new RangeError('too far');");
  });

  it("our executed notebooks are valid for nbformat", () => {
    expect(report.invalid).toEqual({});
  });

  it("a notebook that papermill ran is run again as if it had not", async () => {
    const name = "papermill/papermill-fails.ipynb";
    expect(read(name).metadata).toHaveProperty("papermill");
    expect(read(name).cells.length).toBeGreaterThan(failing.cells.length);
    const outcome = await runNotebook({notebookPath: join(folder, name)});
    expect(outcome).toMatchObject({status: "cell-failed", failure: {cellIndex: 1}});
    expect(outcome.notebook.cells.map(({source}) => source)).toEqual(
      failing.cells.map(({source}) => source),
    );
    expect(JSON.stringify(outcome.notebook.metadata)).not.toContain("papermill");
  });
});

function textOf({outputs = []}: CodeCell): string {
  return outputs.map((output) => ("text" in output ? output.text : "")).join("");
}
