import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Notebook} from "../../../publish/notebook/file/nbformat.js";
import {findBrowser} from "../../../publish/render/picture/browser.js";
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

/** Every hostile text in every kind of cell and output. */
function hostileNotebook(): Notebook {
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
  return notebookOf(text("# T"), ...cells, ...[...figures, ...linked].map(figureCell));
}

/** And around the cells. */
const frame = {
  parameters: Object.fromEntries(hostile.map((evil, i) => [`${i} ${evil}`, evil])),
  name: hostile.join(" "),
  byline: hostile.join(" "),
  notices: hostile,
  provenance: hostile.map((evil) => [evil, evil] as const),
  failure: {message: hostile.join(" "), cellIndex: 2},
};

describe.skipIf(browserless)(
  `a page of hostile texts${browserless ? " (needs a browser)" : ""}`,
  () => {
    let room: PageRoom;

    beforeAll(async () => {
      room = await openPageRoom();
    });

    afterAll(() => room?.close());

    it(`stays harmless with ${hostile.length} hostile texts in every place`, async () => {
      const url = await room.save("hostile", hostileNotebook(), frame);
      const {page, requests, complaints} = await room.visit(url);
      expect(await page.evaluate("globalThis.hacked")).toBeUndefined();
      expect(requests).toEqual([url]);
      // Of broken pictures, and of places that plotly computed from a text: nothing was refused.
      const known = /ERR_INVALID_URL|Expected length/;
      expect(complaints.filter((line) => !known.test(line))).toEqual([]);
      expect(await page.$$eval("script", (all) => all.length)).toBe(5);
      // Links are where a reader may click; every one leads to the web or into the page.
      const targets = await page.$$eval("a", (all) =>
        all.map((link) => link.getAttribute("href") ?? link.getAttribute("xlink:href") ?? "#"),
      );
      const isFine = (target: string) => /^(https?:|mailto:|#|data:image)/.test(target);
      expect(targets.filter((target) => !isFine(target))).toEqual([]);
      await page.hover(".live .nsewdrag");
      expect(await page.evaluate("globalThis.hacked")).toBeUndefined();
      const leftovers =
        await page.evaluate(`[...document.querySelectorAll("main *")].flatMap((node) =>
      [...node.attributes].filter(({name, value}) =>
        /^on/.test(name) || /^\\s*javascript:/i.test(value) ||
        (/host\\.invalid/.test(value) && !/^(href|title|alt|aria-label|data-)/.test(name))
      ).map(({name, value}) => name + "=" + value))`);
      expect(leftovers).toEqual([]);
      const active = "iframe, object, embed, form, video, main :is(base, meta, link, style)";
      expect(await page.$$eval(active, (all) => all.length)).toBe(0);
      await page.close();
    });
  },
);
