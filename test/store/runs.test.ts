import {expect, it} from "vitest";
import {endRun, listRuns, type RunStart, recordRun} from "../../src/store/runs.js";
import {HOUR_MS} from "../../src/time/epoch.js";
import {describeEachStore, emptyTables} from "./on-each-store.js";

const START = Date.UTC(2025, 8, 1);

function run(id: string, hour: number, more: Partial<RunStart> = {}): RunStart {
  return {
    id,
    model: "C1",
    tag: "",
    runMode: "simulation",
    scheduleMode: "manual",
    start: START + hour * HOUR_MS,
    end: START + (hour + 1) * HOUR_MS,
    dir: `/runs/${id}`,
    startedAt: START + (hour + 2) * HOUR_MS + 7,
    configHash: "ab".repeat(32),
    versions: {reckon: "0.1.0", git_commit: null},
    ...more,
  };
}

describeEachStore("runs in the store", (store) => {
  it("are noted as they start and as they end, and listed newest first", async () => {
    await emptyTables(store());
    await recordRun(store(), run("a", 0));
    await recordRun(store(), run("b", 1, {model: "C3", tag: "x", runMode: "prod"}));
    expect(await endRun(store(), "a", {exitState: "done", endedAt: START + 9 * HOUR_MS})).toBe(
      true,
    );
    expect(await listRuns(store())).toEqual([
      {
        ...run("b", 1, {model: "C3", tag: "x", runMode: "prod"}),
        exitState: "running",
        endedAt: null,
      },
      {...run("a", 0), exitState: "done", endedAt: START + 9 * HOUR_MS},
    ]);
    const ids = async (query: Parameters<typeof listRuns>[1]) =>
      (await listRuns(store(), query)).map(({id}) => id);
    expect(await ids({model: "C1"})).toEqual(["a"]);
    expect(await ids({tag: "x", runMode: "prod"})).toEqual(["b"]);
    expect(await ids({startedFrom: START + 3 * HOUR_MS + 7})).toEqual(["b"]);
    expect(await ids({limit: 1})).toEqual(["b"]);
  });

  it("a run that starts again is running again", async () => {
    await emptyTables(store());
    await recordRun(store(), run("a", 0));
    await endRun(store(), "a", {exitState: "failed", endedAt: START});
    await recordRun(store(), run("a", 0, {dir: "/elsewhere"}));
    const [again] = await listRuns(store());
    expect(again).toMatchObject({dir: "/elsewhere", exitState: "running", endedAt: null});
  });

  it("ending a run that was never noted says so", async () => {
    expect(await endRun(store(), "ghost", {exitState: "done", endedAt: START})).toBe(false);
  });
});
