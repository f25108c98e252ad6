import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from "node:fs";
import {request} from "node:http";
import {join} from "node:path";
import type {Browser, Page} from "puppeteer";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {findBrowser, withBrowser} from "../../../publish/render/picture/browser.js";
import {buildSite} from "../../../publish/site/index/build-site.js";
import {pageName} from "../../../publish/site/page-names.js";
import {publishPage} from "../../../publish/site/publish-page.js";
import {serveSite} from "../../../publish/site/serve/serve-site.js";
import {withSite} from "../../../publish/site/site.js";
import {
  entriesPrefix,
  entryKey,
  type SiteEntry,
  siteEntrySchema,
} from "../../../publish/site/site-entry.js";
import {code, figureOutput, lineFigure, text} from "../render/sample-notebook.js";
import {openDesk, outcomeOf, worldOf} from "../result/desk.js";
import {firstRun, openFolder, samplePage} from "./sample-pages.js";

const browserless = "reason" in findBrowser();
const {folder, remove} = openFolder();
const dir = join(folder, "site");
const stop = new AbortController();
let ended: Promise<void>;
let address: string;

type Sample = Parameters<typeof samplePage>[0];
const publish = (part: Sample) =>
  withSite({place: dir}, (site) => publishPage(site, samplePage(part)));

const evil =
  '<img src=x onerror="globalThis.hacked=1">"\'</script><script>globalThis.hacked=1</script>';

beforeAll(async () => {
  mkdirSync(dir);
  writeFileSync(join(folder, "secret.html"), "outside");
  symlinkSync(join(folder, "secret.html"), join(dir, "way-out.html"));
  symlinkSync(folder, join(dir, "folder-out"));
  for (let i = 0; i < 130; ++i) {
    const isFailed = i % 10 === 3;
    const at = firstRun + 60_000 * i;
    const notebook = ["pnl", "orders"][i % 2] as string;
    const page = pageName({notebook, at});
    const entry: SiteEntry = {
      schema: 1,
      page,
      notebook,
      title: `Run ${i}`,
      tag: null,
      status: isFailed ? "cell-failed" : "ok",
      failure: isFailed ? "cell 3 failed: RangeError" : null,
      runId: null,
      startedAt: new Date(at).toISOString(),
      durationMs: 1_000 * ((i * 37) % 101),
      publishedAt: new Date(at).toISOString(),
      parameters: [["model", `C${i % 3}`]],
      thumbnail: null,
      assets: [],
      bytes: 8,
    };
    mkdirSync(join(dir, entriesPrefix), {recursive: true});
    writeFileSync(join(dir, entryKey(page)), JSON.stringify(siteEntrySchema.parse(entry)));
    writeFileSync(join(dir, page), `<p>${i}</p>`);
  }
  const hostile = {notebook: evil, title: evil, failure: evil, status: "cell-failed"} as const;
  const parameters = [
    ["model", evil],
    [evil, evil],
  ] as [string, string][];
  await publish({at: firstRun, tag: "&tag;'", facts: {...hostile, parameters}});
  address = await new Promise((resolve, reject) => {
    ended = serveSite({dir, port: 0, signal: stop.signal, onListening: resolve});
    ended.catch(reject);
  });
});
afterAll(async () => {
  stop.abort();
  await ended;
  remove();
});

interface Asked {
  readonly method?: string;
  readonly host?: string;
}

const ask = (path: string, {method = "GET", host}: Asked = {}) =>
  new Promise<{status: number; body: string; headers: Record<string, unknown>}>((done, fail) => {
    const {hostname, port, host: own} = new URL(address);
    const headers = {host: host ?? own};
    request({hostname, port, path, method, headers}, (answer) => {
      let body = "";
      answer.on("data", (chunk) => (body += chunk));
      answer.on("end", () => done({status: answer.statusCode ?? 0, body, headers: answer.headers}));
    })
      .on("error", fail)
      .end();
  });

