import {existsSync} from "node:fs";
import {mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {PublishError} from "../../../publish/errors.js";
import type {Cell} from "../../../publish/notebook/file/nbformat.js";
import {exitCodeOf, type RunOutcome} from "../../../publish/notebook/run-outcome.js";
import type {FigurePainter} from "../../../publish/render/picture/figure-painter.js";
import type {PublishEffects} from "../../../publish/result/publish-request.js";
import {writeWhole} from "../../../publish/whole-file.js";
import {code, display} from "../render/sample-notebook.js";
import {type Desk, failed, good, openDesk, outcomeOf, startedAt, worldOf} from "./desk.js";

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.remove());

describe("a run that failed", () => {
  it("is published under a banner, without the marker", async () => {
    const {status, exitCode} = await desk.publish(worldOf(failed()));
    expect({status, exitCode}).toEqual({status: "cell-failed", exitCode: 1});
    expect(desk.hasMarker()).toBe(false);
    const html = await desk.read("result_0", "pnl.0.20250902-000112.html");
    expect(html).toContain("cell 2 (PnL) failed");
    expect(html).toContain('href="#cell-2"');
    expect(JSON.parse(await desk.read("result_0", "run.json"))).toMatchObject({
      status: "cell-failed",
      exitCode: 1,
      failure: {cellIndex: 1},
    });
  });

  it.each(Object.entries(exitCodeOf).filter(([status]) => status !== "ok"))(
    "%s exits with %i and has no marker",
    async (status, wanted) => {
      const outcome = {...good(), status: status as RunOutcome["status"], exitCode: wanted};
      const {exitCode} = await desk.publish(worldOf(outcome));
      expect(exitCode).toBe(wanted);
      expect(desk.hasMarker()).toBe(false);
    },
  );

  it("removes the marker and the pictures of an earlier run", async () => {
    await desk.publish(worldOf(good()));
    expect(desk.hasMarker()).toBe(true);
    await desk.publish(worldOf(failed()));
    expect(desk.hasMarker()).toBe(false);
    expect(existsSync(join(desk.dstDir, "result_0", "figures"))).toBe(false);
  });

  it("removes a marker that somebody put there meanwhile", async () => {
    const world = worldOf(failed());
    const runNotebook: PublishEffects["runNotebook"] = async (options) => {
      const outcome = await world.runNotebook(options);
      await writeFile(join(desk.dstDir, "result_0", "success.txt"), "success\n");
      return outcome;
    };
    await desk.publish({...world, runNotebook});
    expect(desk.hasMarker()).toBe(false);
  });

  it("is the only one with a page: those of earlier runs go, other files stay", async () => {
    const later = startedAt + 5_000;
    await desk.publish(worldOf(good()));
    const others = ["pnl.0.mine.html", "pnl.1.20250902-000112.html", "pnlx0.20250902-000112.html"];
    for (const name of others) await writeFile(join(desk.dstDir, "result_0", name), "");
    await desk.publish(worldOf(failed()), {now: () => later});
    await desk.publish(worldOf(good()), {now: () => later + 5_000});
    const files = await readdir(join(desk.dstDir, "result_0"));
    const pages = files.filter((name) => name.endsWith(".html"));
    expect(pages.sort()).toEqual(["pnl.0.20250902-000122.html", ...others].sort());
  });

  it("the marker is gone before the first cell runs", async () => {
    await desk.publish(worldOf(good()));
    const seen: boolean[] = [];
    const onEvent = () => seen.push(desk.hasMarker());
    await desk.publish(worldOf(good()), {onEvent});
    expect(seen).toEqual([false]);
  });
});

describe("stable names", () => {
  const stable = () => join(desk.dstDir, "site");
  const href = (path: string) => pathToFileURL(path).href;
  const names = ["C1.paper_trading.fast.last_24hours.html", "C1.last_5minutes.html"];
  const publishTo = (place = stable()) => ({site: {place}, stableNames: names});

  it("hold copies of a good page", async () => {
    const {published, paths} = await desk.publish(worldOf(good()), {publishTo: publishTo()});
    const onSite = fileURLToPath(published?.link as string);
    const copies = ["pnl.latest-success.html", "pnl.latest.html", ...names];
    expect(published?.pointers).toEqual(copies.map((name) => href(join(stable(), name))));
    for (const copy of copies) {
      expect((await readFile(join(stable(), copy))).equals(await readFile(onSite))).toBe(true);
    }
    const links = [href(paths.page), published?.link, ...(published?.pointers ?? [])];
    expect(await desk.read("result_0", "run_notebook.0.html.log")).toBe(`${links.join("\n")}\n`);
  });

  it.each([
    ["failed", () => worldOf(failed())],
    ["could not be shown", () => worldOf(outcomeOf([code("1", [display({"x/y": 1})])]))],
  ])("keep the last good page when a run %s", async (_name, world) => {
    await mkdir(stable(), {recursive: true});
    for (const name of names) await writeFile(join(stable(), name), "the last good page");
    const {published} = await desk.publish(world(), {publishTo: publishTo()});
    expect(published?.pointers).toEqual([]);
    expect(existsSync(fileURLToPath(published?.link as string))).toBe(true);
    for (const name of names)
      expect(await readFile(join(stable(), name), "utf8")).toBe("the last good page");
  });

  it("that cannot be written end the run with 9 and without the marker", async () => {
    await writeFile(join(desk.folder, "a-file"), "");
    const place = join(desk.folder, "a-file", "site");
    const result = await desk.publish(worldOf(good()), {publishTo: publishTo(place)});
    expect(result).toMatchObject({status: "publish-failed", exitCode: 9, published: null});
    expect(result.problems).toEqual([expect.stringMatching(/expected to .* it, found ENOTDIR/)]);
    expect(existsSync(result.paths.page)).toBe(true);
    expect(desk.hasMarker()).toBe(false);
  });
});

