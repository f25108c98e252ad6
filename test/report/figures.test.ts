import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {PORTFOLIO_PANELS} from "../../src/finance/pnl/portfolio-panels.js";
import type {Figure} from "../../src/report/figure.js";
import {plotPoints} from "../../src/report/plot-points.js";
import {portfolioFigure} from "../../src/report/portfolio-figure.js";
import {ROLE_LINES, ROLES} from "../../src/report/roles.js";
import {type Frame, frameFromRows} from "../../src/table/frame.js";

/** Bar metrics of `bars` bars with a fee of 1 at each. */
function metricsOf(bars: number, pnl = 3): Frame {
  const index = Array.from({length: bars}, (_, t) => Date.UTC(2025, 8, 1) + 300_000 * (t + 1));
  const names = ["pnl", "gross_volume", "net_volume", "gmv", "nmv", "fees"];
  return frameFromRows(
    index,
    names,
    index.map(() => [pnl, 10, 2, 100, 5, 1]),
  );
}

function asFigure(shown: unknown): Figure {
  expect(shown).toHaveProperty("data");
  return shown as Figure;
}

describe("plotPoints", () => {
  it("keeps a short series as it is, missing values as null", () => {
    const points = plotPoints(
      Float64Array.of(1, 2, 3),
      Float64Array.of(0.123456789, Number.NaN, -2),
    );
    expect(points).toEqual({x: [1, 2, 3], y: [0.1234568, null, -2]});
  });

  it("keeps the extremes, the last point and the order of a long one", () => {
    const values = fc.array(fc.oneof(fc.double({noNaN: true, min: -9, max: 9}), fc.constant(NaN)), {
      minLength: 30,
      maxLength: 400,
    });
    fc.assert(
      fc.property(values, (cells) => {
        const index = Float64Array.from(cells, (_, t) => t);
        const {x, y} = plotPoints(index, Float64Array.from(cells), 20);
        const known = cells.filter((cell) => !Number.isNaN(cell));
        const drawn = y.filter((cell) => cell !== null);
        expect(x.length).toBeLessThanOrEqual(20);
        expect(x).toEqual([...x].sort((a, b) => a - b));
        expect(x.at(-1)).toBe(cells.length - 1);
        if (known.length > 0) {
          expect(Math.max(...drawn)).toBe(Number(Math.max(...known).toPrecision(7)));
          expect(Math.min(...drawn)).toBe(Number(Math.min(...known).toPrecision(7)));
        }
      }),
      {seed: 7, numRuns: 200},
    );
  });
});

describe("portfolioFigure", () => {
  const three = {prod: metricsOf(30), sim: metricsOf(30), research: metricsOf(28)};

  it("has twelve panels of three lines, in order, the colour of each the same everywhere", () => {
    const {data, layout} = asFigure(portfolioFigure(three));
    expect(data).toHaveLength(36);
    expect(data.slice(0, 3).map(({name}) => name)).toEqual([...ROLES]);
    for (const {name, line} of data) {
      const role = name as (typeof ROLES)[number];
      expect(line).toMatchObject({color: ROLE_LINES[role].color});
    }
    expect(new Set(data.map(({yaxis}) => yaxis)).size).toBe(12);
    const titles = (layout.annotations as {text: string}[]).map(({text}) => text);
    expect(titles).toHaveLength(12);
    expect(titles[0]).toBe("<b>Bar PnL ($, net)</b>");
    expect(titles[1]).toBe("<b>Bar PnL / Gross Volume (bps)</b>");
  });

  it("lets lines that coincide be told apart", () => {
    const {data} = asFigure(portfolioFigure(three));
    const looks = data.slice(0, 3).map(({line}) => JSON.stringify(line));
    expect(new Set(looks).size).toBe(3);
    const [prod, sim] = data.slice(0, 2).map(({line}) => line as {width: number; dash?: string});
    expect(prod?.width).toBeGreaterThan(sim?.width as number);
    expect(sim?.dash).toBe("dash");
  });

  it("has a unit and a readable scale on every axis, and says UTC once a column", () => {
    const {layout} = asFigure(portfolioFigure(three));
    const axes = PORTFOLIO_PANELS.map((_, at) => layout[`yaxis${at === 0 ? "" : at + 1}`]);
    const units = axes.map((axis) => (axis as {title: {text: string}}).title.text);
    expect(units.filter((unit) => unit === "$")).toHaveLength(6);
    expect(new Set(units)).toEqual(new Set(["$", "bps", "%", "multiple"]));
    expect(axes[0]).toMatchObject({tickformat: "$,"});
    expect(JSON.stringify(layout).match(/"text":"UTC"/g)).toHaveLength(2);
  });

  it("draws PnL net of fees and leaves out the burn-in", () => {
    const {data} = asFigure(portfolioFigure({prod: metricsOf(30)}, {burnInBars: 2}));
    const cumulative = data[2]?.y as number[];
    expect(data).toHaveLength(12);
    expect(cumulative).toHaveLength(28);
    expect(cumulative.at(-1)).toBe(28 * 2);
  });

  it("never has too many points", () => {
    const {data} = asFigure(portfolioFigure({prod: metricsOf(30_000)}));
    for (const {x} of data) {
      expect((x as unknown[]).length).toBeLessThanOrEqual(20_000);
    }
  });

  it("says so where no bar was recorded", () => {
    const empty = frameFromRows([], [], []);
    for (const shown of [portfolioFigure({}), portfolioFigure({prod: empty, sim: empty})]) {
      expect(shown).toHaveProperty("text", "No bar was recorded: there is no portfolio to draw.");
    }
  });

  it("is plain JSON without background or theme", () => {
    const figure = asFigure(portfolioFigure(three));
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
    expect(JSON.stringify(figure)).not.toMatch(/bgcolor|template/);
  });
});
