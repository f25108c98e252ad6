import {existsSync} from "node:fs";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import type {
  BatchEffects,
  BatchRequest,
  BatchResult,
} from "../../../publish/batch/batch-request.js";
import {runBatch} from "../../../publish/batch/run-batch.js";
import {PublishError} from "../../../publish/errors.js";
import {withKernel} from "../../../publish/kernel/with-kernel.js";
import type {RunOptions, RunOutcome} from "../../../publish/notebook/run-outcome.js";
import {code} from "../render/sample-notebook.js";
import {type Desk, failed, good, openDesk, startedAt, worldOf} from "../result/desk.js";

let desk: Desk;
let notebookPath: string;
beforeEach(async () => {
  desk = await openDesk();
  notebookPath = await desk.save("model", code('const model: string = "C1";', [], ["parameters"]));
});
afterEach(() => desk.remove());

/** A world in which a run fails where its model is called so, and is noted in `ran`. */
function world(ran: unknown[], part: Partial<BatchEffects> = {}): BatchEffects {
  const run = async ({onEvent, parameterLayers}: RunOptions): Promise<RunOutcome> => {
    const parameters = parameterLayers?.at(-1)?.values ?? {};
    ran.push(parameters.model);
    onEvent?.({type: "run-started", parameters: usedOf(parameters), codeCells: 1, cells: 1});
    await new Promise((resolve) => setImmediate(resolve));
    const outcome = parameters.model === "bad" ? failed() : good();
    return {...outcome, parameters: usedOf(parameters)};
  };
  const withKernels: BatchEffects["withKernels"] = (_options, use) => use(withKernel);
  return {...worldOf(good()), runNotebook: run, withKernels, ...part};
}

const usedOf = ({model = "C1"}: Readonly<Record<string, unknown>>) => [
  {name: "model", type: "string", comment: "", value: model, given: true, origin: "config 0"},
];

function run(
  models: readonly string[],
  part: Partial<BatchRequest> = {},
  effects: BatchEffects = world([]),
): Promise<BatchResult> {
  const configs = models.map((model) => ({model}));
  const request = {notebookPath, dstDir: desk.dstDir, configs, now: () => startedAt};
  return runBatch({...request, ...part}, effects);
}

const states = ({runs}: BatchResult) =>
  runs.map((one) => (one.state === "published" ? one.result.status : one.state));
const isMarked = (index: number) => existsSync(join(desk.dstDir, `result_${index}`, "success.txt"));

