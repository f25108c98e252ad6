import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import type {FigurePainter} from "../../../publish/render/picture/figure-painter.js";
import {sleep} from "../../../publish/timers.js";
import {code, figureOutput, lineFigure} from "../render/sample-notebook.js";
import {failed, openDesk, outcomeOf, worldOf} from "./desk.js";

it("the page of a failed run is there before its pictures, and gets them", async () => {
  const desk = await openDesk();
  const folder = join(desk.dstDir, "result_0");
  const pages = () =>
    existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".html")) : [];
  let early = "";
  const painter: FigurePainter = {
    paint: async () => {
      for (let i = 0; i < 500 && pages().length === 0; ++i) await sleep(10);
      early = readFileSync(join(folder, pages()[0] ?? "no page"), "utf8");
      return Buffer.from("a picture");
    },
    warm: () => {},
  };
  const {notebook, cells, ...end} = failed();
  const figure = code("show(f)", [figureOutput(lineFigure("Net PnL"))]);
  const shown = outcomeOf([figure, ...notebook.cells]);
  const outcome = {...shown, ...end, cells: shown.cells.map((cell, i) => cells[i - 1] ?? cell)};
  const {paths} = await desk.publish(worldOf(outcome, {withPainter: (use) => use(painter)}));
  expect(early).toContain("This run failed.");
  expect(early).not.toContain('class="still"');
  expect(readFileSync(paths.page, "utf8")).toContain('class="still"');
  await desk.remove();
});
