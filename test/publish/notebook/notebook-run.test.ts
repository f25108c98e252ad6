import {describe, expect, it} from "vitest";
import type {ExecuteReply, Kernel} from "../../../publish/kernel/kernel.js";
import type {KernelOutput} from "../../../publish/kernel/kernel-output.js";
import {NotebookRun} from "../../../publish/notebook/notebook-run.js";
import {notebookOf} from "./code-notebook.js";

const done: ExecuteReply = {status: "ok", executionCount: 1, outputComplete: true, error: null};

/** A kernel that answers each cell by its source. */
function kernelOf(
  answers: Record<string, Partial<ExecuteReply>>,
  outputs: Record<string, KernelOutput[]> = {},
): Kernel {
  return {
    pid: 1,
    startMs: 1,
    versions: {},
    ended: Promise.resolve("SIGKILL"),
    execute: async (code, {onOutput}) => {
      outputs[code]?.forEach(onOutput);
      return {...done, ...answers[code]};
    },
    facts: async () => ({versions: {}, peakRssBytes: 1, waits: 0}),
    hear: () => {},
    rawTail: () => "Last few GCs",
    shutdown: async () => {},
  };
}

async function run(kernel: Kernel, ...sources: string[]): Promise<NotebookRun> {
  const run = new NotebookRun(notebookOf(...sources), {notebookPath: "n.ipynb"});
  await run.run(kernel);
  return run;
}

const statuses = (run: NotebookRun) => run.cells.map(({status}) => status);

describe("NotebookRun", () => {
  it("goes on after lost output, but is no success", async () => {
    const ran = await run(kernelOf({b: {outputComplete: false}}), "a", "b", "c");
    expect(statuses(ran)).toEqual(["ok", "incomplete", "ok"]);
    expect(ran).toMatchObject({status: "output-incomplete", failure: {cellIndex: 1}});
  });

  it("tells the worse of two ends", async () => {
    const lost = {outputComplete: false};
    const ran = await run(kernelOf({a: lost, b: {status: "died"}}), "a", "b", "c");
    expect(statuses(ran)).toEqual(["incomplete", "died", "not-run"]);
    expect(ran.status).toBe("kernel-died");
    expect(ran.failure?.message).toBe(
      "cell 2: KernelDied: the kernel ended (SIGKILL) while this cell ran",
    );
    expect(ran.cells[1]?.error?.traceback).toContain("Last few GCs");
  });

  it("makes an error where the kernel sent none", async () => {
    const error = {ename: "E", evalue: "v", traceback: ["E: v"]};
    const ran = await run(kernelOf({a: {status: "error", error}}), "a");
    expect(ran.notebook.cells[0]).toMatchObject({outputs: [{output_type: "error", ...error}]});
    const plain = await run(kernelOf({a: {status: "error"}}), "a");
    expect(plain.cells[0]?.error?.ename).toBe("CellFailed");
  });

  it("passes over cells by tag, and goes on after an error that is wanted", async () => {
    const error = {ename: "E", evalue: "v", traceback: ["E: v"]};
    const tagged = [
      {source: "a", tags: ["parameters"]},
      {source: "b", tags: ["slow"]},
      {source: "c", tags: ["plot", "raises-exception"]},
      {source: "d", tags: ["plot"]},
      "e",
    ];
    const kernel = kernelOf({c: {status: "error", error}});
    const statusesOf = async (options: object) => {
      const run = new NotebookRun(notebookOf(...tagged), {notebookPath: "n.ipynb", ...options});
      await run.run(kernel);
      return [run.status, ...statuses(run)];
    };
    expect(await statusesOf({skipTags: ["slow"]})).toEqual([
      "ok",
      "ok",
      "skipped",
      "ok",
      "ok",
      "ok",
    ]);
    expect(await statusesOf({onlyTags: ["plot"]})).toEqual([
      "ok",
      "ok",
      "skipped",
      "ok",
      "ok",
      "skipped",
    ]);
    const calm = new NotebookRun(notebookOf(...tagged), {notebookPath: "n.ipynb"});
    await calm.run(kernelOf({}));
    expect([calm.status, calm.failure?.error?.ename]).toEqual(["cell-failed", "NothingRaised"]);
  });

  it("puts updates where the display stands, and errors where they belong", async () => {
    const display = {kind: "display", metadata: {}, displayId: "x"} as const;
    const shown = (text: string, isUpdate: boolean): KernelOutput => {
      return {...display, data: {"text/plain": text}, isUpdate};
    };
    const outputs = {a: [shown("1", false)], b: [shown("2", true), shown("3", false)]};
    const ran = await run(kernelOf({}, outputs), "a", "b");
    expect(ran.notebook.cells).toMatchObject([
      {outputs: [{data: {"text/plain": "2"}}]},
      {outputs: [{data: {"text/plain": "3"}}]},
    ]);
  });
});
