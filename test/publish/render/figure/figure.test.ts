import {describe, expect, it} from "vitest";
import {figureHeight, figureTitle, parseFigure} from "../../../../publish/render/figure/figure.js";

const parsed = (json: unknown) => {
  const figure = parseFigure(json);
  if (figure === undefined) throw new Error("no figure");
  return figure;
};

describe("parseFigure", () => {
  it.each([
    ["null", null],
    ["a list", []],
    ["no data", {layout: {}}],
    ["data of numbers", {data: [1]}],
    ["text", "figure"],
  ])("%s is no figure", (_name, json) => {
    expect(parseFigure(json)).toBeUndefined();
  });

  it("brings plain titles into the form that plotly reads", () => {
    const {layout} = parsed({data: [], layout: {title: "T", yaxis2: {title: "USD"}, xaxis: {}}});
    expect(layout).toEqual({title: {text: "T"}, yaxis2: {title: {text: "USD"}}, xaxis: {}});
  });

  it("leaves width and background to the page, and the input as it was", () => {
    const layout = {width: 700, paper_bgcolor: "white", plot_bgcolor: "white", barmode: "stack"};
    const json = {data: [], layout: {...layout}};
    expect(parsed(json).layout).toEqual({barmode: "stack"});
    expect(json.layout).toEqual(layout);
  });

  it("drops pictures of other hosts", () => {
    const images = [{source: "https://a.b/c.png"}, {source: "data:image/png;base64,AA=="}];
    expect(parsed({data: [], layout: {images}}).layout.images).toEqual([images[1]]);
  });

  it.each([
    ["few entries: above", 3, undefined],
    ["many entries: below", 9, "container"],
  ])("legend with %s", (_name, count, wanted) => {
    const data = Array.from({length: count}, (_, i) => ({name: `s${i}`, y: [1]}));
    const {legend} = parsed({data}).layout as {legend?: {yref: string}};
    expect(legend?.yref).toBe(wanted);
  });
});

it.each([
  ["its own", {height: 1200}, 1200],
  ["none", {}, 420],
  ["nonsense", {height: -5}, 420],
])("height: %s", (_name, layout, wanted) => {
  expect(figureHeight(parsed({data: [], layout}))).toBe(wanted);
});

it("the title loses its markup", () => {
  const title = {text: "<b>PnL</b><br>net"};
  expect(figureTitle(parsed({data: [], layout: {title}}))).toBe("PnL net");
});