describe("a batch", () => {
  it.each([
    ["one after the other", 1],
    ["side by side", 2],
    ["with more hands than work", 9],
  ])("of good runs, %s, leaves a result for each", async (_name, threads) => {
    const result = await run(["A", "B", "C"], {threads});
    expect(states(result)).toEqual(["ok", "ok", "ok"]);
    expect(result).toMatchObject({failed: [], exitCode: 0});
    const names = await readdir(desk.dstDir);
    expect(names.sort()).toEqual(["log.20250902-000112.txt", "result_0", "result_1", "result_2"]);
    expect(await readdir(join(desk.dstDir, "result_1"))).toEqual(
      expect.arrayContaining(["config.json", "config.txt", "model.1.ipynb", "success.txt"]),
    );
    expect(JSON.parse(await desk.read("result_2", "config.json"))).toEqual({model: "C"});
  });

  it("paints all figures with one painter, also side by side", async () => {
    const used: number[] = [];
    let painters = 0;
    const withPainter: BatchEffects["withPainter"] = (use) => {
      const id = painters++;
      const paint = async () => {
        used.push(id);
        return Buffer.from("no real PNG");
      };
      return use({paint, warm: () => used.push(id)});
    };
    await run(["A", "B", "C"], {threads: 3}, world([], {withPainter}));
    expect(used).toEqual([0, 0, 0]);
  });

  it("stops at a failure, and publishes what failed", async () => {
    const ran: unknown[] = [];
    const result = await run(["A", "bad", "C"], {}, world(ran));
    expect(ran).toEqual(["A", "bad"]);
    expect(states(result)).toEqual(["ok", "cell-failed", "not-run"]);
    expect(result).toMatchObject({failed: [1], exitCode: 1});
    expect([isMarked(0), isMarked(1)]).toEqual([true, false]);
    const files = await readdir(join(desk.dstDir, "result_1"));
    expect(files).toEqual(expect.arrayContaining(["config.json", "run_notebook.1.log"]));
    expect(files.filter((file) => file.endsWith(".html"))).toHaveLength(1);
    expect(existsSync(join(desk.dstDir, "result_2"))).toBe(false);
  });

  it("goes on past a failure when asked to", async () => {
    const result = await run(["A", "bad", "C"], {skipOnError: true});
    expect(states(result)).toEqual(["ok", "cell-failed", "ok"]);
    expect(result).toMatchObject({failed: [1], exitCode: 1});
  });

  it("lets cells fail when asked to: exit code 0, and still no marker", async () => {
    const result = await run(["bad"], {allowErrors: true});
    expect(states(result)).toEqual(["cell-failed"]);
    expect(result).toMatchObject({failed: [], exitCode: 0});
    expect(isMarked(0)).toBe(false);
  });

  it("tries a run again, into the same log", async () => {
    const ran: unknown[] = [];
    const effects = world(ran);
    let tries = 0;
    const flaky = async (options: RunOptions) =>
      effects.runNotebook({
        ...options,
        parameterLayers: [{origin: "config 0", values: {model: ++tries < 3 ? "bad" : "A"}}],
      });
    const result = await run(["A"], {attempts: 3}, {...effects, runNotebook: flaky});
    expect(ran).toEqual(["bad", "bad", "A"]);
    expect(states(result)).toEqual(["ok"]);
    const lines = (await desk.read("log.20250902-000112.txt")).trim().split("\n");
    expect(lines.map((line) => line.replace(/^.*?UTC /, "").replace(/; file.*$/, ""))).toEqual([
      "model 0: attempt 1 started",
      "model 0: attempt 1 ended: cell-failed, exit code 1",
      "model 0: attempt 2 started",
      "model 0: attempt 2 ended: cell-failed, exit code 1",
      "model 0: attempt 3 started",
      "model 0: attempt 3 ended: ok, exit code 0",
    ]);
    const log = await desk.read("result_0", "run_notebook.0.log");
    expect(log.match(/ended: /g)).toHaveLength(3);
  });

  it("gives up after the last attempt", async () => {
    const ran: unknown[] = [];
    expect(states(await run(["bad"], {attempts: 2}, world(ran)))).toEqual(["cell-failed"]);
    expect(ran).toHaveLength(2);
  });

  it("runs only what is selected, under its own number", async () => {
    expect(states(await run(["A", "B", "C"], {only: 1}))).toEqual(["ok"]);
    expect([isMarked(0), isMarked(1), isMarked(2)]).toEqual([false, true, false]);
    const ran: unknown[] = [];
    await run(["A", "B", "C"], {startFrom: 1, incremental: false}, world(ran));
    expect(ran).toEqual(["B", "C"]);
  });

  it("runs no more than `threads` at once, and as many", async () => {
    const seen: number[] = [];
    let now = 0;
    let openGate = () => {};
    const gate = new Promise<void>((resolve) => {
      openGate = resolve;
    });
    const effects = world([]);
    const counted = async (options: RunOptions) => {
      seen.push(++now);
      if (now === 3) openGate();
      await gate; // the first ones wait for the third: fewer at once would wait for ever
      const outcome = await effects.runNotebook(options);
      --now;
      return outcome;
    };
    await run([..."ABCDEFGH"], {threads: 3}, {...effects, runNotebook: counted});
    expect(seen).toHaveLength(8);
    expect(Math.max(...seen)).toBe(3);
  });

  it("a run that cannot be written is told, and stops the batch", async () => {
    const full: BatchEffects["writeFile"] = async (path) => {
      throw new PublishError("write-failed", `${path}: ENOSPC`);
    };
    const result = await run(["A", "B"], {}, world([], {writeFile: full}));
    expect(states(result)).toEqual(["broken", "not-run"]);
    expect(result).toMatchObject({failed: [0], exitCode: 9});
  });
});

describe("what is done", () => {
  const again = async (models: readonly string[], part: Partial<BatchRequest> = {}) => {
    const ran: unknown[] = [];
    await run(models, part, world(ran));
    return ran;
  };
  beforeEach(() => run(["A", "bad", "C"], {skipOnError: true}));

  it("is left out; what failed runs again", async () => {
    expect(await again(["A", "bad", "C"], {skipOnError: true})).toEqual(["bad"]);
  });

  it("runs again when asked to", async () => {
    expect(await again(["A"], {incremental: false})).toEqual(["A"]);
  });

  it("runs again with another value", async () => {
    expect(await again(["A2", "B", "C"])).toEqual(["A2", "B"]);
  });

  it("runs again when the notebook changed", async () => {
    const text = await readFile(notebookPath, "utf8");
    await writeFile(notebookPath, text.replace("C1", "C2"));
    expect(await again(["A"])).toEqual(["A"]);
  });

  it.each([
    ["a marker beside a record of a failure", '"status": "ok"', '"status": "cell-failed"'],
    ["a marker beside a record that is no JSON", "{", "["],
  ])("%s proves nothing", async (_name, from, to) => {
    const path = join(desk.dstDir, "result_0", "run.json");
    await writeFile(path, (await readFile(path, "utf8")).replace(from, to));
    expect(await again(["A"])).toEqual(["A"]);
  });
});

describe("a batch that cannot be is refused before anything runs", () => {
  it.each<[string, Partial<BatchRequest>, RegExp]>([
    ["an index beyond the list", {only: 3}, /index: expected 0\.\.2, found 3/],
    ["a start beyond the list", {startFrom: -1}, /start-from-index: expected 0\.\.2, found -1/],
    ["an unknown parameter", {configs: [{model: "A"}, {modle: "B"}]}, /config 1: .*modle/s],
    ["a wrong type", {configs: [{model: "A"}, {model: 5}]}, /config 1: .*model.*string.*5/s],
  ])("%s", async (_name, part, message) => {
    const ran: unknown[] = [];
    await expect(run(["A", "B", "C"], part, world(ran))).rejects.toThrow(message);
    expect(ran).toEqual([]);
    expect(existsSync(desk.dstDir)).toBe(false);
  });
});
