import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {PublishError} from "../../../publish/errors.js";
import {runNotebook} from "../../../publish/notebook/run-notebook.js";
import {findBrowser} from "../../../publish/render/picture/browser.js";
import {withFigurePainter} from "../../../publish/render/picture/figure-painter.js";
import {publishNotebook} from "../../../publish/result/publish-notebook.js";
import type {PublishEffects} from "../../../publish/result/publish-request.js";
import {readProvenance} from "../../../publish/result/record/provenance.js";
import {makePage} from "../../../publish/result/result-page.js";
import {writeWhole} from "../../../publish/whole-file.js";
import {keptKernels} from "../kernel/kept-kernel.js";
import {code, text} from "../render/sample-notebook.js";
import {type Desk, good, openDesk, outcomeOf, provenance, worldOf} from "./desk.js";

const browserless = "reason" in findBrowser();

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.remove());

describe("the result desk.folder", () => {
  it("of a good run holds every file of the contract", async () => {
    const {status, exitCode, problems, link} = await desk.publish(worldOf(good()));
    expect({status, exitCode, problems}).toEqual({status: "ok", exitCode: 0, problems: []});
    expect((await readdir(desk.dstDir)).sort()).toEqual(["log.20250902-000112.txt", "result_0"]);
    expect((await readdir(join(desk.dstDir, "result_0"))).sort()).toEqual([
      "config.json",
      "config.txt",
      "events.jsonl",
      "figures",
      "pnl.0.20250902-000112.html",
      "pnl.0.ipynb",
      "results.json",
      "run.json",
      "run_notebook.0.html.log",
      "run_notebook.0.log",
      "success.txt",
    ]);
    expect(await readdir(join(desk.dstDir, "result_0", "figures"))).toEqual(["01-net-pnl.png"]);
    expect(JSON.parse(await desk.read("result_0", "config.json"))).toEqual({model: "C1"});
    expect(await desk.read("result_0", "config.txt")).toBe('model = "C1"\n');
    expect(await desk.read("result_0", "run_notebook.0.html.log")).toBe(`${link}\n`);
    const page = join(desk.dstDir, "result_0", "pnl.0.20250902-000112.html");
    expect(link).toBe(pathToFileURL(page).href);
    expect(await desk.read("result_0", "run_notebook.0.log")).toContain(
      "kernel 7 started in 900 ms",
    );
  });

  it("has a record that names every file with its hash", async () => {
    await desk.publish(worldOf(good()));
    const record = JSON.parse(await desk.read("result_0", "run.json"));
    expect(record).toMatchObject({
      schema: 1,
      name: "pnl",
      status: "ok",
      exitCode: 0,
      startedAt: "2025-09-02T00:01:12.000Z",
      gitCommit: "0123abc",
      results: {pnl: 1.5},
      versions: {reckon: expect.stringMatching(/^\d/), node: process.versions.node},
    });
    expect(record.runId).toMatch(/^[0-9a-f]{16}$/);
    expect(record.cells[1]).toMatchObject({status: "ok", durationMs: 10});
    const files = await readdir(join(desk.dstDir, "result_0"), {
      recursive: true,
      withFileTypes: true,
    });
    const names = files.filter((file) => file.isFile()).map(({name}) => name);
    const listed = record.artefacts.map(({path}: {path: string}) => path.split("/").at(-1));
    expect([...listed, "run.json", "success.txt"].sort()).toEqual(names.sort());
    for (const {path, bytes, sha256} of record.artefacts) {
      const content = await readFile(join(desk.dstDir, "result_0", path));
      expect(content.length).toBe(bytes);
      expect(createHash("sha256").update(content).digest("hex")).toBe(sha256);
    }
  });

  it("holds nothing of the environment", async () => {
    process.env.RECKON_TEST_SECRET = "swordfish-4711";
    try {
      await desk.publish(worldOf(good()));
    } finally {
      delete process.env.RECKON_TEST_SECRET;
    }
    const files = await readdir(desk.dstDir, {recursive: true, withFileTypes: true});
    for (const file of files.filter((each) => each.isFile())) {
      expect(await readFile(join(file.parentPath, file.name), "utf8")).not.toContain("swordfish");
    }
  });

  it("takes the caller's config, name and index", async () => {
    const given = {name: "fast", index: 3, configJson: {a: 1}, configText: "a: 1\n"};
    await desk.publish(worldOf(good()), given);
    expect(existsSync(join(desk.dstDir, "result_3", "fast.3.ipynb"))).toBe(true);
    expect(JSON.parse(await desk.read("result_3", "config.json"))).toEqual({a: 1});
    expect(await desk.read("result_3", "config.txt")).toBe("a: 1\n");
  });

  it("is the same, byte for byte, for the same run", async () => {
    await desk.publish(worldOf(good()));
    const first = await desk.read("result_0", "run.json");
    await desk.publish(worldOf(good()));
    expect(await desk.read("result_0", "run.json")).toBe(first);
  });
});

