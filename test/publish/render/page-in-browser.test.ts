import type {Page} from "puppeteer";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {findBrowser} from "../../../publish/render/picture/browser.js";
import {openPageRoom, type PageRoom} from "./page-room.js";

const browserless = "reason" in findBrowser();

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
      const breaksOf = (rows: number) =>
        page.evaluate((count) => {
          const box = document.createElement("div");
          box.className = "table-box";
          const body = "<tr><td>1</td></tr>".repeat(count);
          box.innerHTML = `<table><tbody>${body}</tbody></table>`;
          document.querySelector("main")?.append(box);
          return getComputedStyle(box).breakInside;
        }, rows);
      expect([await breaksOf(12), await breaksOf(13)]).toEqual(["avoid", "auto"]);
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
  },
);
