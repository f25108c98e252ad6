import type {Page} from "puppeteer";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {findBrowser} from "../../../publish/render/browser.js";
import {hostile} from "./hostile.js";
import {openPageRoom, type PageRoom} from "./page-room.js";
import {
  code,
  display,
  figureOutput,
  htmlOutput,
  lineFigure,
  notebookOf,
  stream,
  text,
} from "./sample-notebook.js";

const browserless = "reason" in findBrowser();

/** A text in every place of a figure that shows text, and a picture of another host. */
function hostileFigure(evil: string): unknown {
  const figure = lineFigure(evil) as {layout: object};
  const source = "https://host.invalid/x.png";
  return {
    data: [{y: [1, 2], name: evil, text: evil, hovertemplate: evil, customdata: [evil, evil]}],
    layout: {
      ...figure.layout,
      xaxis: {title: {text: evil}, ticktext: [evil], tickvals: [0]},
      annotations: [{text: evil, hovertext: evil, x: 0, y: 1}],
      images: [{source, x: 0, y: 0, sizex: 1, sizey: 1}],
      updatemenus: [{buttons: [{label: evil, method: "skip", args: [evil]}]}],
    },
  };
}

const figureCell = (figure: unknown) => code("f", [figureOutput(figure)]);

describe.skipIf(browserless)(
  `a page in a browser${browserless ? " (needs a browser)" : ""}`,
  () => {
    let room: PageRoom;
    let address: string;

    beforeAll(async () => {
      room = await openPageRoom();
      address = await room.saveSample();
    });

    afterAll(() => room?.close());

    const visit: PageRoom["visit"] = (url, options) => room.visit(url, options);

    const seen = (page: Page, selector: string) =>
      page.$$eval(selector, (nodes) => nodes.filter((node) => node.checkVisibility()).length);
    const background = (page: Page) =>
      page.$eval("body", (node) => getComputedStyle(node).backgroundColor);

    it("asks for nothing but itself, complains of nothing and draws every figure", async () => {
      const {page, requests, complaints} = await visit(address);
      expect(requests).toEqual([address]);
      expect(complaints).toEqual([]);
      expect(await seen(page, "figure.plot .main-svg")).toBeGreaterThanOrEqual(2);
      expect(await seen(page, "figure.plot.drawn")).toBe(2);
      expect(await seen(page, "img.still")).toBe(0);
      expect(await seen(page, ".modebar-btn")).toBe(0);
      await page.close();
    });

    it("shows the pictures where JavaScript is off", async () => {
      const {page, complaints} = await visit(address, {script: false});
      expect(complaints).toEqual([]);
      expect(await seen(page, "img.still")).toBe(2);
      expect(await seen(page, ".live, .js-only")).toBe(0);
      const widths = await page.$$eval("img.still", (all) =>
        all.map((image) => (image as unknown as {naturalWidth: number}).naturalWidth),
      );
      expect(widths).toEqual([1920, 1920]);
      await page.close();
    });

    it("prints the pictures, on white", async () => {
      const {page} = await visit(address, {theme: "dark"});
      await page.emulateMediaType("print");
      expect(await seen(page, "img.still")).toBe(2);
      expect(await seen(page, ".live, .tools, nav, a.png")).toBe(0);
      expect(await background(page)).toBe("rgb(255, 255, 255)");
      await page.close();
    });

    it("follows the system's theme, figures included, and remembers a choice", async () => {
      const {page, complaints} = await visit(address, {theme: "dark"});
      const paper = () =>
        page.$eval(".live .main-svg", (node) => getComputedStyle(node).backgroundColor);
      expect(await background(page)).toBe("rgb(17, 21, 28)");
      expect(await paper()).toBe("rgb(17, 21, 28)");
      await page.click("#theme");
      await page.waitForFunction(
        `getComputedStyle(document.querySelector(".live .main-svg")).backgroundColor ===
        "rgb(255, 255, 255)"`,
      );
      expect(await background(page)).toBe("rgb(255, 255, 255)");
      await page.reload();
      await page.waitForFunction("globalThis.__ready === true");
      expect(await background(page)).toBe("rgb(255, 255, 255)");
      expect(complaints).toEqual([]);
      await page.evaluate("localStorage.clear()");
      await page.close();
    });

    it("shows and hides all code with one switch; offers each figure as a PNG file", async () => {
      const {page} = await visit(address, {width: 390});
      expect(await seen(page, "details.source[open]")).toBe(0);
      await page.click("#code");
      expect(await seen(page, "details.source[open]")).toBe(7);
      await page.click("#code");
      expect(await seen(page, "details.source[open]")).toBe(0);
      const links = await page.$$eval("a.png", (all) =>
        all.map((link) => [link.getAttribute("download"), link.getAttribute("href")?.slice(0, 22)]),
      );
      expect(links).toEqual([
        ["01-cumulative-pnl-net-of-fees.png", "data:image/png;base64,"],
        ["02-portfolio.png", "data:image/png;base64,"],
      ]);
      await page.close();
    });

    it("opens the contents list on a narrow screen, without JavaScript too", async () => {
      const {page} = await visit(address, {width: 390, script: false});
      expect(await seen(page, ".contents li")).toBe(0);
      await page.click(".contents label");
      expect(await seen(page, ".contents li")).toBe(4);
      await page.close();
    });

    it(`stays harmless with ${hostile.length} hostile texts in every place`, async () => {
      const cells = hostile.flatMap((evil) => [
        text(evil),
        text(`## ${evil}`),
        code(evil, [
          stream(evil),
          stream(evil, "stderr"),
          htmlOutput(evil),
          htmlOutput(`<table><tr><td title="${evil}">${evil}</td></tr></table>`),
          display({"text/markdown": evil}),
          display({"text/latex": evil}),
          display({"image/svg+xml": evil}),
          display({"image/png": evil}),
          display({"application/json": {[evil]: evil}}),
          display({"application/javascript": "globalThis.hacked = 1", "text/plain": evil}),
          display({"text/plain": evil, [evil]: evil}),
          {output_type: "error", ename: evil, evalue: evil, traceback: [evil]},
        ]),
      ]);
      const figures = hostile.slice(0, 12).map((evil) => hostileFigure(evil));
      const links = ["javascript:globalThis.hacked=1", "data:text/html,<script>1</script>"];
      const linked = links.map((link) => hostileFigure(`<a href="${link}">link</a>`));
      const frame = {
        parameters: Object.fromEntries(hostile.map((evil, i) => [`${i} ${evil}`, evil])),
        name: hostile.join(" "),
        byline: hostile.join(" "),
        notices: hostile,
        provenance: hostile.map((evil) => [evil, evil] as const),
        failure: {message: hostile.join(" "), cellIndex: 2},
      };
      const notebook = notebookOf(
        text("# T"),
        ...cells,
        ...[...figures, ...linked].map(figureCell),
      );
      const url = await room.save("hostile", notebook, frame);
      const {page, requests, complaints} = await visit(url);
      expect(await page.evaluate("globalThis.hacked")).toBeUndefined();
      expect(requests).toEqual([url]);
      // Plotly may complain of a place it computed from such a text; nothing was even tried to load.
      expect(complaints.filter((line) => !/ERR_INVALID_URL|Expected length/.test(line))).toEqual(
        [],
      );
      expect(await page.$$eval("script", (all) => all.length)).toBe(5);
      // Links are where a reader may click; every one leads to the web or into the page.
      const targets = await page.$$eval("a", (all) =>
        all.map((link) => link.getAttribute("href") ?? link.getAttribute("xlink:href") ?? "#"),
      );
      expect(targets.filter((target) => !/^(https?:|mailto:|#|data:image)/.test(target))).toEqual(
        [],
      );
      await page.hover(".live .nsewdrag");
      expect(await page.evaluate("globalThis.hacked")).toBeUndefined();
      const leftovers =
        await page.evaluate(`[...document.querySelectorAll("main *")].flatMap((node) =>
      [...node.attributes].filter(({name, value}) =>
        /^on/.test(name) || /^\\s*javascript:/i.test(value) ||
        (/host\\.invalid/.test(value) && name !== "href")
      ).map(({name, value}) => name + "=" + value))`);
      expect(leftovers).toEqual([]);
      expect(
        await seen(page, "iframe, object, embed, form, base, meta, link, video, input[autofocus]"),
      ).toBe(0);
      await page.close();
    });
  },
);
