import {afterEach, beforeEach, describe, expect, it, vi} from "vitest";
import {PublishError} from "../../../publish/errors.js";
import {NotebookSaver} from "../../../publish/notebook/notebook-saver.js";
import {sleep} from "../../../publish/timers.js";
import {notebookOf} from "./code-notebook.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A saver on a disk where a save takes `costMs`; what it saved, and when. */
function makeSaver(costMs: number, everyMs?: number) {
  const saves: {ms: number; text: string}[] = [];
  let source = "0";
  const startMs = performance.now();
  const disk = {isFull: false};
  const failures: string[] = [];
  const saver = new NotebookSaver({
    path: "n.ipynb",
    snapshot: () => notebookOf(source),
    ...(everyMs !== undefined && {everyMs}),
    onFailed: (error) => failures.push((error as Error).message),
    write: async (_path, content) => {
      await sleep(costMs);
      if (disk.isFull) throw new PublishError("write-failed", "no space left");
      saves.push({ms: performance.now() - startMs, text: String(content)});
    },
  });
  return {
    saver,
    saves,
    failures,
    disk,
    set: (text: string) => {
      source = text;
    },
  };
}

/** Lets time pass while a promise settles. */
async function through<T>(work: Promise<T>, ms: number): Promise<T> {
  work.catch(() => {}); // told by the caller
  await vi.advanceTimersByTimeAsync(ms);
  return work;
}

describe("NotebookSaver", () => {
  it("saves at once, after each cell, and at the end what is newest", async () => {
    const {saver, saves, set} = makeSaver(1);
    await through(saver.begin(), 1);
    for (const text of ["1", "2", "3"]) {
      await vi.advanceTimersByTimeAsync(1_000);
      set(text);
      saver.want();
    }
    await vi.advanceTimersByTimeAsync(1);
    set("4");
    await through(saver.end(), 1);
    expect(saves.map(({text}) => JSON.parse(text).cells[0].source[0])).toEqual([..."01234"]);
  });

  it("takes at most a twentieth of the time, and makes up for what had to wait", async () => {
    const {saver, saves, set} = makeSaver(10);
    await through(saver.begin(), 10);
    for (let cell = 1; cell <= 1_000; ++cell) {
      set(String(cell));
      saver.want();
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(400);
    expect((saves.length * 10) / performance.now()).toBeLessThanOrEqual(0.05);
    expect(saves.length).toBeGreaterThan(45);
    expect(saves.at(-1)?.text).toContain("1000");
    await through(saver.end(), 10);
  });

  it("saves inside a long cell, less often where saving is slow", async () => {
    const quick = makeSaver(1);
    await through(quick.saver.begin(), 1);
    await vi.advanceTimersByTimeAsync(91_000);
    expect(quick.saves.map(({ms}) => Math.round(ms / 1_000))).toEqual([0, 30, 60, 90]);
    await through(quick.saver.end(), 1);
    const slow = makeSaver(6_000);
    await through(slow.saver.begin(), 6_000);
    await vi.advanceTimersByTimeAsync(594_000);
    expect(slow.saves.length * 6_000).toBeLessThanOrEqual(600_000 * 0.05);
    expect(slow.saves.length).toBeGreaterThan(3);
    await through(slow.saver.end(), 20_000);
  });

  it("leaves no more than 30 s unsaved, though the first save was slow", async () => {
    const {saver, saves} = makeSaver(1_400);
    await through(saver.begin(), 1_400);
    saver.want();
    await vi.advanceTimersByTimeAsync(30_000 + 1_400);
    expect(saves.length).toBe(2);
    await through(saver.end(), 3_000);
  });

  it("tries again after a full disk; tells of it once, and when the last save fails", async () => {
    const {failures, saver, saves, set, disk} = makeSaver(1);
    await through(saver.begin(), 1);
    await vi.advanceTimersByTimeAsync(1_000);
    disk.isFull = true;
    for (let i = 0; i < 3; ++i) {
      saver.want();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(failures).toEqual(["no space left"]);
    disk.isFull = false;
    set("1");
    saver.want();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(saves.length).toBe(2);
    disk.isFull = true;
    await expect(through(saver.end(), 1)).rejects.toThrow("no space left");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(saves.length).toBe(2);
  });
});
