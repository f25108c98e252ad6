import {readFile} from "node:fs/promises";
import {describe, expect, it} from "vitest";
import type {RunEvent} from "../../../publish/notebook/run-outcome.js";
import {publishNotebook} from "../../../publish/result/publish-notebook.js";
import {code} from "../render/sample-notebook.js";
import {openDesk} from "../result/desk.js";
import {outputsOf, runCells, runCellsAgain, textOf} from "./code-notebook.js";

const imports = "import cp from 'node:child_process'; import fs from 'node:fs';";
/** A cell that runs this Node program as a child that has the kernel's own stdout and stderr. */
const child = (program: string) =>
  `cp.execFileSync(process.execPath, ['-e', ${JSON.stringify(program)}], {stdio: 'inherit'});`;

describe("what the kernel's process writes by itself", () => {
  it("is output of the cell that runs, on its own stream", async () => {
    const outcome = await runCellsAgain([
      imports,
      "cp.execSync('echo child-out; echo child-err >&2', {stdio: 'inherit'});",
      "await new Promise((end) => cp.spawn('echo', ['spawned'], {stdio: 'inherit'})" +
        ".on('close', () => end(undefined)));",
      "fs.writeSync(1, 'written\\n');\nconsole.log('logged');",
      "console.log('nothing raw');",
    ]);
    expect(outcome).toMatchObject({status: "ok", exitCode: 0});
    expect(textOf(outcome, 1)).toBe("child-out\n");
    expect(textOf(outcome, 1, "stderr")).toBe("child-err\n");
    expect(textOf(outcome, 2)).toBe("spawned\n");
    expect(textOf(outcome, 3).split("\n").sort()).toEqual(["", "logged", "written"]);
    expect(textOf(outcome, 4)).toBe("nothing raw\n");
  });

  it("never goes to the next cell when its own has waited for it", async () => {
    const write = (i: number) =>
      `fs.writeSync(1, 'raw of ${i}\\n'); void fs.writeSync(2, 'e${i}\\n');`;
    const sources = Array.from({length: 60}, (_, i) => write(i + 1));
    const outcome = await runCellsAgain([imports, ...sources]);
    const texts = sources.map((_, i) => [textOf(outcome, i + 1), textOf(outcome, i + 1, "stderr")]);
    expect(texts).toEqual(sources.map((_, i) => [`raw of ${i + 1}\n`, `e${i + 1}\n`]));
  });

  it("loses nothing of much, and splits no character", async () => {
    const line = "3 € für 😀\n";
    const outcome = await runCellsAgain([
      imports,
      child(`process.stdout.write(${JSON.stringify(line)}.repeat(200_000))`),
    ]);
    expect(outcome.status).toBe("ok");
    expect(textOf(outcome, 1) === line.repeat(200_000)).toBe(true);
  }, 30_000);

  it("tells each piece as it comes, as what a cell prints", async () => {
    const events: RunEvent[] = [];
    await runCellsAgain([imports, child("console.log('from afar')")], {
      onEvent: (event) => void events.push(event),
    });
    const told = events.filter(({type}) => type === "stream");
    expect(told).toEqual([{type: "stream", index: 1, name: "stdout", text: "from afar\n"}]);
  });

  it("while no cell runs is told without one, and is no output", async () => {
    const events: RunEvent[] = [];
    const late = "void setTimeout(() => fs.writeSync(2, 'too late for a cell\\n'), 50);";
    const outcome = await runCellsAgain([imports, late], {
      onEvent: (event) => void events.push(event),
    });
    expect(outcome.status).toBe("ok");
    expect(outputsOf(outcome, 1)).toEqual([]);
    const told = events.filter(({type}) => type === "kernel-output");
    expect(told).toEqual([{type: "kernel-output", name: "stderr", text: "too late for a cell\n"}]);
  });

  it("stays with its cell when the kernel dies, and is not said twice", async () => {
    const outcome = await runCells([imports, `${child("console.error('last')")} process.exit(3)`]);
    expect(outcome).toMatchObject({status: "kernel-died", kernel: {rawTail: "last\n"}});
    expect(textOf(outcome, 1, "stderr")).toBe("last\n");
    expect(outcome.cells[1]?.error?.traceback).toEqual([
      "KernelDied: the kernel ended (exit 3) while this cell ran",
    ]);
  });
});

const readText = (path: string) => readFile(path, "utf8");

describe("the result of a run whose cells start processes", () => {
  const secret = "hunter2-and-more";
  const cells = [
    code("/** @secret */\nconst token: string = '';", [], ["parameters"]),
    code(imports),
    code(
      "fs.writeSync(1, 'raw ' + token.slice(0, 7));\n" +
        "fs.writeSync(1, token.slice(7) + ' it was\\n');\n" +
        "void setTimeout(() => fs.writeSync(1, 'after ' + token + '\\n'), 50);",
    ),
  ];

  it("has the text in notebook, page, events and log, and no secret", async () => {
    const desk = await openDesk();
    try {
      const notebookPath = await desk.save("raw", ...cells);
      const values = {origin: "test", values: {token: secret}};
      const {status, paths} = await publishNotebook({
        notebookPath,
        dstDir: desk.dstDir,
        parameterLayers: [values],
      });
      expect(status).toBe("ok");
      const {notebook, page, events, runLog} = paths;
      for (const path of [notebook, page, events, runLog]) {
        const text = await readText(path);
        expect(text).toContain("[secret] it was");
        expect(text).not.toContain(secret);
      }
      expect(await readText(runLog)).toContain("kernel stdout| after [secret]\n");
    } finally {
      await desk.remove();
    }
  }, 30_000);
});
