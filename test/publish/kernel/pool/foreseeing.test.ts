import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import type {Foreseen} from "../../../../publish/kernel/kernel.js";
import type {KernelOutput} from "../../../../publish/kernel/kernel-output.js";
import {packageRoot} from "../../../../publish/kernel/package-root.js";
import {foreseeing} from "../../../../publish/kernel/pool/foreseeing.js";
import {KernelPool} from "../../../../publish/kernel/pool/kernel-pool.js";
import type {PoolEffects} from "../../../../publish/kernel/pool/pool-effects.js";
import {withKernelPool} from "../../../../publish/kernel/pool/with-kernel-pool.js";
import {FakeWorld, turns} from "./fake-kernels.js";

const of = (name: string): Foreseen => ({modules: [name], cells: []});

it("tells each kernel of its own run, and hands out one that cannot be told", async () => {
  const world = new FakeWorld();
  const runOf = (n: number) =>
    n === 1
      ? Promise.reject(new Error("no such notebook"))
      : Promise.resolve([of("first"), undefined, of("third")][n]);
  const pool = new KernelPool({cwd: "/", maxKernels: 4, runs: 4}, foreseeing(runOf, world));
  await turns(5);
  expect(world.kernels.map(({foreseen}) => foreseen)).toEqual([
    [of("first")],
    [],
    [of("third")],
    [],
  ]);
  const pids = await Promise.all(
    world.kernels.map(() => pool.use({cwd: "/"}, ({pid}) => Promise.resolve(pid))),
  );
  expect(pids.sort()).toEqual([1, 2, 3, 4]);
  await pool.close();
});

const cells = [
  {name: "cell 1", source: 'import {double} from "./own";\nconst limit: number = 2;'},
  {name: "the given parameters", source: "const limit: number = 4;"},
  {name: "cell 2", source: "console.log(double(limit), process.env.INDEX, seen());"},
  {name: "cell 3", source: "const text = String(limit);\nthrow new Error(text);"},
];
/** What a cell is given differs from what was foreseen. */
const given = {...cells[1], source: "const limit: number = 5;"} as (typeof cells)[0];

it("runs foreseen cells as it runs others", {timeout: 60_000}, async () => {
  const cwd = mkdtempSync(join(tmpdir(), "foreseen-"));
  mkdirSync(join(cwd, "node_modules"));
  symlinkSync(join(packageRoot, "node_modules", "@types"), join(cwd, "node_modules", "@types"));
  writeFileSync(join(cwd, "own.ts"), "export const double = (n: number): number => 2 * n;\n");
  const seen = {name: "cell 0", source: "const seen = () => (globalThis as any).ahead;"};
  const module = join(cwd, "ahead.cjs");
  writeFileSync(module, "globalThis.ahead = String(process.env.INDEX);");
  const foreseen = {modules: [module], cells: [seen, ...cells]};
  const inner = foreseeing(() => Promise.resolve(foreseen));
  const start: PoolEffects["start"] = async (options) => {
    const kernel = await inner.start(options);
    // Between two answers it does one step at least.
    for (let step = 0; step < 2 * foreseen.cells.length + 2; ++step) await kernel.facts(10_000);
    return kernel;
  };
  try {
    await withKernelPool(
      {cwd, maxKernels: 1, runs: 1},
      (kernels) =>
        kernels({cwd, env: {INDEX: "7"}}, async (kernel) => {
          const outputs: KernelOutput[] = [];
          for (const {name, source} of [seen, cells[0], given, cells[2], cells[3]].map(
            (cell) => cell as (typeof cells)[0],
          )) {
            await kernel.execute(source, {name, onOutput: (output) => outputs.push(output)});
          }
          expect(outputs).toMatchObject([
            {kind: "stream", text: "10 7 undefined\n"},
            {kind: "error", evalue: "5", line: 2, column: 7},
          ]);
        }),
      {...inner, start},
    );
  } finally {
    rmSync(cwd, {recursive: true, force: true});
  }
});
