import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {code, notebookOf, text} from "../../publish/render/sample-notebook.js";
import {rootDir} from "../../tidy/project.js";
import {reckon} from "../command-line.js";

const folder = mkdtempSync(join(tmpdir(), "reckon-notebook-clean-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const path = join(folder, "n.ipynb");
const cells = [
  text("# T"),
  code('read("/home/ann/x")', [{output_type: "stream", name: "stdout", text: "1"}]),
];
const notebook = notebookOf(...cells.map((cell, i) => ({...cell, id: `c${i}`})));

describe("clean sources", () => {
  it("are checked, stripped and written as text and back", async () => {
    writeFileSync(path, formatNotebook(notebook));
    const checked = await reckon("notebook", "check", path);
    expect(checked.exitCode).toBe(1);
    expect(checked.stdout.split("\n")).toEqual([
      expect.stringContaining(
        `${path}: cell 2, line 1: expected no path of one machine, found /home/ann`,
      ),
      expect.stringContaining(`${path}: cell 2: expected no outputs, found 1 output`),
      "",
    ]);
    const {stdout} = await reckon("notebook", "check", path, "--json");
    expect(JSON.parse(stdout)).toMatchObject([
      {path, cell: 2, line: 1, what: "path"},
      {what: "output"},
    ]);
    expect((await reckon("notebook", "strip", path)).stdout).toBe(`${path}: stripped\n`);
    expect((await reckon("notebook", "strip", path)).stdout).toBe(`${path}: clean already\n`);
    const stripped = readFileSync(path, "utf8");
    expect((await reckon("notebook", "text", path)).exitCode).toBe(0);
    rmSync(path);
    const back = await reckon("notebook", "text", join(folder, "n.nb.ts"));
    expect(back.stdout).toBe(`wrote ${path}\n`);
    expect(readFileSync(path, "utf8")).toBe(stripped);
  });

  it("text of another file is refused", async () => {
    const {exitCode, stderr} = await reckon("notebook", "text", "n.ts");
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("NAME.ipynb or NAME.nb.ts")]);
  });

  it("the notebooks and skeletons of this package are clean", async () => {
    const ours = ["notebooks/pnl-observer.ipynb", "templates/notebooks/report.ipynb"];
    const paths = ours.map((one) => join(rootDir, one));
    expect(await reckon("notebook", "check", ...paths)).toMatchObject({exitCode: 0, stdout: ""});
  });
});
