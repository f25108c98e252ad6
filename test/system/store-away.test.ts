import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {openStore} from "../../src/store/open/open-store.js";
import {HAS_OWN_SERVER, startOwnServer} from "../store/own-server.js";
import {runSample} from "./sample-run.js";
import {DATABASE, IDENTICAL, layersOf, SECOND, SLOW} from "./stored-sample.js";

const WHAT = "a run whose store goes away";

describe.runIf(HAS_OWN_SERVER)(WHAT, () => {
  let root: string;
  let server: Awaited<ReturnType<typeof startOwnServer>>;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "reckon-store-away-"));
    server = await startOwnServer();
  }, 60_000);
  afterAll(() => {
    server?.remove();
    rmSync(root, {recursive: true, force: true});
  });

  /** Calls `work` after the third bar of a run through the OMS tables. */
  async function runWith(name: string, work: () => void, signal?: AbortSignal) {
    let bars = 0;
    const onBar = (): void => {
      bars += 1;
      if (bars === 3) {
        work();
      }
    };
    await runSample(join(root, name), {
      ...SECOND,
      overrideTexts: [DATABASE, SLOW, `cf_config.account=${name}`],
      openStore: () => openStore({databaseUrl: server.url, dataDir: root}, {pending: "apply"}),
      options: {onBar, ...(signal && {signal})},
    });
  }

  it("waits for it by the machine's clock, however fast its own jumps", async () => {
    await runWith("calm", () => {});
    await runWith("away", () => {
      server.crash();
      setTimeout(() => server.start(), 1_500);
    });
    expect(await layersOf(join(root, "calm"), join(root, "away"))).toEqual(IDENTICAL);
    const log = readFileSync(join(root, "away", "log.txt"), "utf8");
    expect(log).toMatch(/database away: trying again.*the database is back/s);
  }, 60_000);

  it("ends soon when it is told to stop meanwhile, and says who told it", async () => {
    const stop = new AbortController();
    let stoppedAt = Number.POSITIVE_INFINITY;
    const away = () => {
      server.crash();
      setTimeout(() => {
        stoppedAt = performance.now();
        stop.abort(new Error("interrupted by SIGTERM"));
      }, 400);
    };
    try {
      await expect(runWith("stopped", away, stop.signal)).rejects.toMatchObject({
        code: "interrupted",
        message: "interrupted by SIGTERM",
      });
      expect(performance.now() - stoppedAt).toBeLessThan(10_000);
      const run = new RunFolder(join(root, "stopped"));
      const record = run.runRecord();
      expect(record).toMatchObject({exit_state: "interrupted", error: "interrupted by SIGTERM"});
      expect((await run.portfolio()).statistics.index.length).toBe(record?.bars);
    } finally {
      server.start();
    }
  }, 60_000);
});

if (!HAS_OWN_SERVER) {
  describe(WHAT, () => {
    it.skip("left out: no PostgreSQL (initdb, pg_ctl) is installed", () => {});
  });
}
