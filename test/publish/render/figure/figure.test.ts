import {describe, expect, it} from "vitest";
import {
  figureHeight,
  figureTitle,
  isBlank,
  parseFigure,
} from "../../../../publish/render/figure/figure.js";

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

describe("isBlank", () => {
  const cases: [name: string, trace: Record<string, unknown>, wanted: boolean][] = [
    ["numbers", {x: [1], y: [2]}, false],
    ["only gaps", {x: [1, 2], y: [null, null]}, true],
    ["no points", {x: [], y: []}, true],
    ["a bar chart lying down", {orientation: "h", x: [1], y: ["a"]}, false],
    ["a packed array", {y: {dtype: "f8", bdata: "AAAA"}}, false],
    ["a heat map", {z: [[null], [1]]}, false],
    ["a heat map of gaps", {z: [[null], [null]]}, true],
    ["a pie", {labels: ["a"], values: [1]}, false],
    ["a table", {type: "table", cells: {values: [["a"]]}}, false],
  ];
  it.each(cases)("%s", (_name, trace, wanted) => {
    expect(isBlank(parsed({data: [trace]}))).toBe(wanted);
  });

  it("a figure that only says something is not blank", () => {
    expect(isBlank(parsed({data: [], layout: {annotations: [{text: "no trades"}]}}))).toBe(false);
    expect(isBlank(parsed({data: []}))).toBe(true);
  });
});
