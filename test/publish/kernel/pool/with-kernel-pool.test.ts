import {expect, it} from "vitest";
import type {Kernel} from "../../../../publish/kernel/kernel.js";
import {packageRoot} from "../../../../publish/kernel/package-root.js";
import {residentMemory} from "../../../../publish/kernel/pool/resident-memory.js";
import {withKernelPool} from "../../../../publish/kernel/pool/with-kernel-pool.js";
import {isAlive} from "../processes.js";

async function textOf(kernel: Kernel, code: string): Promise<string> {
  let text = "";
  const {status} = await kernel.execute(code, {
    onOutput: (output) => {
      text += output.kind === "stream" ? output.text : "";
    },
  });
  expect({status, text}).toMatchObject({status: "ok"});
  return text.trim();
}

const cwd = packageRoot;

it("hands each user a fresh kernel with his environment", {timeout: 30_000}, async () => {
  const pids = await withKernelPool({cwd, maxKernels: 2, runs: 2}, async (kernels) => {
    const env = {INDEX: "1", TZ: "Asia/Tokyo"};
    const first = await kernels({cwd, env}, async (kernel) => {
      const seen = "[process.env.INDEX, new Date(0).getHours(), process.env.RECKON_PARENT_FD]";
      expect(await textOf(kernel, `JSON.stringify(${seen})`)).toBe('["1",9,null]');
      await textOf(kernel, "const left = 1; (globalThis as any).left = 2;");
      return kernel.pid;
    });
    expect(isAlive(first)).toBe(false);
    const second = await kernels({cwd, env: {OTHER: "2"}}, async (kernel) => {
      const seen = "[process.env.INDEX, process.env.OTHER, (globalThis as any).left]";
      expect(await textOf(kernel, `JSON.stringify(${seen})`)).toBe('[null,"2",null]');
      const before = (await residentMemory([kernel.pid])).get(kernel.pid) ?? 0;
      expect(before).toBeGreaterThan(50 * 2 ** 20);
      const held = "const held = Buffer.alloc(2e8, 1); setInterval(() => held[0], 9);";
      const child = `${held} console.log(held[0])`;
      const printed = await textOf(
        kernel,
        "import {spawn} from 'node:child_process';\n" +
          `const child = spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);\n` +
          "await new Promise((done) => child.stdout.once('data', done));\nconsole.log(child.pid);",
      );
      // The system may take memory back at any time: both are measured at once.
      const sizes = await residentMemory([kernel.pid, Number(printed)]);
      const [all = 0, ofChild = 0] = [kernel.pid, Number(printed)].map((pid) => sizes.get(pid));
      expect(ofChild).toBeGreaterThan(1e8);
      expect(all).toBeGreaterThan(ofChild);
      return kernel.pid;
    });
    return [first, second];
  });
  expect(pids.map(isAlive)).toEqual([false, false]);
  expect(new Set(pids).size).toBe(2);
  expect(await residentMemory(pids)).toEqual(new Map());
});
