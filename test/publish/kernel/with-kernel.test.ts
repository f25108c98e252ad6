import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {createConnection} from "../../../publish/kernel/connection.js";
import type {ExecuteReply, Kernel} from "../../../publish/kernel/kernel.js";
import type {KernelOutput} from "../../../publish/kernel/kernel-output.js";
import {packageRoot, preloadScript, tslabScript} from "../../../publish/kernel/package-root.js";
import {withKernel} from "../../../publish/kernel/with-kernel.js";
import {monotonicMs, sleep} from "../../../publish/timers.js";
import {isAlive} from "./processes.js";

const fixtures = join(packageRoot, "test", "publish", "fixtures");

interface Ran extends ExecuteReply {
  readonly outputs: readonly KernelOutput[];
  readonly text: string;
}

async function run(kernel: Kernel, code: string, timeoutMs = 20_000): Promise<Ran> {
  const outputs: KernelOutput[] = [];
  const reply = await kernel.execute(code, {
    onOutput: (output) => outputs.push(output),
    timeoutMs,
  });
  const text = outputs.map((output) => (output.kind === "stream" ? output.text : "")).join("");
  return {...reply, outputs, text};
}

const errorOf = ({outputs}: Ran) => outputs.find((output) => output.kind === "error");

/** Name, source, name of the error, its text, line and column in the source. */
type Failing = [string, string, string, string, number | null, number | null];

const failing: Failing[] = [
  ["a throw on the first line", "throw new Error('a')", "Error", "a", 1, 7],
  [
    "below imports, types and comments",
    "import * as path from 'path';\nimport {join} from 'path';\n\n/* c */\n" +
      "type A = {b: string};\ninterface B { c: number }\nconst x: number = 1;\n" +
      "  throw new RangeError(join('b', path.sep));",
    "RangeError",
    "b/",
    8,
    9,
  ],
  [
    "inside a function",
    "function f(n: number): number {\n  if (n === 0) {\n    throw new TypeError('deep');\n  }\n" +
      "  return f(n - 1);\n}\nf(3);",
    "TypeError",
    "deep",
    3,
    11,
  ],
  [
    "in a class, with enums and generics",
    "enum Side { Buy, Sell }\nclass Book<T extends Side> {\n  private readonly side: T;\n" +
      "  constructor(side: T) { this.side = side; }\n  check(): void {\n" +
      "    if (this.side === Side.Sell) throw new Error('sold');\n  }\n}\n" +
      "new Book(Side.Buy).check();\nnew Book(Side.Sell).check();",
    "Error",
    "sold",
    6,
    40,
  ],
  ["a property of undefined", "const o: any = {};\n\no.a.b", "TypeError", "*", 3, 5],
  [
    "calling what is no function",
    "const g: any = 1;\ng();",
    "TypeError",
    "g is not a function",
    2,
    1,
  ],
  [
    "after an await",
    "const t = 1;\nawait new Promise((done) => setTimeout(done, 5));\nthrow new Error('later');",
    "Error",
    "later",
    3,
    7,
  ],
  [
    "in an awaited function",
    "async function g() {\n  await null;\n\n  throw new Error('async');\n}\nawait g();",
    "Error",
    "async",
    4,
    9,
  ],
  ["JSON that does not parse", "const s = '{';\nJSON.parse(s);", "SyntaxError", "*", 2, 6],
  ["something that is no error", "throw {a: 1}", "Thrown", "{ a: 1 }", null, null],
  ["undefined thrown", "throw undefined", "Thrown", "undefined", null, null],
  [
    "an error of its own kind",
    "class Bad extends Error {\n  override name = 'Bad';\n}\nthrow new Bad('own');",
    "Bad",
    "own",
    4,
    7,
  ],
  ["a wrong type", "const n = 1;\nconst y: number = 'a';", "TypeScriptError", "*", 2, 7],
  ["an unknown name", "\n\n   nope + 1", "TypeScriptError", "Cannot find name 'nope'.", 3, 4],
  ["broken syntax", "const a = ;", "TypeScriptError", "Expression expected.", 1, 11],
  ["a missing module", "import {a} from 'no-such';\na", "TypeScriptError", "*", 1, 17],
  [
    "a module that does not compile",
    "/** @module m */\nconst q: number = '';",
    "TypeScriptError",
    "*",
    2,
    7,
  ],
  ["a missing module at run time", "\nrequire('no-such')", "Error", "*", 2, 1],
  ["a regular expression", "new RegExp('(')", "SyntaxError", "*", 1, 1],
  ["the end of the stack", "const r = (): number => r();\nr();", "RangeError", "*", 1, 25],
  [
    "a callback",
    "[1, 2].forEach((n) => {\n  if (n === 2) {\n    throw new Error('two');\n  }\n});",
    "Error",
    "two",
    3,
    11,
  ],
  [
    "assertions",
    "import * as assert from 'assert';\n\nassert.equal(1, 2)",
    "AssertionError",
    "*",
    3,
    8,
  ],
  ["a tab before it", "{\n\tthrow new Error('tab');\n}", "Error", "tab", 2, 8],
  ["characters beyond ASCII", "const é = '日本'; throw new Error('é')", "Error", "é", 1, 23],
];