describe("what cannot be shown", () => {
  const broken: FigurePainter = {
    paint: async () => {
      throw new PublishError("render-failed", "browser: expected Chrome or Chromium, found none");
    },
    warm: () => {},
  };

  it("no browser: the page is there and says so; 8, no marker", async () => {
    const world = worldOf(good(), {withPainter: (use) => use(broken)});
    const {status, exitCode, problems} = await desk.publish(world);
    expect({status, exitCode}).toEqual({status: "render-failed", exitCode: 8});
    expect(problems).toEqual(["browser: expected Chrome or Chromium, found none"]);
    expect(desk.hasMarker()).toBe(false);
    const html = await desk.read("result_0", "pnl.0.20250902-000112.html");
    expect(html).toContain("Pictures are missing: browser: expected Chrome");
    expect(html).toContain("figure-data");
  });

  it("no page can be made: one that says why, with the log; 8, no marker", async () => {
    const unreadable = {...code("1"), metadata: null} as unknown as Cell;
    const result = await desk.publish(worldOf(outcomeOf([unreadable])));
    expect(result).toMatchObject({status: "render-failed", exitCode: 8});
    expect(desk.hasMarker()).toBe(false);
    const html = await desk.read("result_0", "pnl.0.20250902-000112.html");
    expect(html).toContain("This page could not be made.");
    expect(html).toContain("kernel 7 started");
  });

  it("the failed run's own exit code counts more", async () => {
    const outcome = {...failed(), notebook: good().notebook};
    const world = worldOf(outcome, {withPainter: (use) => use(broken)});
    expect(await desk.publish(world)).toMatchObject({status: "cell-failed", exitCode: 1});
  });
});

describe("a write that fails", () => {
  /** A disk that is full from the n-th file on. */
  function fullAfter(files: number, written: string[] = []): PublishEffects["writeFile"] {
    return async (path, content) => {
      if (written.length >= files) throw new PublishError("write-failed", `${path}: ENOSPC`);
      written.push(path);
      await writeWhole(path, content);
    };
  }

  it("at any file leaves no marker, old or new", async () => {
    const written: string[] = [];
    const request = (name: string) => ({
      publishTo: {site: {place: join(desk.folder, name)}, stableNames: ["newest.html"]},
    });
    const whole = worldOf(good(), {writeFile: fullAfter(100, written)});
    await desk.publish(whole, request("site"));
    expect(written.at(-1)).toMatch(/success\.txt$/);
    expect(written.length).toBeGreaterThanOrEqual(11);
    for (let files = 0; files < written.length; ++files) {
      await writeFile(join(desk.dstDir, "result_0", "success.txt"), "of an earlier run");
      const world = worldOf(good(), {writeFile: fullAfter(files)});
      const result = desk.publish(world, request(`site-${files}`));
      const ended = await result.then(
        ({status}) => status,
        (thrown) => thrown.code,
      );
      expect(["write-failed", "publish-failed"]).toContain(ended);
      expect(desk.hasMarker(), `full after ${files} files`).toBe(false);
    }
  });

  it("leaves neither a part of a file nor an older one changed", async () => {
    const target = join(desk.folder, "whole", "file.txt");
    await writeWhole(target, "old");
    await mkdir(join(desk.folder, "whole", "blocked.txt", "in-the-way"), {recursive: true});
    const blocked = join(desk.folder, "whole", "blocked.txt");
    await expect(writeWhole(blocked, "new")).rejects.toMatchObject({code: "write-failed"});
    await writeWhole(target, "new");
    expect(await readFile(target, "utf8")).toBe("new");
    expect(await readdir(join(desk.folder, "whole"))).toEqual(["blocked.txt", "file.txt"]);
    expect(await readdir(blocked)).toEqual(["in-the-way"]);
  });
});
