import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import type {ExecuteOptions, Kernel, KernelSource} from "../../../publish/kernel/kernel.js";
import {parseNotebook} from "../../../publish/notebook/file/read-notebook.js";
import {withRunMark} from "../../../publish/notebook/file/run-mark.js";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {runNotebook} from "../../../publish/notebook/run-notebook.js";
import {sleep} from "../../../publish/timers.js";
import {notebookOf, writeText} from "./code-notebook.js";

let folder: string;
let savePath: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "saved-run-"));
  savePath = join(folder, "n.ipynb");
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const read = () => readFileSync(savePath, "utf8");

/** A kernel whose every cell does this. */
function kernelThat(execute: (onOutput: ExecuteOptions["onOutput"]) => Promise<void>) {
  let count = 0;
  const kernel: Kernel = {
    pid: 1,
    startMs: 1,
    versions: {},
    ended: Promise.resolve("exit 0"),
    execute: async (_code, {onOutput}) => {
      await execute(onOutput);
      return {status: "ok", executionCount: ++count, outputComplete: true, error: null};
    },
    facts: async () => null,
    hear: () => {},
    rawTail: () => "",
    shutdown: async () => {},
  };
  const kernels: KernelSource = (_options, use) => use(kernel);
  return kernels;
}

const print = (text: string) => ({kind: "stream", name: "stdout", text}) as const;

describe("a notebook that is saved while it runs", () => {
  it("is there before the first cell, inside a cell, and at the end", async () => {
    const notebookPath = writeText(formatNotebook(notebookOf("a", "b")));
    const seen: string[] = [];
    const kernels = kernelThat(async (onOutput) => {
      seen.push(read());
      onOutput(print(`line ${seen.length}\n`));
      while (!read().includes(`line ${seen.length}`)) await sleep(5);
    });
    const outcome = await runNotebook({notebookPath, kernels, savePath, saveEveryMs: 10});
    const source = parseNotebook(readFileSync(notebookPath, "utf8"), notebookPath);
    expect(seen[0]).toBe(formatNotebook(withRunMark(source, "running")));
    expect(seen[1]).toContain("line 1");
    expect(read()).toBe(formatNotebook(outcome.notebook));
  });

  it("never holds a secret, split between pieces or not", async () => {
    const parameters = {source: "/** @secret */\nconst token: string = '';", tags: ["parameters"]};
    const notebookPath = writeText(formatNotebook(notebookOf(parameters, "a")));
    const secret = "hunter2-hunter2";
    const kernels = kernelThat(async (onOutput) => {
      for (const text of [`begin ${secret} ${secret.slice(0, 9)}`, `${secret.slice(9)} end\n`]) {
        onOutput(print(text));
        const before = read();
        for (let waits = 0; read() === before && waits < 60; ++waits) await sleep(5);
        expect(read()).not.toContain("hunter2");
        parseNotebook(read(), savePath);
      }
    });
    const parameterLayers = [{origin: "environment", values: {token: secret}}];
    const options = {notebookPath, kernels, parameterLayers, savePath, saveEveryMs: 1};
    expect((await runNotebook(options)).status).toBe("ok");
    expect(read()).toContain("begin [secret] [secret] end");
  });

  it("that cannot be saved runs no cell, and says why", async () => {
    const notebookPath = writeText(formatNotebook(notebookOf("a")));
    mkdirSync(join(savePath, "in-the-way"), {recursive: true});
    const kernels = kernelThat(async () => expect.unreachable());
    await expect(runNotebook({notebookPath, kernels, savePath})).rejects.toMatchObject({
      code: "write-failed",
      message: expect.stringMatching(/n\.ipynb: expected to write it, found .*; check the disk/),
    });
    expect(readdirSync(folder)).toEqual(["n.ipynb"]);
  });
});