describe("paths on the page", () => {
  const parameters = (values: Record<string, unknown>) =>
    Object.entries(values).map(([name, value]) => ({
      name,
      type: "string",
      comment: "",
      value,
      given: true,
      origin: "caller",
    }));
  const shown = (value: unknown, pathRoot?: string) => {
    const outcome = outcomeOf([text("# T")], {parameters: parameters({where: value})});
    const painted = {pictures: new Map(), problems: []};
    const notebookPath = "/n/pnl.ipynb";
    const origin = {name: "pnl", notebookPath, logText: () => "", pathRoot, provenance};
    const {html} = makePage({...origin, outcome, painted});
    const cell = />where<\/th><td role="cell">(.*?)<\/td>/.exec(html)?.[1];
    return cell?.replaceAll("<wbr>", "");
  };

  it.each([
    ["a path below the root", "/desk/a/data/market", "/desk/a", "data/market"],
    ["with a slash at the root's end", "/desk/a/data", "/desk/a/", "data"],
    ["a name that begins with dots", "/desk/a/..data", "/desk/a", "..data"],
    ["the root itself", "/desk/a", "/desk/a", "."],
    ["a path elsewhere", "/other/data", "/desk/a", "/other/data"],
    ["a neighbour with the same beginning", "/desk/ab/data", "/desk/a", "/desk/ab/data"],
    ["a value that is no path", "C1", "/desk/a", "C1"],
    ["a relative path", "data/market", "/desk/a", "data/market"],
    ["a number", 5, "/desk/a", "5"],
    ["any path without a root", "/desk/a/data", undefined, "/desk/a/data"],
  ])("%s", (_name, value, root, wanted) => {
    expect(shown(value, root)).toBe(wanted);
  });

  it("hides the root on the page only", async () => {
    const dataDir = join(desk.folder, "data");
    const outcome = {...good(), parameters: parameters({dataDir})};
    const place = join(desk.folder, "site");
    const request = {pathRoot: desk.folder, publishTo: {site: {place}}};
    const {paths} = await desk.publish(worldOf(outcome), request);
    const [entry] = await readdir(join(place, ".reckon", "runs"));
    const known = await readFile(join(place, ".reckon", "runs", entry as string), "utf8");
    expect(JSON.parse(known).parameters).toEqual([["dataDir", "data"]]);
    expect(await readFile(paths.page, "utf8")).toContain('>dataDir</th><td role="cell">data</td>');
    expect(await readFile(paths.page, "utf8")).not.toContain(desk.folder);
    expect(JSON.parse(await readFile(paths.configJson, "utf8"))).toEqual({dataDir});
    expect(JSON.parse(await readFile(paths.record, "utf8"))).toMatchObject({
      parameters: [{value: dataDir}],
    });
  });
});