describe("withKernel", () => {
  it("maps every error to its place in the source", {timeout: 30_000}, async () => {
    await withKernel({cwd: packageRoot}, async (kernel) => {
      for (const [name, code, ename, evalue, line, column] of failing) {
        const ran = await run(kernel, code);
        const error = errorOf(ran);
        expect({name, status: ran.status, ...error}).toMatchObject({
          name,
          status: "error",
          ename,
          evalue: evalue === "*" ? expect.any(String) : evalue,
          line,
          column,
          late: false,
        });
        const {traceback = []} = error ?? {};
        const marked = traceback.filter((text) => text.startsWith("> "));
        expect([name, marked]).toEqual([name, line === null ? [] : [expect.any(String)]]);
        expect(traceback.join("\n")).not.toMatch(/tslab|node:|preload|evalmachine/);
        expect(ran.error).toMatchObject({ename, evalue: error?.evalue});
      }
    });
  });

  it("names the cell and the cause of an error from elsewhere", async () => {
    await withKernel({cwd: fixtures}, async (kernel) => {
      await run(
        kernel,
        "const wrap = (n: number) => {\n  throw new Error('outer', {cause: new Error('why')});\n};",
      );
      const error = errorOf(await run(kernel, "const a = 1;\nwrap(a);"));
      expect(error?.traceback).toEqual([
        "Error: outer",
        "line 2 in cell [1]:",
        "  1 | const wrap = (n: number) => {",
        "> 2 |   throw new Error('outer', {cause: new Error('why')});",
        "    |         ^",
        "    at wrap (cell [1], line 2, column 9)",
        "    at cell [2], line 2, column 1",
        "Caused by Error: why",
      ]);
      // The first frame of the cell itself.
      expect(error).toMatchObject({line: 2, column: 1});
      // A local module, also after the cell went to another folder.
      const code = "process.chdir('/');\nimport {failAbove} from './failing-module';\n";
      const inModule = errorOf(await run(kernel, `${code}failAbove(2, {most: 1});`));
      expect(inModule?.traceback.slice(-2)).toEqual([
        "    at failAbove (failing-module.ts:8:11)",
        "    at cell [3], line 3, column 10",
      ]);
    });
  });

  it("loses no line and no byte, however it is written", {timeout: 30_000}, async () => {
    await withKernel({cwd: packageRoot}, async (kernel) => {
      for (const count of [1, 600, 100_000]) {
        const {outputs, text} = await run(
          kernel,
          `for (let i = 0; i < ${count}; ++i) console.log(i)`,
        );
        expect(text.split("\n").length - 1).toBe(count);
        expect(outputs.length).toBeLessThan(30);
      }
      const bytes = await run(
        kernel,
        "const b = Buffer.from('日本'); process.stdout.write(b.subarray(0, 2));\n" +
          "process.stdout.write(b.subarray(2)); process.stdout.write('6869', 'hex');",
      );
      expect(bytes.text).toBe("日本hitrue\n");
      // A client that is away while more arrives than ZeroMQ would hold by itself.
      const count = 5000;
      const outputs: KernelOutput[] = [];
      const code =
        "import {display} from 'tslab';\n" +
        `for (let i = 0; i < ${count}; ++i) { console.log(i); display.text(String(i)); }`;
      await kernel.execute(code, {
        onOutput: (output) => {
          outputs.push(output);
          const until = monotonicMs() + (outputs.length === 1 ? 500 : 0);
          while (monotonicMs() < until) {}
        },
      });
      const order = outputs.map((output) =>
        output.kind === "stream"
          ? output.text.trim()
          : output.kind === "display" && output.data["text/plain"],
      );
      expect(order).toEqual(Array.from({length: count}, (_, i) => [String(i), String(i)]).flat());
    });
  });

  it("goes on right after an error, and interrupts what can be interrupted", async () => {
    await withKernel({cwd: packageRoot}, async (kernel) => {
      expect((await run(kernel, "throw new Error('x')")).status).toBe("error");
      expect(await run(kernel, "1 + 1")).toMatchObject({status: "ok", text: "2\n"});
      for (const code of ["while (true) {}", "await new Promise(() => {})"]) {
        expect((await run(kernel, code, 200)).status).toBe("timeout");
      }
      expect(await run(kernel, "'still here'")).toMatchObject({text: "still here\n"});
      expect((await kernel.facts(1000))?.waits).toBe(0);
    });
  });

  it("speaks over TCP where there are no socket files", async () => {
    const {info, remove} = await createConnection("tcp");
    await remove();
    expect(info).toMatchObject({transport: "tcp", ip: "127.0.0.1"});
    const ports = [
      info.shell_port,
      info.iopub_port,
      info.stdin_port,
      info.control_port,
      info.hb_port,
    ];
    expect(new Set(ports).size).toBe(5);
  });

  it("leaves no kernel behind when its runner is killed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "runner-"));
    const busy = join(folder, "busy.cjs");
    // A cell that never lets the main thread go.
    writeFileSync(busy, "setTimeout(() => { while (true) {} }, 300);");
    const connection = await createConnection("ipc");
    const args = ["-r", preloadScript, "-r", busy, tslabScript(), "kernel", "--config-path"];
    const script = `
      const {spawn} = require("node:child_process");
      const child = spawn(process.execPath, ${JSON.stringify([...args, connection.path])}, {
        detached: true,
        stdio: ["ignore", "ignore", "ignore", "pipe"],
        env: {...process.env, RECKON_PARENT_FD: "3"},
      });
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const runner = spawn(process.execPath, ["-e", script], {stdio: ["ignore", "pipe", "inherit"]});
    try {
      const pid = await new Promise<number>((resolve) => {
        runner.stdout.once("data", (text: Buffer) => resolve(Number(String(text))));
      });
      await sleep(1000);
      expect(isAlive(pid)).toBe(true);
      runner.kill("SIGKILL");
      const start = monotonicMs();
      while (isAlive(pid) && monotonicMs() - start < 3000) {
        await sleep(20);
      }
      expect(isAlive(pid)).toBe(false);
      expect(existsSync(connection.path)).toBe(false);
    } finally {
      runner.kill("SIGKILL");
      await connection.remove();
      rmSync(folder, {recursive: true, force: true});
    }
  });
});