describe("the server", () => {
  it("serves index, pages and pictures", async () => {
    const index = await ask("/");
    expect([index.status, index.headers["cache-control"]]).toEqual([200, "no-cache"]);
    expect(index.body).toContain("Run 129");
    const page = await ask("/pnl.20250902-020912.html");
    expect(page.body).toContain("<p>128");
    expect(page.headers).toMatchObject({"x-content-type-options": "nosniff"});
    const head = await ask("/pnl.20250902-020912.html", {method: "HEAD"});
    expect([head.status, head.body]).toEqual([200, ""]);
  });

  it.each([
    "/../secret.html",
    "/..%2fsecret.html",
    "/%2e%2e/secret.html",
    "/%2e%2e%2fsecret.html",
    "/..%5csecret.html",
    "/%252e%252e/secret.html",
    "//secret.html",
    "/assets/../../secret.html",
    "/way-out.html",
    "/folder-out/secret.html",
    "/.reckon/entries.json",
    "/%2ereckon/entries.json",
    "/assets/../.reckon/entries.json",
    "/assets",
    "/%00",
    "/%E0%A4%A",
    "/none.html",
  ])("%s is not there", async (path) => {
    const {status, body} = await ask(path);
    expect([status, body]).toEqual([404, "there is no such page\n"]);
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("%s is refused", async (method) => {
    expect((await ask("/", {method})).status).toBe(405);
  });

  it.each(["desk.example", "127.0.0.1", "evil.example:80", "localhost.evil.example"])(
    "the name %s is not its own",
    async (host) => {
      for (const path of ["/", "/~live?page=/"]) expect((await ask(path, {host})).status).toBe(403);
    },
  );

  it("tells a port that is taken and a place that is no folder", async () => {
    const options = {signal: stop.signal, onListening: () => {}};
    const taken = serveSite({dir, port: Number(new URL(address).port), ...options});
    await expect(taken).rejects.toThrow(/expected to listen on it, found it taken; choose another/);
    for (const place of ["s3://bucket/x", join(folder, "none")]) {
      await expect(serveSite({dir: place, port: 0, ...options})).rejects.toThrow(
        /folder of a site/,
      );
    }
  });
});

describe.skipIf(browserless)(`in a browser${browserless ? " (needs one)" : ""}`, () => {
  let browser: Browser;
  let leave: () => void;
  let left: Promise<void>;
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await new Promise((resolve, reject) => {
      left = withBrowser(
        async (opened) => {
          resolve(opened);
          await new Promise<void>((done) => {
            leave = done;
          });
        },
        {reachesLoopback: true},
      );
      left.catch(reject);
    });
  });
  afterAll(async () => {
    leave();
    await left;
  });
  const open = async (path: string, prepare?: (page: Page) => Promise<void>) => {
    const page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await prepare?.(page);
    await page.goto(new URL(path, address).href);
    return page;
  };
  const titles = (page: Page) =>
    page.$$eval("#runs tbody tr .run > a", (links) => links.map((link) => link.textContent));

  it("sorts, filters, keeps the choice in the address, and runs nothing of a name", async () => {
    const page = await open("/");
    expect((await titles(page)).slice(0, 2)).toEqual(["Run 129", "Run 128"]);
    expect(await titles(page)).toHaveLength(100);
    await page.click("#more");
    expect(await titles(page)).toHaveLength(131);
    await page.click('[data-sort="ms"] button');
    const times = await page.$$eval("#runs td.num", (cells) =>
      cells.map((cell) => cell.textContent),
    );
    expect(times.slice(0, 3)).toEqual(["1 min 40 s", "1 min 39 s", "1 min 38 s"]);
    await page.select("#state", "failed");
    await page.type("#find", "pnl model=c0 C0");
    expect(await page.$eval("#count", (count) => count.textContent)).toBe("0 of 131 runs");
    await page.$eval("#find", (field) => Object.assign(field, {value: ""}));
    await page.type("#find", "orders rangeerror");
    expect(await page.$eval("#count", (count) => count.textContent)).toBe("13 of 131 runs");
    const again = await open(`/${new URL(page.url()).hash}`);
    expect(await titles(again)).toEqual(await titles(page));
    expect(await again.$eval("[aria-sort]", (head) => head.textContent)).toBe("Took");
    await again.close();
    await page.$eval("#find", (field) => Object.assign(field, {value: ""}));
    await page.type("#find", "onerror");
    expect(await titles(page)).toEqual([evil]);
    expect(await page.evaluate("globalThis.hacked")).toBeUndefined();
    await page.close();
  });

  it("reads well without JavaScript", async () => {
    const page = await open("/", (fresh) => fresh.setJavaScriptEnabled(false));
    expect(await titles(page)).toHaveLength(100);
    expect(await page.$eval("#filters", (form) => getComputedStyle(form).display)).toBe("none");
    expect(await page.$eval("body", (body) => body.innerText)).toContain("newest 100 of 131 runs");
    await page.close();
  });

  it("is as wide as a phone, whatever a notebook is called", async () => {
    const page = await open("/", (fresh) => fresh.setViewport({width: 390, height: 800}));
    await page.$eval("#notebook option:last-child", (last) => last.append("-a-name".repeat(30)));
    expect(await page.$eval("html", (html) => html.scrollWidth)).toBe(390);
    await page.close();
  });

  it("prints on A4: nothing beside the sheet, no button among the heads", async () => {
    const page = await open("/");
    await page.emulateMediaType("print");
    await page.setViewport({width: 718, height: 1_000}); // A4 without margins of 1 cm
    expect(await page.$eval("html", (html) => html.scrollWidth)).toBe(718);
    const displays = await page.$$eval("#runs thead button", (buttons) =>
      buttons.map((button) => getComputedStyle(button).display),
    );
    // Chrome prints the head of a table again on each sheet, but for what is a box of its own.
    expect(new Set(displays)).toEqual(new Set(["contents"]));
    await page.close();
  });

  it("shows a newer page in place: scroll, details and figures stay alive", async () => {
    const desk = await openDesk();
    const pageOf = (words: string) =>
      outcomeOf([
        text(`# ${words}`),
        text("long\n\n".repeat(120)),
        code("show(f)", [figureOutput(lineFigure("Net PnL"))]),
        text("end\n\n".repeat(60)),
      ]);
    const put = (words: string, at: number) =>
      desk.publish(worldOf(pageOf(words)), {
        now: () => at,
        name: "live",
        publishTo: {site: {place: dir}, stableNames: ["C1.last_5minutes"]},
      });
    await put("First", firstRun);
    const page = await open("/C1.last_5minutes.html");
    await page.waitForFunction("globalThis.__ready === true");
    await page.evaluate("globalThis.before = document; scrollTo(0, 1500)");
    let navigations = 0;
    page.on("request", (asked) => (navigations += asked.isNavigationRequest() ? 1 : 0));
    const index = await open("/#q=live");
    expect(await titles(index)).toEqual(["First"]);
    expect(await index.$eval("#count", (count) => count.textContent)).toMatch(/^1 of \d+ runs$/);
    expect(await index.$eval("#more", (more) => getComputedStyle(more).display)).toBe("none");
    await put("Second", firstRun + 300_000);
    await page.waitForFunction("document.querySelector('h1')?.textContent === 'Second'");
    await page.waitForFunction("document.querySelector('.js-plotly-plot') !== null");
    await page.waitForFunction("Math.abs(scrollY - 1500) < 2");
    expect([navigations, await page.evaluate("globalThis.before === document")]).toEqual([0, true]);
    await put("Third", firstRun + 600_000);
    await page.waitForFunction("document.querySelector('h1')?.textContent === 'Third'");
    await index.waitForFunction("document.querySelectorAll('#runs tbody tr').length === 3");
    expect(await titles(index)).toEqual(["Third", "Second", "First"]);
    expect(await index.$eval("#find", (field) => (field as HTMLInputElement).value)).toBe("live");
    await page.close();
    await index.close();
    await desk.remove();
  });

  it("opened from a disk, asks nobody and complains of nothing", async () => {
    await withSite({place: dir}, buildSite);
    expect(readFileSync(join(dir, "index.html"), "utf8")).not.toContain("EventSource");
    const page = await open("/");
    await page.goto(`file://${join(dir, "index.html")}`);
    expect(await titles(page)).toHaveLength(100);
    await page.close();
    expect(complaints).toEqual([]);
  });
});
