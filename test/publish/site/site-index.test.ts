import {existsSync, readdirSync, readFileSync, utimesSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeEach, describe, expect, it} from "vitest";
import {buildSite} from "../../../publish/site/index/build-site.js";
import {pruneSite} from "../../../publish/site/prune-site.js";
import {publishPage} from "../../../publish/site/publish-page.js";
import {type SiteRequest, withSite} from "../../../publish/site/site.js";
import {entriesPrefix} from "../../../publish/site/site-entry.js";
import {type S3Server, startS3Server} from "../storage/s3-server.js";
import {firstRun, openFolder, samplePage} from "./sample-pages.js";

const {folder, remove} = openFolder();
let server: S3Server | undefined;
afterAll(async () => {
  remove();
  await server?.close();
});

let count = 0;
let place: string;
beforeEach(() => {
  place = join(folder, `site-${++count}`);
});

type Sample = Parameters<typeof samplePage>[0];
const day = 24 * 60 * 60 * 1_000;
const publish = (...pages: Sample[]) =>
  withSite({place}, async (site) => {
    for (const page of pages) await publishPage(site, samplePage(page));
  });
const build = (request: SiteRequest = {place}) => withSite(request, buildSite);
const index = () => readFileSync(join(place, "index.html"), "utf8");
const dataOf = (html: string) =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? "");
const failed = {status: "cell-failed", failure: "cell 3 failed: RangeError"} as const;

describe("the index", () => {
  it("says that there is nothing", async () => {
    await build();
    expect(index()).toContain("<strong>No runs.</strong>");
  });

  it("says first which notebooks fail now, and where the last good page is", async () => {
    const mended = {...failed, notebook: "mended"};
    await publish(
      {facts: mended},
      {at: firstRun + 1_000, facts: {notebook: "mended"}},
      {facts: {notebook: "broken"}},
      {at: firstRun + 1_000, facts: {...failed, notebook: "broken"}},
    );
    await build();
    const top = index().split('id="filters"')[0] as string;
    expect(top).toContain("1 of 2 notebooks needs attention");
    expect(top).toContain('href="broken.latest-success.html"');
    expect(top).toContain("cell 3 failed: RangeError");
    expect(top).not.toContain("mended");
    const {rows} = dataOf(index());
    expect(rows.map(({state, href}: {state: string; href: string}) => [state, href])).toEqual([
      ["ok", "mended.20250902-000113.html"],
      ["failed", "broken.20250902-000113.html"],
      ["failed", "mended.20250902-000112.html"],
      ["ok", "broken.20250902-000112.html"],
    ]);
    expect(rows[0]).toMatchObject({columns: ["C1"], parameters: [], took: "3.2 s"});
    for (const {href, picture} of rows) {
      expect([existsSync(join(place, href)), existsSync(join(place, picture))]).toEqual([
        true,
        true,
      ]);
    }
  });

  it("names the parameters that have a value", async () => {
    const unset: [string, string][] = [
      ["tag", ""],
      ["tolerance", "null"],
      ["olderRunDirs", "[]"],
    ];
    await publish({facts: {parameters: [["model", "C1"], ...unset, ["seed", "0"]]}});
    await build();
    expect(dataOf(index()).rows[0].parameters).toEqual([["seed", "0"]]);
    expect(index()).not.toContain("olderRunDirs");
  });

  it("learns of new and lost entries, and survives a broken one", async () => {
    await publish({});
    await build();
    await publish({at: firstRun + day});
    writeFileSync(join(place, entriesPrefix, "bad.json"), "{");
    expect(await build()).toMatchObject({
      entries: [{page: "pnl.20250903-000112.html"}, {page: "pnl.20250902-000112.html"}],
      unreadable: [`${entriesPrefix}bad.json`],
    });
    writeFileSync(join(place, ".reckon", "entries.json"), "no JSON");
    expect((await build()).entries).toHaveLength(2);
  });

  it("replaces no page that somebody else made", async () => {
    await publish({});
    writeFileSync(join(place, "index.html"), "<h1>ours</h1>");
    await expect(build()).rejects.toMatchObject({code: "bad-parameter"});
    expect(index()).toBe("<h1>ours</h1>");
  });

  it("of builders and publishers at once has every page", async () => {
    const runs = Array.from({length: 12}, (_, i) => ({at: firstRun + 1_000 * i}));
    await Promise.all(
      runs.map(async (run) => {
        await publish(run);
        await build();
      }),
    );
    expect(dataOf(index()).rows).toHaveLength(12);
  });
});

