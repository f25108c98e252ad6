import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {findBrowser} from "../../../publish/render/picture/browser.js";
import {openPageRoom, type PageRoom} from "./page-room.js";
import {code, htmlOutput, notebookOf, reconciliationNotebook, text} from "./sample-notebook.js";

const browserless = "reason" in findBrowser();

describe.skipIf(browserless)(
  `a page on a phone, a wide screen and paper${browserless ? " (needs a browser)" : ""}`,
  () => {
    let room: PageRoom;
    let address: string;

    beforeAll(async () => {
      room = await openPageRoom();
      address = await room.saveSample();
    });

    afterAll(() => room?.close());

    const visit: PageRoom["visit"] = (url, options) => room.visit(url, options);

    it("never scrolls sideways, from a phone to a wide screen", async () => {
      const {page} = await visit(address, {script: false});
      for (const width of [360, 390, 768, 1200, 1600]) {
        await page.setViewport({width, height: 900});
        const overflow = await page.evaluate(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        );
        expect([width, overflow]).toEqual([width, 0]);
      }
      await page.close();
    });

    it.each([360, 390, 700, 1200])(
      "a figure stays legible %i px wide: its box scrolls",
      async (width) => {
        const {page, complaints} = await visit(address, {width});
        const boxes = await page.$$eval(".plot-box", (all) =>
          all.map((box) => ({
            inside: box.clientWidth,
            figure: box.querySelector(".main-svg")?.getBoundingClientRect().width ?? 0,
            reach: box.scrollWidth,
          })),
        );
        expect(boxes).toHaveLength(2);
        for (const {inside, figure, reach} of boxes) {
          expect(figure).toBe(Math.max(864, inside)); // 54rem
          expect(reach).toBe(figure);
        }
        const overflow =
          "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        expect(await page.evaluate(overflow)).toBe(0);
        expect(complaints).toEqual([]);
        await page.close();
      },
    );

    it.each([390, 1200])("the PNG link stands above its figure, %i px wide", async (width) => {
      const {page} = await visit(address, {width});
      const gaps = await page.$$eval("figure.plot", (all) =>
        all.map((figure) => {
          const link = figure.querySelector("a.png")?.getBoundingClientRect();
          const live = figure.querySelector(".live")?.getBoundingClientRect();
          return (live?.top ?? 0) - (link?.bottom ?? Number.POSITIVE_INFINITY);
        }),
      );
      expect(gaps).toHaveLength(2);
      for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(0);
      await page.close();
    });

    it("a finger scrolls a figure that is cut, and zooms in one that is whole", async () => {
      const modes = async (width: number) => {
        const {page} = await visit(address, {width, touch: true});
        const found = await page.evaluate(
          '[...document.querySelectorAll(".live")].map((live) => live._fullLayout.dragmode)',
        );
        await page.close();
        return found;
      };
      expect(await modes(390)).toEqual([false, false]);
      expect(await modes(1200)).toEqual(["zoom", "zoom"]);
    });

    it("on paper nothing is cut: tables wrap, a picture fits one page", async () => {
      const names = [
        "Instrument",
        ...Array.from({length: 13}, (_, i) => `Largest gap ${i} (shares)`),
      ];
      const cells = ["NOVEMBERUSDT", ...names.slice(1).map((_, i) => `1,234,567.${i}`)];
      const wide = `<table><thead><tr>${names.map((name) => `<th>${name}`).join("")}</tr></thead>
<tbody>${`<tr>${cells.map((cell) => `<td class="num">${cell}</td>`).join("")}</tr>`.repeat(60)}
</tbody></table>`;
      const notebook = notebookOf(
        text("# T"),
        code("t", [htmlOutput(wide)]),
        ...reconciliationNotebook().cells,
      );
      const {page} = await visit(await room.save("paper", notebook, {paint: true}), {width: 688});
      await page.emulateMediaType("print");
      const cut = await page.$$eval(".table-box, .plot-box, .kpi, .html, main", (all) =>
        all
          .filter((box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight)
          .map(({className, tagName}) => className || tagName),
      );
      expect(cut).toEqual([]);
      const heights = await page.$$eval("img.still", (all) =>
        all.map((image) => image.getBoundingClientRect().height),
      );
      expect(heights).toHaveLength(2);
      for (const height of heights) expect(height).toBeLessThanOrEqual((22 / 2.54) * 96 + 1);
      await page.close();
    });

    it("a table of 24 rows shows them all without scrolling", async () => {
      const {page} = await visit(address);
      const rows = await page.$$eval(".table-box", (all) =>
        all.map((box) => [
          box.querySelectorAll("tbody tr").length,
          box.scrollHeight - box.clientHeight,
        ]),
      );
      expect(rows).toEqual([[24, 0]]);
      await page.close();
    });
  },
);