describe("a bad request", () => {
  const refusal = new PublishError("bad-parameter", "model: expected a string, found 5");
  const refuse: Partial<PublishEffects> = {
    runNotebook: async () => {
      throw refusal;
    },
  };

  it("leaves no desk.folder, nor one above it that was not there", async () => {
    const before = await readdir(desk.folder);
    const dstDir = join(desk.dstDir, "deep", "deeper");
    await expect(desk.publish(worldOf(good(), refuse), {dstDir})).rejects.toBe(refusal);
    expect(await readdir(desk.folder)).toEqual(before);
  });

  it("leaves folders that were there, empty or not", async () => {
    await mkdir(join(desk.dstDir, "deep"), {recursive: true});
    const dstDir = join(desk.dstDir, "deep", "deeper");
    await expect(desk.publish(worldOf(good(), refuse), {dstDir})).rejects.toBe(refusal);
    expect(await readdir(join(desk.dstDir, "deep"))).toEqual([]);
  });

  it("an ill-typed parameter is refused by the real runner without a trace", async () => {
    const source = 'export const model: string = "C1";';
    const notebookPath = await desk.save("typed", code(source, [], ["parameters"]));
    const before = await readdir(desk.folder);
    const effects = worldOf(good(), {runNotebook});
    const request = desk.publish(effects, {notebookPath, parameters: {modle: 5}});
    await expect(request).rejects.toMatchObject({code: "bad-parameter"});
    expect(await readdir(desk.folder)).toEqual(before);
  });

  it("leaves the result of an earlier run as it was", async () => {
    await desk.publish(worldOf(good()));
    await expect(desk.publish(worldOf(good(), refuse))).rejects.toBe(refusal);
    expect(desk.hasMarker()).toBe(true);
  });

  it("a missing notebook is told before anything is made", async () => {
    const request = desk.publish(worldOf(good()), {notebookPath: join(desk.folder, "none.ipynb")});
    await expect(request).rejects.toMatchObject({code: "bad-notebook"});
    expect(existsSync(desk.dstDir)).toBe(false);
  });

  it.each(["../../up.html", "a/b.html", "", "index.html", "x.20250902-000112.html"])(
    "stable name %j is refused",
    async (name) => {
      const publishTo = {site: {place: desk.folder}, stableNames: [name]};
      const request = desk.publish(worldOf(good()), {publishTo});
      await expect(request).rejects.toMatchObject({code: "bad-parameter"});
    },
  );

  it("a file where the desk.folder should be is told", async () => {
    await writeFile(desk.dstDir, "");
    await expect(desk.publish(worldOf(good()))).rejects.toMatchObject({code: "write-failed"});
  });
});

describe.skipIf(browserless)(`with a real kernel${browserless ? " (needs a browser)" : ""}`, () => {
  const real: PublishEffects = {
    runNotebook,
    writeFile: writeWhole,
    withPainter: withFigurePainter,
    readProvenance,
  };
  const publish = (notebookPath: string) =>
    publishNotebook({notebookPath, dstDir: desk.dstDir, kernels: keptKernels}, real);
  const figure = 'const figure = {data: [{y: [1, 3, 2]}], layout: {title: {text: "Net"}}};';
  const showFigure = 'tslab.display.raw("application/vnd.plotly.v1+json", JSON.stringify(figure));';
  const tslab = 'import * as tslab from "tslab";';

  it("publishes a good notebook with its picture", async () => {
    const path = await desk.save(
      "good",
      text("# Net PnL"),
      code(`${tslab}\n${figure}\n${showFigure}`),
    );
    const result = await publish(path);
    expect(result.problems).toEqual([]);
    expect(result).toMatchObject({status: "ok", exitCode: 0});
    expect(desk.hasMarker()).toBe(true);
    const picture = await readFile(join(result.paths.figures, "01-net.png"));
    expect(picture.readUInt32BE(16)).toBe(1920);
    expect(await readFile(result.paths.page, "utf8")).toContain(picture.toString("base64"));
  });

  it("publishes a failing one with what ran and the cells that did not", async () => {
    const cells = [text("# T"), code('console.log("before")'), code("null.x"), code('"never"')];
    const path = await desk.save("failing", ...cells);
    const result = await publish(path);
    expect(result).toMatchObject({status: "cell-failed", exitCode: 1});
    expect(desk.hasMarker()).toBe(false);
    const html = await readFile(result.paths.page, "utf8");
    expect(html).toContain("before");
    expect(html).toContain('href="#cell-3"');
    expect(html).toMatch(/id="cell-4">.*?not run/);
  });
});