describe("pruning", () => {
  const pages = (n: number, part: Sample = {}) =>
    Array.from({length: n}, (_, i) => ({at: firstRun + day * i, ...part}));
  const prune = (limits: object, now = firstRun + day * 100) =>
    withSite({place}, (site) => pruneSite(site, limits, now));
  const left = () => readdirSync(place).filter((name) => /\.\d{8}-\d{6}/.test(name));

  it("keeps the newest of each notebook and tag, and what is young enough", async () => {
    await publish(...pages(5), ...pages(2, {tag: "night"}));
    expect((await prune({keep: 2})).pages).toHaveLength(3);
    expect(left()).toHaveLength(4);
    const youngerThan = {keepDays: 97};
    expect((await prune(youngerThan)).pages).toEqual(["pnl.20250902-000112.night.html"]);
    await build();
    expect(dataOf(index()).rows).toHaveLength(3);
  });

  it("keeps what stays under a name, with its pictures, whatever the limits say", async () => {
    const facts = {...failed};
    await publish({stableNames: ["C1.last_24hours"]});
    await publish(...pages(3).map(({at}) => ({at: at + day})));
    await publish({at: firstRun + day * 9, facts});
    const pruned = await prune({keep: 0}, Date.now() + 2 * day);
    expect([...pruned.pages].sort()).toEqual([
      "pnl.20250903-000112.html",
      "pnl.20250904-000112.html",
      "pnl.20250911-000112.html",
    ]);
    const entries = (await build()).entries;
    expect(entries.map(({page}) => page)).toEqual([
      "pnl.20250905-000112.html",
      "pnl.20250902-000112.html",
    ]);
    for (const {assets} of entries) {
      for (const asset of assets) expect(existsSync(join(place, asset))).toBe(true);
    }
    expect(pruned.assets).toHaveLength(3);
  });

  it("changes nothing when it only tells, and spares what is being published now", async () => {
    await publish(...pages(3));
    const before = readdirSync(place, {recursive: true}).sort();
    const told = await prune({keep: 1, dryRun: true});
    expect(told.pages).toHaveLength(2);
    expect(readdirSync(place, {recursive: true}).sort()).toEqual(
      expect.arrayContaining(before as string[]),
    );
    const orphan = join(place, "pnl.20250101-000000.html");
    writeFileSync(orphan, "its publisher was stopped, or is about to write the entry");
    expect((await prune({keep: 9}, Date.now())).leftOver).toEqual([]);
    utimesSync(orphan, 1, 1);
    expect((await prune({keep: 9}, Date.now())).leftOver).toEqual(["pnl.20250101-000000.html"]);
    expect(existsSync(orphan)).toBe(false);
  });
});

describe("a site in a bucket", () => {
  it("is published to, indexed and pruned as one in a folder", async () => {
    server = await startS3Server();
    const request = {place: `s3://${server.bucket}/desk`, baseUrl: "https://desk.example/pages"};
    await withSite(request, async (site) => {
      const stableNames = ["C1.last_5minutes"];
      for (const at of [firstRun, firstRun + day, firstRun + 2 * day]) {
        const {link, pointers} = await publishPage(site, samplePage({at, stableNames}));
        expect(link).toMatch(/^https:\/\/desk\.example\/pages\/pnl\.2025090\d-000112\.html$/);
        expect(pointers).toHaveLength(3);
      }
      const newest = await site.storage.get("pnl.20250904-000112.html");
      for (const name of ["pnl.latest.html", "pnl.latest-success.html", "C1.last_5minutes.html"]) {
        expect(await site.storage.get(name)).toEqual(newest);
      }
      await buildSite(site);
      server?.fault();
      expect((await buildSite(site)).entries).toHaveLength(3);
      const asked = server?.requests.filter(({path}) => path.includes(entriesPrefix)) ?? [];
      expect(
        asked.filter(({method, path}) => method === "GET" && !path.includes("prefix=")),
      ).toEqual([]);
      expect((await pruneSite(site, {keep: 1})).pages).toHaveLength(2);
      expect((await buildSite(site)).entries).toHaveLength(1);
      expect(await site.storage.get("C1.last_5minutes.html")).toEqual(newest);
    });
  });
});
