import {readFile, writeFile} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Page} from "puppeteer";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {renderPage} from "../../../publish/render/page.js";
import {findBrowser} from "../../../publish/render/picture/browser.js";
import {openPageRoom, type PageRoom} from "./page-room.js";
import {code, display, figureOutput, lineFigure, notebookOf, text} from "./sample-notebook.js";

const share = {base: "assets/"};
const figures = (count: number) =>
  Array.from({length: count}, (_, i) => code("f", [figureOutput(lineFigure(`Figure ${i}`))]));
const png = Buffer.alloc(5_000, 1);

describe("a page that shares its files", () => {
  it("names each file by its content, and says what it is", () => {
    const notebook = notebookOf(
      ...figures(2),
      code("p", [display({"image/png": png.toString("base64")})]),
    );
    const pictures = new Map([["01-figure-0", png]]);
    const {html, files} = renderPage({notebook, name: "n", pictures, share});
    expect(
      files.map(({name, contentType}) => [name.replace(/\.[0-9a-f]{16}\./, ".*."), contentType]),
    ).toEqual([
      ["01-figure-0.*.png", "image/png"],
      ["picture.*.png", "image/png"],
      ["plotly.*.js", "text/javascript; charset=utf-8"],
    ]);
    for (const {name} of files) expect(html).toContain(`assets/${name}`);
    const again = renderPage({notebook, name: "n", pictures, share}).files;
    expect(again.map(({name}) => name)).toEqual(files.map(({name}) => name));
  });

  it("has no file where it is one file, and none that it does not need", () => {
    const notebook = notebookOf(text("# T"), ...figures(1));
    expect(renderPage({notebook, name: "n"}).files).toEqual([]);
    expect(renderPage({notebook: notebookOf(text("# T")), name: "n", share}).files).toEqual([]);
  });

  it("is small with 12 figures", () => {
    const pictures = new Map(figures(12).map((_, i) => [`${i}-figure-${i}`, png]));
    const {html, files} = renderPage({
      notebook: notebookOf(...figures(12)),
      name: "n",
      pictures,
      share,
    });
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(200_000);
    expect(files.map(({name}) => name.split(".")[0])).toContain("figures");
  });

  it("never puts an SVG into a file: opened by itself it would run", () => {
    const svg = `<svg>${"<g/>".repeat(5_000)}</svg>`;
    const notebook = notebookOf(code("s", [display({"image/svg+xml": svg})]));
    expect(renderPage({notebook, name: "n", share}).files).toEqual([]);
  });
});

const browserless = "reason" in findBrowser();

describe.skipIf(browserless)(`in a browser${browserless ? " (needs a browser)" : ""}`, () => {
  let room: PageRoom;
  let address: string;

  beforeAll(async () => {
    room = await openPageRoom();
    const notebook = notebookOf(text("# Live"), ...figures(4));
    address = await room.save("live", notebook, {paint: true, share});
  });

  afterAll(() => room?.close());

  /** A web server that is not there: the folder answers for `http://desk.test/`. */
  async function serveFolder(page: Page): Promise<void> {
    const folder = dirname(fileURLToPath(address));
    await page.setRequestInterception(true);
    page.on("request", async (request) => {
      const path = new URL(request.url()).pathname;
      if (request.url().startsWith("data:")) return request.continue();
      const contentType = {".js": "text/javascript", ".html": "text/html"}[
        /\.\w+$/.exec(path)?.[0] ?? ""
      ];
      request.respond({
        body: await readFile(join(folder, path)),
        contentType: contentType ?? "image/png",
      });
    });
  }

  const drawn = (page: Page) => page.$$eval("figure.plot.drawn", (all) => all.length);

  it.each(["a disk", "a server"])("works from %s", async (place) => {
    const isServed = place === "a server";
    const url = isServed ? `http://desk.test/${basename(address)}` : address;
    const {page, requests, complaints} = await room.visit(
      url,
      isServed ? {prepare: serveFolder} : {},
    );
    expect(complaints).toEqual([]);
    expect(await drawn(page)).toBe(4);
    const root = url.slice(0, url.lastIndexOf("/") + 1);
    expect(requests.filter((request) => !request.startsWith(root))).toEqual([]);
    expect(requests.filter((request) => request.endsWith(".js"))).toHaveLength(2);
    await page.close();
  });

  it("shows its pictures without JavaScript", async () => {
    const {page, complaints} = await room.visit(address, {script: false});
    const widths = await page.$$eval("img.still", (all) => all.map((image) => image.naturalWidth));
    expect(widths).toEqual(Array(4).fill(1920));
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("runs no file that was changed; its pictures stay", async () => {
    const folder = join(dirname(fileURLToPath(address)), share.base);
    const {html, files} = renderPage({
      notebook: notebookOf(text("# T"), ...figures(4)),
      name: "n",
      share,
    });
    const plotly = files.find(({name}) => name.startsWith("plotly"));
    await writeFile(join(folder, plotly?.name ?? ""), "globalThis.hacked = 1;");
    await writeFile(fileURLToPath(address), html);
    const {page, complaints} = await room.visit("http://desk.test/live.html", {
      prepare: serveFolder,
    });
    expect(await page.evaluate("globalThis.hacked")).toBeUndefined();
    expect(complaints.join()).toMatch(/integrity/);
    expect(await drawn(page)).toBe(0);
    await page.close();
  });
});
