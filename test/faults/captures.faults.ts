import {describe, expect, it} from "vitest";
import {findBrowser} from "../../publish/render/picture/browser.js";
import {
  type FigurePainter,
  withFigurePainter,
} from "../../publish/render/picture/figure-painter.js";
import {counts, randomOf, seed} from "./seeded.js";

const browserless = "reason" in findBrowser();
const perTest = 20;
const batches = Array.from({length: counts.captures / perTest}, (_, i) => i * perTest);
const size = {width: 480, height: 300, scale: 1};

/** A line in a fixed frame, so that its picture without the line shows all but the line. */
function lineIn(random: () => number) {
  const y = Array.from({length: 200}, () => random());
  const layout = {title: {text: `line ${Math.floor(random() * 1e6)}`}};
  const axes = {xaxis: {range: [0, 199]}, yaxis: {range: [0, 1]}};
  return {data: [{type: "scatter", y}], layout: {...layout, ...axes}};
}

/** A blank picture, or one taken before the line was drawn, has no more bytes than its frame. */
async function captureTwice(painter: FigurePainter, random: () => number): Promise<void> {
  const figure = lineIn(random);
  const empty = {...figure, data: []};
  const [first, again, frame] = await Promise.all(
    [figure, figure, empty].map((one) => painter.paint(one, size)),
  );
  expect(first?.length).toBeGreaterThan(frame?.length ?? Number.POSITIVE_INFINITY);
  expect(Buffer.compare(first as Uint8Array, again as Uint8Array)).toBe(0);
}

describe.skipIf(browserless)(
  `captures of figures, --seed ${seed}${browserless ? " (needs a browser)" : ""}`,
  () => {
    it.each(batches)(`${perTest} show their line, from capture %i on`, async (first) => {
      await withFigurePainter(async (painter) => {
        const figures = Array.from({length: perTest / 2}, (_, i) => randomOf(seed + first + i));
        await Promise.all(figures.map((random) => captureTwice(painter, random)));
      });
    });
  },
);
