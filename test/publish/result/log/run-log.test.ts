import {describe, expect, it} from "vitest";
import type {KernelOutput} from "../../../../publish/kernel/kernel-output.js";
import {StreamEvents} from "../../../../publish/notebook/output/stream-events.js";
import type {CellResult, RunEvent} from "../../../../publish/notebook/run-outcome.js";
import {createRunLog} from "../../../../publish/result/log/run-log.js";

const ended: CellResult = {
  index: 0,
  id: "a",
  name: "cell 1",
  title: "T",
  status: "ok",
  startedAt: 0,
  durationMs: 5,
  error: null,
};

/** The log, without its times, of a cell that prints these, and how many events told of them. */
function logOf(...texts: readonly (readonly [name: "stdout" | "stderr", text: string])[]) {
  const log = createRunLog(() => 0);
  const told: RunEvent[] = [];
  const events = new StreamEvents((event) => {
    told.push(event);
    log.addEvent(event);
  });
  for (const [name, text] of texts) {
    const output: Extract<KernelOutput, {kind: "stream"}> = {kind: "stream", name, text};
    events.add(0, output);
  }
  events.flush();
  log.addEvent({type: "cell-ended", cell: ended, notebook: {} as never});
  const lines = log.text().trimEnd().split("\n");
  return {told, lines: lines.map((line) => line.replace(/^.{23} /, ""))};
}

describe("the log of a run", () => {
  it("has one line for a progress bar", () => {
    const bar = Array.from({length: 5_000}, (_, i) => ["stderr", `\r${i + 1} of 5000`] as const);
    const {lines, told} = logOf(...bar, ["stderr", "\rdone        \n"], ["stdout", "next\n"]);
    expect(lines).toEqual(["stderr| done        ", "stdout| next", "cell 1 ended: ok after 5 ms"]);
    expect(told.length).toBeLessThan(500);
  });

  it("joins the pieces of a line, and ends what nothing ended", () => {
    const {lines} = logOf(["stdout", "a"], ["stderr", "E"], ["stdout", "b\n\nc"]);
    expect(lines.slice(0, -1)).toEqual(["stdout| ab", "stdout| ", "stdout| c", "stderr| E"]);
  });

  it("takes very many lines at once", () => {
    const {lines} = logOf(["stdout", "x\n".repeat(500_000)]);
    expect(lines).toHaveLength(500_001);
  });
});
