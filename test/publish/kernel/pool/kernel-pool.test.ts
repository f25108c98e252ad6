import * as fc from "fast-check";
import {afterEach, describe, expect, it, vi} from "vitest";
import type {Kernel} from "../../../../publish/kernel/kernel.js";
import {KernelPool, type KernelPoolOptions} from "../../../../publish/kernel/pool/kernel-pool.js";
import {type FakeKernel, FakeWorld, turn, turns} from "./fake-kernels.js";

const cwd = "/notebooks";
const megabyte = 2 ** 20;

/** Uses a pool of fakes and expects that nothing of it is left. */
async function withPool(
  options: KernelPoolOptions,
  use: (pool: KernelPool, world: FakeWorld) => Promise<void>,
  world = new FakeWorld(),
): Promise<void> {
  const pool = new KernelPool(options, world);
  try {
    await use(pool, world);
  } finally {
    await pool.close();
    expect(world.alive).toEqual([]);
  }
}

const pidOf = (kernel: Kernel) => Promise.resolve(kernel.pid);

afterEach(() => {
  vi.useRealTimers();
});

describe("a pool of kernels", () => {
  it("hands out what it started ahead, each to one user", async () => {
    await withPool({cwd, maxKernels: 2}, async (pool, world) => {
      await turns(3);
      expect(world.alive.map(({pid}) => pid)).toEqual([1, 2]);
      expect(await pool.use({cwd}, pidOf)).toBe(1);
      expect(await pool.use({cwd}, pidOf)).toBe(2);
      expect(await pool.use({cwd}, pidOf)).toBe(3);
      expect(world.kernels.slice(0, 3).some(({isAlive}) => isAlive)).toBe(false);
    });
  });

  it.each([0, 1, 3, 9])("starts no kernel that none of %i runs needs", async (runs) => {
    await withPool({cwd, maxKernels: 4, runs}, async (pool, world) => {
      await turns(3);
      for (let i = 0; i < runs; ++i) {
        await pool.use({cwd}, pidOf);
        await turns(3);
      }
      expect(world.kernels.length).toBe(runs);
    });
  });

  it("starts none before it knows a folder, then some like the last one", async () => {
    await withPool({maxKernels: 3, ahead: 1}, async (pool, world) => {
      await turns(3);
      expect(world.kernels.length).toBe(0);
      const env = {NODE_PATH: "/modules", SECRET: "hidden"};
      await pool.use({cwd, env}, pidOf);
      await turns(3);
      expect(world.alive.map(({options}) => [options.cwd, options.env])).toEqual([
        [cwd, {NODE_PATH: "/modules"}],
      ]);
    });
  });

  it("gives a kernel its user's environment, or starts one where that is too late", async () => {
    await withPool({cwd, maxKernels: 2}, async (pool, world) => {
      await turns(3);
      const used = async (env: Record<string, string>) =>
        world.kernels[(await pool.use({cwd, env}, pidOf)) - 1] as FakeKernel;
      const late = await used({INDEX: "7"});
      expect(late.pid).toBeLessThan(3);
      expect(late.environments.at(-1)).toMatchObject({INDEX: "7", PATH: process.env.PATH});
      const early = await used({NODE_OPTIONS: "--max-old-space-size=100"});
      expect(early.pid).toBeGreaterThan(2);
      expect(early.options.env).toEqual({NODE_OPTIONS: "--max-old-space-size=100"});
    });
  });

  it("replaces a kernel that died or fell silent while it waited", async () => {
    await withPool({cwd, maxKernels: 2}, async (pool, world) => {
      await turns(3);
      world.kernels[0]?.end("SIGKILL");
      Object.assign(world.kernels[1] as FakeKernel, {answers: false});
      await turns(3);
      expect(await pool.use({cwd}, pidOf)).toBe(3);
    });
  });

  it("does not start for ever what dies at once", async () => {
    await withPool({cwd, maxKernels: 2}, async (_pool, world) => {
      for (let i = 0; i < 50; ++i) {
        await turn();
        for (const kernel of world.alive) kernel.end("exit 1");
      }
      expect(world.kernels.length).toBeLessThan(6);
    });
  });

  it("tells him who waits why no kernel starts, and goes on", async () => {
    await withPool({maxKernels: 1}, async (pool, world) => {
      world.failing = 1;
      const failures: string[] = [];
      const onStartFailed = (_attempt: number, message: string) => failures.push(message);
      await expect(pool.use({cwd, onStartFailed}, pidOf)).rejects.toMatchObject({
        code: "kernel-not-started",
      });
      expect(failures).toEqual(["no luck"]);
      expect(await pool.use({cwd}, pidOf)).toBe(1);
    });
  });

  it("never holds more kernels than it may, whoever asks for what", async () => {
    const asks = fc.array(fc.record({folder: fc.constantFrom("/a", "/b", "/c"), ms: fc.nat(4)}), {
      minLength: 1,
      maxLength: 12,
    });
    const property = fc.asyncProperty(asks, fc.integer({min: 1, max: 4}), (list, maxKernels) =>
      withPool({cwd: "/a", maxKernels, ahead: 2}, async (pool, world) => {
        const served = await Promise.all(
          list.map(({folder, ms}) =>
            pool.use({cwd: folder}, async (kernel) => {
              await turns(ms);
              return [folder, (kernel as FakeKernel).options.cwd, kernel.pid];
            }),
          ),
        );
        expect(served.every(([wanted, got]) => wanted === got)).toBe(true);
        expect(new Set(served.map(([, , pid]) => pid)).size).toBe(list.length);
        expect(world.most).toBeLessThanOrEqual(maxKernels);
      }),
    );
    await fc.assert(property, {seed: 4, numRuns: 60});
  });
});

