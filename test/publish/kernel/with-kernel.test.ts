import {spawn} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {createConnection} from "../../../publish/kernel/connection.js";
import type {ExecuteReply, Kernel} from "../../../publish/kernel/kernel.js";
import type {KernelOutput} from "../../../publish/kernel/kernel-output.js";
import {packageRoot, preloadScript, tslabScript} from "../../../publish/kernel/package-root.js";
import {withKernel} from "../../../publish/kernel/with-kernel.js";
import {monotonicMs, sleep} from "../../../publish/timers.js";
import {failing} from "./failing-cells.js";
import {keptKernels} from "./kept-kernel.js";
import {isAlive} from "./processes.js";

/** A local module that fails on a line that translation moves. */
const failingModule = `interface Limit {
  readonly most: number;
}

export function failAbove(value: number, limit: Limit): number {
  if (value > limit.most) {
    throw new RangeError("too much");
  }
  return value;
}
`;

/** A folder with a local module in it, for as long as it is used. */
async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cells-"));
  try {
    mkdirSync(join(folder, "own"));
    writeFileSync(join(folder, "own", "failing.ts"), failingModule);
    await use(folder);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

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

describe("withKernel", () => {
  it("maps every error to its place in the source", {timeout: 30_000}, async () => {
    await keptKernels({cwd: packageRoot}, async (kernel) => {
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
    const use = async (kernel: Kernel) => {
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
      const code = "process.chdir('/');\nimport {failAbove} from './own/failing';\n";
      const inModule = errorOf(await run(kernel, `${code}failAbove(2, {most: 1});`));
      expect(inModule?.traceback.slice(-2)).toEqual([
        "    at failAbove (own/failing.ts:7:11)",
        "    at cell [3], line 3, column 10",
      ]);
    };
    await withFolder((cwd) => withKernel({cwd}, use));
  });

  it("loses no line and no byte, however it is written", {timeout: 30_000}, async () => {
    await withKernel({cwd: packageRoot}, async (kernel) => {
      for (const count of [1, 600, 1_000_000]) {
        const {outputs, text} = await run(
          kernel,
          `for (let i = 0; i < ${count}; ++i) console.log(i)`,
        );
        expect(text).toBe(Array.from({length: count}, (_, i) => `${i}\n`).join(""));
        expect(outputs.length).toBeLessThan(200);
      }
      const bytes = await run(
        kernel,
        "const b = Buffer.from('日本'); process.stdout.write(b.subarray(0, 2));\n" +
          "process.stdout.write(b.subarray(2)); process.stdout.write('6869', 'hex');",
      );
      expect(bytes.text).toBe("日本hitrue\n");
      const called = "await new Promise((done) => process.stdout.write('called', done))";
      expect(await run(kernel, called)).toMatchObject({status: "ok", text: "called"});
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
      // A loop that has to be killed shows what was printed before it, and while it ran.
      const loop =
        "await null; console.log('before'); console.log('it');\n" +
        "for (let at = Date.now(); ; ) if (Date.now() - at > 100) { console.log('x'); at += 100; }";
      const killed = await run(kernel, loop, 2_500);
      expect(killed.status).toBe("timeout");
      expect(killed.text).toMatch(/^before\nit\n(x\n){3,}$/);
    });
  });

  it("goes on right after an error, and interrupts what can be interrupted", async () => {
    await keptKernels({cwd: packageRoot}, async (kernel) => {
      expect((await run(kernel, "throw new Error('x')")).status).toBe("error");
      // The same cell again, with and without names of its own.
      for (const code of ["1 + 1", "const two: number = 2;\ntwo", "two * 1", ""]) {
        const text = code === "" ? "" : "2\n";
        for (let i = 0; i < 3; ++i) {
          expect(await run(kernel, code)).toMatchObject({status: "ok", text});
        }
      }
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

  it("leaves no kernel behind, busy or idle, when its runner is killed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "runner-"));
    const busy = join(folder, "busy.cjs");
    // A cell that never lets the main thread go.
    writeFileSync(busy, "setTimeout(() => { while (true) {} }, 300);");
    const connections = [await createConnection("ipc"), await createConnection("ipc")] as const;
    const argsOf = (i: 0 | 1, more: readonly string[]) => {
      const start = [tslabScript(), "kernel", "--config-path", connections[i].path];
      return JSON.stringify(["-r", preloadScript, ...more, ...start]);
    };
    const script = `
      const {spawn} = require("node:child_process");
      const start = (args) => spawn(process.execPath, args, {
        detached: true,
        stdio: ["ignore", "ignore", "ignore", "pipe"],
        env: {...process.env, RECKON_PARENT_FD: "3"},
      });
      const children = [start(${argsOf(0, ["-r", busy])}), start(${argsOf(1, [])})];
      console.log(JSON.stringify(children.map(({pid}) => pid)));
      setInterval(() => {}, 1000);`;
    const runner = spawn(process.execPath, ["-e", script], {stdio: ["ignore", "pipe", "inherit"]});
    try {
      const pids = await new Promise<number[]>((resolve) => {
        runner.stdout.once("data", (text: Buffer) => resolve(JSON.parse(String(text))));
      });
      await sleep(1500);
      expect(pids.map(isAlive)).toEqual([true, true]);
      runner.kill("SIGKILL");
      const start = monotonicMs();
      while (pids.some(isAlive) && monotonicMs() - start < 3000) {
        await sleep(20);
      }
      expect(pids.map(isAlive)).toEqual([false, false]);
      expect(connections.map(({path}) => existsSync(path))).toEqual([false, false]);
    } finally {
      runner.kill("SIGKILL");
      await Promise.all(connections.map(({remove}) => remove()));
      rmSync(folder, {recursive: true, force: true});
    }
  });
});
