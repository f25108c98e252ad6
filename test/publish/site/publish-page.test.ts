import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {afterAll, beforeEach, describe, expect, it} from "vitest";
import {readClaims} from "../../../publish/site/pointer.js";
import {publishPage} from "../../../publish/site/publish-page.js";
import {type Site, withSite} from "../../../publish/site/site.js";
import {entriesPrefix} from "../../../publish/site/site-entry.js";
import {localStorage} from "../../../publish/storage/local-storage.js";
import {firstRun, openFolder, samplePage} from "./sample-pages.js";

const {folder, remove} = openFolder();
afterAll(remove);

let count = 0;
let place: string;
beforeEach(() => {
  place = join(folder, `site-${++count}`);
});

const publish = (...pages: Parameters<typeof samplePage>[0][]) =>
  withSite({place}, async (site) => {
    const published = [];
    for (const page of pages) published.push(await publishPage(site, samplePage(page)));
    return published;
  });
const shown = (name: string) => readFileSync(join(place, name), "utf8");
const second = (n: number) => firstRun + 1_000 * n;

describe("a published page", () => {
  it("has the contract's name, its assets, an entry and the names that stay", async () => {
    const stableNames = ["C1.prod.last_24hours", "C1.last_5minutes.html"];
    const [page] = await publish({tag: "night", stableNames});
    expect(page?.page).toBe("pnl.20250902-000112.night.html");
    expect(page?.link).toBe(pathToFileURL(join(place, "pnl.20250902-000112.night.html")).href);
    expect(readdirSync(place).sort()).toEqual([
      ".reckon",
      "C1.last_5minutes.html",
      "C1.prod.last_24hours.html",
      "assets",
      "pnl.20250902-000112.night.html",
      "pnl.night.latest-success.html",
      "pnl.night.latest.html",
    ]);
    const entry = JSON.parse(shown(`${entriesPrefix}pnl.20250902-000112.night.json`));
    expect(entry).toMatchObject({page: page?.page, tag: "night", status: "ok"});
    expect(existsSync(join(place, entry.thumbnail))).toBe(true);
    for (const {href} of [{href: shown("C1.last_5minutes.html")}]) {
      expect(href).toBe(shown("pnl.20250902-000112.night.html"));
    }
  });

  it("is linked by the site's address where it has one", async () => {
    mkdirSync(place);
    writeFileSync(join(place, "site.json"), '{"baseUrl": "https://desk.example/a"}');
    const odd = {notebook: "p & l?"};
    const [page] = await publish({facts: odd});
    expect(page?.link).toBe("https://desk.example/a/p%20%26%20l%253F.20250902-000112.html");
    const link = await withSite({place, baseUrl: "http://10.0.0.2:80/b/"}, async (site) => {
      return (await publishPage(site, samplePage())).link;
    });
    expect(link).toBe(
      "http://10.0.0.2/b/pnl.20250902-000112.html".replace("10.0.0.2", "10.0.0.2:80"),
    );
  });

  it.each([
    ["[]", /site\.json: expected JSON like/],
    ['{"baseUrl": "javascript:alert(1)"}', /baseUrl/],
    ['{"titel": "x"}', /titel/],
  ])("a site.json of %s is refused", async (text, message) => {
    mkdirSync(place);
    writeFileSync(join(place, "site.json"), text);
    await expect(publish({})).rejects.toThrow(message);
  });

  it("shares its second: each page has a name, and the same page only one", async () => {
    const facts = {parameters: [["model", "C3"]] as [string, string][]};
    const pages = await publish({}, {html: "other", facts}, {});
    expect(pages.map(({page}) => page)).toEqual([
      "pnl.20250902-000112.html",
      "pnl.20250902-000112-2.html",
      "pnl.20250902-000112.html",
    ]);
    expect(readdirSync(join(place, entriesPrefix))).toHaveLength(2);
  });
});

describe("latest and latest-success", () => {
  it.each(["cell-failed", "kernel-died", "render-failed", "output-incomplete"] as const)(
    "a run that ended as %s replaces none",
    async (status) => {
      const [good, bad] = await publish({}, {at: second(1), facts: {status}, stableNames: ["s"]});
      expect(bad?.pointers).toEqual([]);
      for (const name of ["pnl.latest.html", "pnl.latest-success.html"]) {
        expect(shown(name)).toBe(shown(good?.page as string));
      }
      expect(existsSync(join(place, "s.html"))).toBe(false);
      expect(existsSync(join(place, bad?.page as string))).toBe(true);
    },
  );

  it("a page of which nobody knows how its run ended is the latest, no success", async () => {
    const facts = {status: "unknown"} as const;
    const [good, page] = await publish({}, {at: second(1), facts});
    expect(shown("pnl.latest.html")).toBe(shown(page?.page as string));
    expect(shown("pnl.latest-success.html")).toBe(shown(good?.page as string));
  });

  it("an older run that is published later replaces no newer one", async () => {
    const [newer] = await publish({at: second(9), stableNames: ["s"]}, {stableNames: ["s"]});
    for (const name of ["pnl.latest.html", "s.html"]) {
      expect(shown(name)).toBe(shown(newer?.page as string));
    }
  });
});

describe("publishers at once", () => {
  /** A storage in which each step lets others go first, by a seeded choice. */
  const slow = (seed: number): Site => {
    let state = seed;
    const storage = localStorage(place);
    const pause = async () => {
      state = (state * 48_271) % 2_147_483_647;
      for (let i = 0; i < state % 7; ++i) await new Promise((resolve) => setImmediate(resolve));
    };
    const late = (name: "put" | "copy" | "list" | "has") =>
      (async (...args: never[]) => {
        await pause();
        const result = await (storage[name] as (...all: never[]) => Promise<unknown>)(...args);
        await pause();
        return result;
      }) as never;
    const steps = {put: late("put"), copy: late("copy"), list: late("list"), has: late("has")};
    const config = {title: "x", columns: []};
    return {storage: {...storage, ...steps}, config};
  };

  it("lose no entry, and the newest run stands under every name", async () => {
    for (let seed = 1; seed <= 8; ++seed) {
      place = join(folder, `race-${seed}`);
      const runs = Array.from({length: 6}, (_, i) => ({at: second(i % 3), html: `page ${i}`}));
      const pages = await Promise.all(
        runs.map((run, i) =>
          publishPage(slow(seed * 10 + i), samplePage({...run, stableNames: ["s"]})),
        ),
      );
      expect(new Set(pages.map(({page}) => page)).size).toBe(6);
      expect(readdirSync(join(place, entriesPrefix))).toHaveLength(6);
      for (const pointer of ["pnl.latest.html", "pnl.latest-success.html", "s.html"]) {
        expect(["page 2", "page 5"], `seed ${seed}`).toContain(shown(pointer));
        const [page, ...others] = (await readClaims(localStorage(place))).get(pointer) ?? [];
        expect(others).toEqual([]);
        expect(shown(page as string)).toBe(shown(pointer));
      }
    }
  });
});
