import {existsSync} from "node:fs";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import type {BatchEffects, BatchRequest} from "../../../publish/batch/batch-request.js";
import {runBatch} from "../../../publish/batch/run-batch.js";
import {withKernel} from "../../../publish/kernel/with-kernel.js";
import type {RunOptions, RunOutcome, UsedParameter} from "../../../publish/notebook/run-outcome.js";
import {code} from "../render/sample-notebook.js";
import {type Desk, failed, good, openDesk, startedAt, worldOf} from "../result/desk.js";

let desk: Desk;
let notebookPath: string;
let ran = 0;
beforeEach(async () => {
  desk = await openDesk();
  notebookPath = await desk.save("model", code('const model: string = "C1";', [], ["parameters"]));
  ran = 0;
});
afterEach(() => desk.remove());

/** A world in which every run ends so. */
function world(outcome: RunOutcome): BatchEffects {
  const runNotebook = async ({onEvent}: RunOptions): Promise<RunOutcome> => {
    ++ran;
    onEvent?.({type: "run-started", parameters: outcome.parameters, codeCells: 1, cells: 1});
    return outcome;
  };
  const withKernels: BatchEffects["withKernels"] = (_options, use) => use(withKernel);
  return {...worldOf(outcome), runNotebook, withKernels};
}

async function run(part: Partial<BatchRequest> = {}, outcome = good()) {
  const cache = {dir: join(desk.folder, "cache"), refresh: false};
  const now = () => startedAt + ran * 60_000;
  const request = {notebookPath, dstDir: desk.dstDir, configs: [{}], now, cache, cwd: desk.folder};
  const result = await runBatch({...request, ...part}, world(outcome));
  return {...result, states: result.runs.map(({state}) => state)};
}

describe("a cached batch", () => {
  it("takes an earlier result, into whichever folder and number", async () => {
    expect((await run()).states).toEqual(["published"]);
    const first = join(desk.dstDir, "result_0");
    const before = JSON.parse(await readFile(join(first, "run.json"), "utf8"));
    expect((await run()).states).toEqual(["cached"]);
    const dstDir = join(desk.folder, "other");
    const {states, exitCode, runs} = await run({dstDir, configs: [{}, {}]});
    expect([states, exitCode, ran]).toEqual([["cached", "cached"], 0, 1]);
    const folder = join(dstDir, "result_1");
    const names = (await readdir(first)).sort();
    const renamed = names.map((name) => name.replace(/^(model|run_notebook)\.0\./, "$1.1."));
    expect((await readdir(folder)).sort()).toEqual(renamed);
    const page = renamed.find((name) => name.endsWith(".html")) ?? "";
    expect(runs[1]).toMatchObject({reused: {link: expect.stringContaining(`result_1/${page}`)}});
    const record = JSON.parse(await readFile(join(folder, "run.json"), "utf8"));
    const {runId, startedAt: began} = before;
    expect(record.cachedFrom).toEqual({runId, startedAt: began});
    for (const {path, sha256} of record.artefacts) {
      const {createHash} = await import("node:crypto");
      const bytes = await readFile(join(folder, path));
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
    }
  });

  it("runs again with another value, with a changed notebook, and when told to", async () => {
    await run();
    expect((await run({configs: [{model: "C3"}]})).states).toEqual(["published"]);
    const refresh = {dir: join(desk.folder, "cache"), refresh: true};
    expect((await run({cache: refresh})).states).toEqual(["published"]);
    expect((await run()).states).toEqual(["cached"]);
    await writeFile(notebookPath, (await readFile(notebookPath, "utf8")).replace("C1", "C9"));
    expect((await run()).states).toEqual(["published"]);
    expect(ran).toBe(4);
  });

  it("takes nothing that is damaged, unmarked or overwritten", async () => {
    const file = (name: string) => join(desk.dstDir, "result_0", name);
    const elsewhere = {dstDir: join(desk.folder, "other")};
    await run();
    await writeFile(file("model.0.ipynb"), "{}");
    expect((await run(elsewhere)).states).toEqual(["published"]);
    await writeFile(join(desk.folder, "other", "result_0", "run.json"), "{}");
    expect((await run(elsewhere)).states).toEqual(["published"]);
    expect(existsSync(join(desk.folder, "other", "result_0", "success.txt"))).toBe(true);
  });

  it("keeps no failure and nothing with a secret, and says so", async () => {
    await run({}, failed());
    expect((await run()).states).toEqual(["published"]);
    const secret: UsedParameter = {
      ...{name: "token", type: "SecretText", comment: "", value: undefined},
      ...{given: true, origin: "environment", isSecret: true},
    };
    const configs = [{model: "C2"}];
    await run({configs}, {...good(), parameters: [secret]});
    expect((await run({configs})).states).toEqual(["published"]);
    await desk.save("model", code("1", [], ["no-cache"]));
    await run();
    const again = await run();
    expect(again.states).toEqual(["published"]);
    expect(again.cacheNotes).toEqual(['not in the cache: a cell is tagged "no-cache"']);
  });
});
