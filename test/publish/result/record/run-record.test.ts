import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {Ajv2020} from "ajv/dist/2020.js";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {readNotebookText} from "../../../../publish/notebook/file/read-notebook.js";
import {publishNotebook} from "../../../../publish/result/publish-notebook.js";
import {runningRecord} from "../../../../publish/result/record/run-record.js";
import {
  type RunRecord,
  runRecordJsonSchema,
  runRecordSchema,
} from "../../../../publish/result/record/run-record-schema.js";
import {code, text} from "../../render/sample-notebook.js";
import {type Desk, failed, good, openDesk, provenance, startedAt, worldOf} from "../desk.js";

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.remove());

const record = async (dir = "result_0"): Promise<RunRecord> =>
  JSON.parse(await desk.read(dir, "run.json"));

describe("run.json keeps its published schema", () => {
  const validate = new Ajv2020({validateFormats: false}).compile(runRecordJsonSchema());

  it.each([
    ["good", good],
    ["failed", failed],
  ])("of a %s run", async (_name, outcome) => {
    await desk.publish(worldOf(outcome()));
    const written = await record();
    expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
    expect(runRecordSchema.parse(written)).toEqual(written);
  });

  it("while the run goes on", async () => {
    let seen: unknown;
    const world = worldOf(good());
    const look = async (options: Parameters<typeof world.runNotebook>[0]) => {
      const outcome = await world.runNotebook(options);
      while (seen === undefined) {
        seen = await record().catch(() => undefined);
      }
      return outcome;
    };
    await desk.publish({...world, runNotebook: look});
    expect(seen).toMatchObject({status: "running", exitCode: null, durationMs: null});
    expect(validate(seen)).toBe(true);
    expect((await record()).runId).toBe((seen as RunRecord).runId);
  });

  it("and refuses what does not", () => {
    const running = runningRecord({
      name: "pnl",
      notebookPath: "pnl.ipynb",
      source: "{}",
      provenance,
      startedAt,
    });
    for (const wrong of [{status: "fine"}, {schema: 2}, {exitCode: "0"}, {extra: 1}]) {
      expect(validate({...running, ...wrong})).toBe(false);
    }
  });
});

describe("two runs of the same work", () => {
  /** The record without what it declares volatile. */
  function steady(one: RunRecord): unknown {
    const copy = structuredClone(one) as unknown as Record<string, unknown>;
    for (const field of one.volatile) {
      const [list, inner] = field.split("[].");
      if (inner === undefined) delete copy[field];
      else for (const item of copy[list as string] as Record<string, unknown>[]) delete item[inner];
    }
    copy.artefacts = one.artefacts.map((artefact) =>
      artefact.volatile ? artefact.path.replace(/\d{8}-\d{6}/, "TIME") : artefact,
    );
    return copy;
  }

  it("differ only in what the record declares, outputs included", async () => {
    const notebookPath = await desk.save(
      "twice",
      text("# Twice"),
      code("/** How many. */\nconst count: number = 3;", [], ["parameters"]),
      code("console.log('x'.repeat(count));"),
    );
    const publish = (index: number) =>
      publishNotebook({notebookPath, dstDir: desk.dstDir, index, parameters: {count: 5}});
    const [first, second] = [await publish(0), await publish(1)];
    expect([first.status, second.status]).toEqual(["ok", "ok"]);
    const [one, two] = [await record("result_0"), await record("result_1")];
    const named = (value: unknown) => JSON.stringify(value, null, 1).replace(/\.[01]\./g, ".N.");
    expect(named(steady(two))).toBe(named(steady(one)));
    expect(two.startedAt).not.toBe(one.startedAt);
    expect(one.cells[3]).toMatchObject({status: "ok", outputBytes: expect.any(Number)});
    expect(one.notebook.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await readNotebookText(notebookPath)).not.toContain("xxxxx");
  });
});

describe("the events", () => {
  it("are one JSON line each, in order, with the time", async () => {
    await desk.publish(worldOf(good()));
    const path = join(desk.dstDir, "result_0", "events.jsonl");
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {time: "2025-09-02T00:01:12.000Z", type: "kernel-started", pid: 7, durationMs: 900},
    ]);
  });
});
