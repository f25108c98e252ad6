import {mkdtempSync, readdirSync, realpathSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, expect, it, vi} from "vitest";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {runNotebook} from "../../../publish/notebook/run-notebook.js";
import type {RunEvent} from "../../../publish/notebook/run-outcome.js";
import {startTimer} from "../../../publish/timers.js";
import {isAlive} from "../kernel/processes.js";
import {
  notebookOf,
  outputsOf,
  runCells,
  runCellsAgain,
  textOf,
  writeText,
} from "./code-notebook.js";

/** Runs something where the system's folder for temporary files is another one. */
async function withTemporaryFolder<T>(folder: string, use: () => Promise<T>): Promise<T> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    return await use();
  } finally {
    delete process.env.TMPDIR;
    if (before !== undefined) {
      process.env.TMPDIR = before;
    }
  }
}

describe("runNotebook", () => {
  it("runs cells in order, merges text, keeps the order of displays, and reports", async () => {
    const events: RunEvent[] = [];
    const outcome = await runCells(
      [
        "# Title",
        "import * as tslab from 'tslab'; const started = process.env.GREETING; started",
        "## Lines",
        "for (let i = 0; i < 600; ++i) console.log('line ' + i);",
        "console.log('a'); tslab.display.html('<b>b</b>');\nconsole.log('c'); console.error('d');",
        "for (let i = 0; i < 100_000; ++i) console.log(i);",
        "for (let i = 0; i <= 100; ++i) process.stdout.write('\\r' + i + '%');\n" +
          "console.log(' done')",
        "",
        {source: "throw new Error('never')", tags: ["skip"]},
        {source: "throw new Error('meant')", tags: ["raises-exception"]},
        "await new Promise<void>((done) => process.stdout.write('é', () => done())); 'after'",
        "const figure = JSON.stringify({data: [], layout: {}});\n" +
          "tslab.display.raw('application/vnd.plotly.v1+json', figure)",
        "const d = tslab.newDisplay(); d.text('one')",
        "d.html('<i>two</i>'); started + '!'",
      ],
      {env: {GREETING: "hello"}, onEvent: (event) => events.push(event)},
    );
    expect(outcome.failure).toBeNull();
    expect(outcome).toMatchObject({status: "ok", exitCode: 0});
    expect(textOf(outcome, 1)).toBe("hello\n");
    expect(textOf(outcome, 3)).toBe(Array.from({length: 600}, (_, i) => `line ${i}\n`).join(""));
    expect(outputsOf(outcome, 4)).toEqual([
      {output_type: "stream", name: "stdout", text: "a\n"},
      {output_type: "display_data", data: {"text/html": "<b>b</b>"}, metadata: {}},
      {output_type: "stream", name: "stdout", text: "c\n"},
      {output_type: "stream", name: "stderr", text: "d\n"},
    ]);
    expect(textOf(outcome, 5)).toBe(Array.from({length: 100_000}, (_, i) => `${i}\n`).join(""));
    expect(textOf(outcome, 6)).toBe("100% done\n");
    expect(outcome.cells.map(({status}) => status)).toEqual(
      "not-code ok not-code ok ok ok ok ok skipped ok ok ok ok ok".split(" "),
    );
    expect(textOf(outcome, 10)).toBe("éafter\n");
    expect(outputsOf(outcome, 11)).toMatchObject([
      {data: {"application/vnd.plotly.v1+json": {data: [], layout: {}}}},
    ]);
    expect(outputsOf(outcome, 12)).toMatchObject([{data: {"text/html": "<i>two</i>"}}]);
    expect(textOf(outcome, 13)).toBe("hello!\n");
    expect(outcome.cells[3]).toMatchObject({title: "Lines", index: 3, error: null});
    expect(outcome.cells[3]?.durationMs).toBeGreaterThan(0);
    expect(outcome.kernel).toMatchObject({
      versions: {tslab: "1.0.22", typescript: "5.0.4", node: process.version},
      end: "exit 0",
    });
    expect(outcome.kernel?.peakRssBytes).toBeGreaterThan(50e6);
    expect(events.filter(({type}) => type === "cell-ended").length).toBe(11);
    expect(events.slice(0, 2).map(({type}) => type)).toEqual(["run-started", "kernel-started"]);
  });

  it("stops at the first failing cell and keeps what ran", async () => {
    const outcome = await runCellsAgain(["# Head", "1 + 1", "console.log('so far');\nnope()", "3"]);
    expect(outcome).toMatchObject({status: "cell-failed", exitCode: 1});
    expect(outcome.cells.map(({status}) => status)).toEqual([
      "not-code",
      "ok",
      "failed",
      "not-run",
    ]);
    expect(outcome.failure?.message).toBe(
      "cell 3 \"Head\", line 2: TypeScriptError: Cannot find name 'nope'.",
    );
    expect(outputsOf(outcome, 2)).toEqual([
      {
        output_type: "error",
        ename: "TypeScriptError",
        evalue: "Cannot find name 'nope'.",
        traceback: [
          "TypeScriptError: Cannot find name 'nope'.",
          "line 2: Cannot find name 'nope'.",
          "  1 | console.log('so far');",
          "> 2 | nope()",
          "    | ^",
        ],
      },
    ]);
  });

  it("goes on after a failing cell when asked, and still fails", async () => {
    const sources = ["throw new Error('one')", "'two'", {source: "4", tags: ["raises-exception"]}];
    const outcome = await runCellsAgain(sources, {keepGoing: true});
    expect(outcome.cells.map(({status}) => status)).toEqual(["failed", "ok", "failed"]);
    expect(outcome).toMatchObject({status: "cell-failed", failure: {cellIndex: 0}});
    expect(outcome.cells[2]?.error?.ename).toBe("NothingRaised");
    expect(textOf(outcome, 1)).toBe("two\n");
  });

  it("counts a rejection that nobody awaits as a failure of its cell", async () => {
    const outcome = await runCellsAgain([
      "'fine'",
      "void Promise.reject(new Error('late'));\n'done'",
    ]);
    expect(outcome).toMatchObject({status: "cell-failed", failure: {cellIndex: 1}});
    expect(outcome.cells[1]?.error).toMatchObject({evalue: "late", late: true, line: 1});
    expect(outputsOf(outcome, 1).map(({output_type}) => output_type)).toEqual(["stream", "error"]);
  });

  it("knows which cell a late rejection came from", async () => {
    const late =
      "const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));\n" +
      "void (async () => {\n  await wait(60);\n  throw new Error('late');\n})();";
    const outcome = await runCellsAgain([late, "await wait(200)", "3"]);
    expect(outcome.failure).toMatchObject({cellIndex: 0, error: {line: 4, late: true}});
    expect(outcome.cells.map(({status}) => status)).toEqual(["failed", "ok", "not-run"]);
  });

  it("counts a timer that throws, and puts late output where it belongs", async () => {
    const outcome = await runCellsAgain([
      "setTimeout(() => { console.log('from the first');\n  throw new Error('timer'); }, 400); 1",
      "await new Promise((done) => setTimeout(done, 700)); 'second'",
      "'third'",
    ]);
    expect(outcome).toMatchObject({status: "cell-failed", failure: {cellIndex: 0}});
    expect(outcome.cells[0]?.error).toMatchObject({evalue: "timer", late: true, line: 2});
    expect(textOf(outcome, 0)).toBe("1\nfrom the first\n");
    expect(textOf(outcome, 1)).toBe("second\n");
    expect(outcome.cells[2]?.status).toBe("not-run");
  });

  it("says at once that the kernel is gone, with its last words", async () => {
    const outcome = await runCells([
      "import {execFileSync} from 'child_process';\n" +
        "execFileSync('sh', ['-c', 'echo raw >&2'], {stdio: 'inherit'}); console.log('so far');\n" +
        "process.exit(3)",
      "2",
    ]);
    expect(outcome).toMatchObject({status: "kernel-died", exitCode: 6, kernel: {end: "exit 3"}});
    expect(outcome.cells.map(({status}) => status)).toEqual(["died", "not-run"]);
    expect(textOf(outcome, 0)).toBe("so far\n");
    expect(textOf(outcome, 0, "stderr")).toBe("raw\n");
    expect(outcome.cells[0]?.durationMs).toBeLessThan(5000);
  });

  it("tells the end of the memory from other ends", async () => {
    const fill = "const all: number[][] = [];\nfor (;;) all.push(new Array(1e5).fill(1.5));";
    const env = {NODE_OPTIONS: "--max-old-space-size=200"};
    const outcome = await runCells([fill], {env});
    expect(outcome).toMatchObject({status: "kernel-died", kernel: {end: "SIGABRT"}});
    expect(outcome.kernel?.rawTail).toContain("heap");
    expect(outcome.failure?.message).toContain("the kernel ran out of memory (SIGABRT)");
    expect(outcome.failure?.error?.traceback.join("\n")).not.toMatch(/\d: 0x/);
  });

  it("stops a cell at its deadline, also one that no interrupt reaches", async () => {
    const stuck = "console.log('begun');\nawait null;\nwhile (true) {}";
    const outcome = await runCells([stuck, "2"], {timeouts: {cellMs: 400}});
    expect(outcome).toMatchObject({status: "cell-timeout", exitCode: 4, kernel: {end: "SIGKILL"}});
    expect(outcome.cells[0]?.durationMs).toBeLessThan(400 + 2000);
    expect(outcome.cells[0]?.error).toMatchObject({
      ename: "Timeout",
      evalue: "the cell did not end within 400 ms",
    });
    expect(outputsOf(outcome, 0).filter(({output_type}) => output_type === "error").length).toBe(1);
    expect(isAlive(outcome.kernel?.pid ?? 0)).toBe(false);
  });

  it("stops the notebook at its deadline", async () => {
    const cells = ["1", "const a = 1;\nawait new Promise(() => {})", "3"];
    const outcome = await runCellsAgain(cells, {timeouts: {cellMs: 60_000, notebookMs: 1500}});
    expect(outcome).toMatchObject({status: "notebook-timeout", exitCode: 5});
    expect(outcome.cells.map(({status}) => status)).toEqual(["ok", "timeout", "not-run"]);
    // The statement that ran is told.
    expect(outcome.failure?.error).toMatchObject({ename: "Timeout", line: 2, column: 1});
    expect(outcome.failure?.error?.traceback).toContain("> 2 | await new Promise(() => {})");
  });

  it("runs in the folder that it is told, ends what a cell started, leaves no file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "run-"));
    const cells = [
      "import {spawn} from 'child_process';\n" +
        "const child = spawn('sleep', ['60'], {stdio: 'ignore'});\n" +
        "setInterval(() => {}, 1000);\nconsole.log(child.pid)",
      "process.cwd()",
    ];
    try {
      const outcome = await withTemporaryFolder(folder, () => runCells(cells, {cwd: folder}));
      expect(outcome.failure).toBeNull();
      // An orphan that was killed is there until the system has taken note of its end.
      await vi.waitFor(() => expect(isAlive(Number(textOf(outcome, 0)))).toBe(false), 2000);
      expect(isAlive(outcome.kernel?.pid ?? 0)).toBe(false);
      expect(textOf(outcome, 1)).toBe(`${realpathSync(folder)}\n`);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      rmSync(folder, {recursive: true, force: true});
    }
  });

  it("is interrupted by its signal", async () => {
    const stop = new AbortController();
    const onEvent = ({type}: RunEvent) => {
      if (type === "cell-started") {
        startTimer(100, () => stop.abort());
      }
    };
    const outcome = await runCellsAgain(["await new Promise(() => {})", "2"], {
      signal: stop.signal,
      onEvent,
    });
    expect(outcome).toMatchObject({status: "interrupted", exitCode: 130});
    expect(outcome.cells.map(({status}) => status)).toEqual(["interrupted", "not-run"]);
  });

  it("says when no kernel starts", async () => {
    const events: RunEvent[] = [];
    const outcome = await runCells(["1"], {
      timeouts: {startMs: 30},
      onEvent: (event) => events.push(event),
    });
    expect(outcome).toMatchObject({status: "kernel-not-started", exitCode: 3, kernel: null});
    expect(events.map(({type}) => type)).toEqual([
      "run-started",
      ...Array(3).fill("kernel-start-failed"),
    ]);
    expect(outcome.failure?.message).toContain("it did not answer within 30 ms");
    expect(outcome.cells[0]?.status).toBe("not-run");
  });

  it("says when there is no folder for the sockets", async () => {
    const notebookPath = writeText(formatNotebook(notebookOf("1")));
    const outcome = await withTemporaryFolder("/no/such/folder", () => runNotebook({notebookPath}));
    expect(outcome).toMatchObject({status: "kernel-not-started", kernel: null});
    expect(outcome.failure?.message).toContain("ENOENT");
  });

  it("does not begin when it is interrupted before", async () => {
    const outcome = await runCells(["1"], {signal: AbortSignal.abort()});
    expect(outcome).toMatchObject({status: "interrupted", exitCode: 130, kernel: null});
  });

  it("passes on what a listener throws, after ending the kernel", async () => {
    let pid = 0;
    const onEvent = (event: RunEvent) => {
      if (event.type === "kernel-started") {
        pid = event.pid;
      } else {
        throw new Error("listener");
      }
    };
    await expect(runCells(["1"], {onEvent})).rejects.toThrow("listener");
    expect(isAlive(pid)).toBe(false);
  });

  it("knows what earlier cells declared in shorthand too", async () => {
    const outcome = await runCellsAgain([
      "import {join} from 'node:path';\nconst a = 1;\nlet b = 2;\nlet c: number;",
      "const d = 4;\nconsole.log(JSON.stringify({a, b, d, e: [{a}]}), typeof {join}.join);\n" +
        "console.log(JSON.stringify([1].map((b) => ({b}))));\n" +
        "({b, c = a} = {b: 20} as {b: number; c?: number}); null",
      "console.log(JSON.stringify({b, c, d}))",
    ]);
    expect(outcome.failure).toBeNull();
    expect(textOf(outcome, 1)).toBe('{"a":1,"b":2,"d":4,"e":[{"a":1}]} function\n[{"b":1}]\n');
    expect(textOf(outcome, 2)).toBe('{"b":20,"c":1,"d":4}\n');
  });
});
