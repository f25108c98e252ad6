import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {describe, expect, it} from "vitest";
import {openStorage} from "../../../publish/storage/open-storage.js";
import {requestOf} from "../../../src/cli/reconcile/request.js";
import {replayFilePreview} from "../../../src/flows/reconcile/replay-file-preview.js";
import {dumpReplayFile} from "../../../src/flows/reconcile/steps/market-data.js";
import {universesFile} from "../../../src/market/instruments/universe.js";
import {runFolderHash} from "../../../src/runlog/folder-hash.js";
import {startS3Server} from "../../publish/storage/s3-server.js";
import {END, START, StepDesk} from "./step-desk.js";

const desk = new StepDesk();

describe("the market of a simulation", () => {
  it("is dumped where there is no replay file", async () => {
    await desk.done("copy-prod-data");
    await desk.done("run-sim");
    expect(existsSync(desk.at("simulation", "test_data.csv.gz"))).toBe(true);
    const alone = desk.simHash();
    desk.dst = join(desk.dir, "whole");
    await desk.done("all");
    expect(desk.simHash()).toBe(alone);
  });

  it("is the given file, which takes the place of another; nothing is lost", async () => {
    const given = await desk.raisedReplayFile();
    await desk.done("all");
    const before = {
      sim: desk.simHash(),
      dump: readFileSync(desk.at("simulation", "test_data.csv.gz")),
    };
    const stdout = await desk.done("run-sim", "--market-data-source-dir", given);
    expect(desk.simHash()).not.toBe(before.sim);
    const bytes = readFileSync(join(given, "test_data.csv.gz"));
    expect(readFileSync(desk.at("simulation", "test_data.csv.gz"))).toEqual(bytes);
    const [, older = ""] = /kept the older replay file as (.*)/.exec(stdout) ?? [];
    expect(readFileSync(older)).toEqual(before.dump);
    const [, olderSim = ""] = /kept the older simulation as (.*)/.exec(stdout) ?? [];
    expect(runFolderHash(olderSim)).toBe(before.sim);
  });

  it("is made again under --incremental when the file is another", async () => {
    await desk.done("all");
    const before = desk.simHash();
    const files = () => readdirSync(desk.at("simulation")).length;
    const count = files();
    await desk.done("all", "--incremental", "--source-dir", desk.at("simulation"));
    expect([desk.simHash(), files()]).toEqual([before, count]);
    await desk.done("all", "--incremental", "--source-dir", await desk.raisedReplayFile());
    expect(desk.simHash()).not.toBe(before);
  });

  it("comes out of a bucket", async () => {
    const server = await startS3Server("desk-market");
    try {
      const bucket = openStorage("s3://desk-market/day");
      const bytes = readFileSync(join(await desk.raisedReplayFile(), "test_data.csv.gz"));
      await bucket.put("test_data.csv.gz", bytes);
      bucket.close();
      await desk.done("copy-prod-data");
      await desk.done("dump-market-data", "--source-dir", "s3://desk-market/day");
      expect(readFileSync(desk.at("simulation", "test_data.csv.gz"))).toEqual(bytes);
      expect(existsSync(desk.at("simulation", "instruments.json"))).toBe(false);
      const missing = await desk.step("dump-market-data", "--source-dir", "s3://desk-market/none");
      expect(missing).toMatchObject({exitCode: 2});
    } finally {
      await server.close();
    }
  }, 60_000);
});

describe("dump-market-data", () => {
  const symbols = (): string[] => {
    const path = desk.at("simulation", "instruments.json");
    return JSON.parse(readFileSync(path, "utf8")).map(({id}: {id: string}) => id);
  };

  it("shows the ends of the file, its lines and its size", async () => {
    await desk.done("copy-prod-data");
    const lines = (await desk.done("dump-market-data")).split("\n");
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(/^end_timestamp,asset_id,/);
    expect(lines[3]).toBe("…");
    expect(lines[7]).toMatch(/^[\d,]+ lines, [\d,]+ kB$/);
    expect(lines[8]).toBe(desk.at("simulation", "test_data.csv.gz"));
  });

  it("asks nobody where there is no terminal", async () => {
    await desk.done("copy-prod-data");
    const {exitCode, stderr} = await desk.step("dump-market-data", "--interactive");
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/--interactive: expected a term/),
    ]);
    expect(existsSync(desk.at("simulation"))).toBe(false);
  });

  it("puts nothing in place that is not accepted", async () => {
    await desk.done("copy-prod-data");
    const request = requestOf(
      {
        model: "C1",
        runMode: "paper_trading",
        startTimestamp: START,
        endTimestamp: END,
        dstRootDir: desk.dst,
        dataDir: desk.dataDir,
      },
      "dump-market-data",
    );
    const seen: string[] = [];
    const isAccepted = async (path: string): Promise<boolean> => {
      seen.push(await replayFilePreview(path));
      return false;
    };
    await expect(dumpReplayFile(request, {isAccepted})).rejects.toThrow(/nothing took its place/);
    expect(seen).toEqual([expect.stringMatching(/^end_timestamp,/)]);
    expect(readdirSync(desk.at("simulation"))).toEqual([]);
  });

  it("dumps a universe, by its name or version, that has all the run traded", async () => {
    await desk.done("copy-prod-data");
    await desk.done("dump-market-data");
    const traded = symbols();
    const file = universesFile({dataDir: desk.dataDir, exchange: "simulated"});
    mkdirSync(dirname(file), {recursive: true});
    const narrow = traded.slice(1);
    const lists = [
      {name: "desk", version: "v1", asset_ids: narrow},
      {name: "desk", version: "v2", asset_ids: [...traded].reverse()},
      {name: "other", version: "v1", asset_ids: traded},
    ];
    writeFileSync(file, JSON.stringify(lists));
    try {
      const dump = (version: string) =>
        desk.step("dump-market-data", "--no-prevent-overwriting", "--universe-version", version);
      expect(await dump("desk.v1")).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(`found desk.v1, which lacks ${traded[0]}`),
      });
      expect((await dump("v1")).stderr).toMatch(/expected one of desk\.v1, other\.v1, found v1/);
      expect((await dump("v9")).exitCode).toBe(2);
      for (const version of ["v2", "desk.v2", "other"]) {
        expect(await dump(version)).toMatchObject({exitCode: 0, stderr: ""});
      }
      expect(symbols().sort()).toEqual([...traded].sort());
      const both = ["--universe-version", "v2", "--source-dir", desk.at("simulation")];
      const {stderr} = await desk.step("dump-market-data", "--no-prevent-overwriting", ...both);
      expect(stderr).toMatch(/leave one of --universe-version and --market-data-source-dir out/);
    } finally {
      rmSync(file);
    }
  });
});