describe("a pool that is ended", () => {
  it("ends kernels that start, wait and work, and refuses those who ask", async () => {
    const world = new FakeWorld();
    const pool = new KernelPool({cwd, maxKernels: 2}, world);
    const working = pool.use({cwd}, (kernel) => kernel.ended);
    const waiting = pool.use({cwd}, (kernel) => kernel.ended);
    const left = pool.use({cwd}, pidOf).catch((error: unknown) => error);
    await turns(5);
    await pool.close();
    expect([await working, await waiting]).toEqual(["SIGKILL", "SIGKILL"]);
    expect(await left).toMatchObject({code: "interrupted"});
    await expect(pool.use({cwd}, pidOf)).rejects.toMatchObject({code: "interrupted"});
    expect(world.alive).toEqual([]);
  });

  it("keeps, on its signal, only the kernel that is in use", async () => {
    const stop = new AbortController();
    await withPool({cwd, maxKernels: 2, signal: stop.signal}, async (pool, world) => {
      await pool.use({cwd}, async (kernel) => {
        stop.abort();
        await turns(3);
        expect(world.alive.map(({pid}) => pid)).toEqual([kernel.pid]);
      });
      await expect(pool.use({cwd}, pidOf)).rejects.toMatchObject({code: "interrupted"});
    });
  });

  it("lets him go who waits no longer", async () => {
    await withPool({cwd, maxKernels: 1, runs: 1}, async (pool) => {
      await pool.use({cwd}, async () => {
        const stop = new AbortController();
        const asked = pool.use({cwd, signal: stop.signal}, pidOf);
        stop.abort();
        await expect(asked).rejects.toMatchObject({code: "interrupted"});
      });
      expect(await pool.use({cwd}, pidOf)).toBe(2);
    });
  });
});

describe("the memory of a pool's kernels", () => {
  const fakeTimers = () => vi.useFakeTimers({toFake: ["setInterval", "clearInterval"]});
  const measure = async () => {
    await vi.advanceTimersByTimeAsync(500);
    await turns(4);
  };

  it("ends a kernel that holds more than one may, and says so", async () => {
    fakeTimers();
    const caps = {maxTotalBytes: 2000 * megabyte, maxKernelBytes: 300 * megabyte};
    await withPool({cwd, maxKernels: 2, ahead: 0, ...caps}, async (pool) => {
      const how = pool.use({cwd}, (kernel) => {
        (kernel as FakeKernel).bytes = 301 * megabyte;
        return kernel.ended;
      });
      await turns(3);
      await measure();
      expect(await how).toBe(
        "SIGKILL: it held 301 MB of memory, more than the 300 MB that one kernel may",
      );
    });
  });

  it("puts off new starts while there is no room, but not for ever", async () => {
    fakeTimers();
    await withPool(
      {maxKernels: 3, ahead: 0, maxTotalBytes: 500 * megabyte},
      async (pool, world) => {
        let leave = () => {};
        const first = pool.use({cwd}, async (kernel) => {
          (kernel as FakeKernel).bytes = 400 * megabyte;
          await new Promise<void>((resolve) => {
            leave = resolve;
          });
        });
        await turns(3);
        await measure();
        const second = pool.use({cwd}, pidOf);
        await measure();
        expect(world.kernels.length).toBe(1);
        leave();
        await first;
        expect(await second).toBe(2);
      },
    );
  });

  it("ends idle kernels first, then the largest", async () => {
    fakeTimers();
    const caps = {maxTotalBytes: 1000 * megabyte};
    await withPool({cwd, maxKernels: 3, ahead: 1, ...caps}, async (pool, world) => {
      const ends = [400, 700].map((size) =>
        pool.use({cwd}, async (kernel) => {
          (kernel as FakeKernel).bytes = size * megabyte;
          return [size, await kernel.ended];
        }),
      );
      await turns(5);
      expect(world.alive.length).toBe(3);
      await measure();
      expect(world.alive.length).toBe(1);
      expect(await ends[1]).toEqual([
        700,
        "SIGKILL: it held 700 MB of memory, " +
          "and all kernels together more than the 1000 MB they may",
      ]);
    });
  });
});
