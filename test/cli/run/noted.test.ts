import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openSharedStore} from "../../../src/flows/shared-store.js";
import {feedDumpRows} from "../../../src/market/live/read-feed.js";
import {writeReplayFile} from "../../../src/market/replay-file/write-replay-file.js";
import {listRuns} from "../../../src/store/runs.js";
import {HOUR_MS, MINUTE_MS} from "../../../src/time/epoch.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {MemoryFeed} from "../../market/live/memory-feed.js";
import {placeEmptyStore} from "../../store/pglite-template.js";
import {
  LIVE_END,
  LIVE_OVERRIDES,
  LIVE_START,
  LIVE_SYMBOLS,
  liveRows,
} from "../../system/live-sample.js";
import {reckon} from "../command-line.js";

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-run-noted-"));
  await placeEmptyStore(root);
  const clock = new SimulatedClock(LIVE_END + HOUR_MS);
  const feed = new MemoryFeed(liveRows(), {symbols: LIVE_SYMBOLS, barMs: MINUTE_MS, clock});
  const rows = feedDumpRows(feed, {from: LIVE_START - 3 * HOUR_MS, to: LIVE_END});
  await writeReplayFile(join(root, "test_data.csv.gz"), rows, {barMs: MINUTE_MS, names: new Map()});
}, 180_000);
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** Runs C1 over three bars of the sample, into a folder of this name. */
async function run(name: string, ...flags: readonly string[]) {
  const {exitCode, stderr} = await reckon(
    ...["run", "--model", "C1", "--data-dir", root, "--dst-dir", join(root, name)],
    ...["--market-data-file", join(root, "test_data.csv.gz")],
    ...["--start-timestamp", "20250901_120000", "--run-duration", "900"],
    ...LIVE_OVERRIDES.flatMap((text) => ["--set-config-value", text]),
    ...flags,
  );
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
}

describe("the table of runs", () => {
  it("has a run that works with the store, and no other", async () => {
    await run("in-memory");
    const broker = "portfolio_config.broker_config.type=database";
    await run("database", "--set-config-value", broker, "--tag", "night", "--mode", "scheduled");
    const store = await openSharedStore(root);
    try {
      expect(await listRuns(store)).toMatchObject([
        {
          model: "C1",
          tag: "night",
          runMode: "simulation",
          scheduleMode: "scheduled",
          start: LIVE_START,
          end: LIVE_START + 15 * MINUTE_MS,
          dir: join(root, "database"),
          exitState: "done",
        },
      ]);
    } finally {
      await store.close();
    }
  });
});
