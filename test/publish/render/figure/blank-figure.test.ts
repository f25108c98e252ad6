import {describe, expect, it} from "vitest";
import {isBlank} from "../../../../publish/render/figure/blank-figure.js";
import {type Figure, parseFigure} from "../../../../publish/render/figure/figure.js";

const parsed = (json: unknown) => parseFigure(json) as Figure;

describe("isBlank", () => {
  const cases: [name: string, trace: Record<string, unknown>, wanted: boolean][] = [
    ["numbers", {x: [1], y: [2]}, false],
    ["only gaps", {x: [1, 2], y: [null, null]}, true],
    ["no points", {x: [], y: []}, true],
    ["a bar chart lying down", {orientation: "h", x: [1], y: ["a"]}, false],
    ["a packed array", {y: {dtype: "f8", bdata: "AAAAAAAA8D8="}}, false],
    ["a packed array of NaN", {y: {dtype: "f8", bdata: "AAAAAAAA+H8="}}, true],
    ["a packed array of counts", {y: {dtype: "i4", bdata: "AQAAAA=="}}, false],
    ["a point that lacks one place or the other", {x: [null, 1], y: [1, null]}, true],
    ["gaps of the default type", {type: "scatter", x: [null], y: [null]}, true],
    ["only x, all gaps", {type: "scatter", x: [null, null]}, true],
    ["a box of gaps", {type: "box", x: [null, null], name: "a"}, true],
    ["a box for a category", {type: "box", x: ["a", "a"], y: [null, null]}, true],
    ["a histogram of gaps", {type: "histogram", x: [null]}, true],
    ["a histogram", {type: "histogram", x: [1, null]}, false],
    ["a polar line of gaps", {type: "scatterpolar", r: [null], theta: [90]}, true],
    ["a polar line", {type: "scatterpolar", r: [1], theta: [90]}, false],
    [
      "candles of gaps",
      {
        type: "candlestick",
        x: ["2025-01-01"],
        open: [null],
        high: [null],
        low: [null],
        close: [null],
      },
      true,
    ],
    [
      "bars without a close",
      {type: "ohlc", x: [1], open: [1], high: [2], low: [1], close: []},
      true,
    ],
    ["bars", {type: "ohlc", x: [1], open: [1], high: [2], low: [1], close: [2]}, false],
    ["a number", {type: "indicator", value: 5}, false],
    ["a number that is none", {type: "indicator", value: null}, true],
    ["a flow", {type: "sankey", link: {source: [0], target: [1], value: [2]}}, false],
    [
      "categories in two levels",
      {
        x: [
          ["a", "a"],
          ["b", "c"],
        ],
        y: [1, null],
      },
      false,
    ],
    ["a trace that is not shown", {visible: false, y: [1]}, true],
    ["nothing but looks", {type: "bar", marker: {color: ["red"]}, name: "a"}, true],
    ["a heat map", {z: [[null], [1]]}, false],
    ["a heat map of gaps", {z: [[null], [null]]}, true],
    ["a pie", {labels: ["a"], values: [1]}, false],
    ["an image", {type: "image", source: "data:image/png;base64,iVBORw0KGgo="}, false],
    ["a table", {type: "table", cells: {values: [["a"]]}}, false],
  ];
  it.each(cases)("%s", (_name, trace, wanted) => {
    expect(isBlank(parsed({data: [trace]}))).toBe(wanted);
  });

  it("a figure whose menus show what is hidden at first is not blank", () => {
    const layout = {updatemenus: [{buttons: [{method: "restyle", args: ["visible", [true]]}]}]};
    const hidden = {visible: false, y: [1]};
    expect(isBlank(parsed({data: [hidden], layout}))).toBe(false);
    expect(isBlank(parsed({data: [{...hidden, y: [null]}], layout}))).toBe(true);
  });

  const hidden = {visible: "legendonly", y: [1]};
  const unnamed = {...hidden, showlegend: false};
  const legends: [name: string, figure: Record<string, unknown>, wanted: boolean][] = [
    ["all traces", {data: [hidden, hidden]}, false],
    ["a trace beside gaps", {data: [{y: [null]}, hidden]}, false],
    ["the only trace, which has one", {data: [{...hidden, showlegend: true}]}, false],
    ["the only trace, in a layout with one", {data: [hidden], layout: {showlegend: true}}, false],
    ["a pie", {data: [{type: "pie", values: [1], visible: "legendonly"}]}, false],
    [
      "gaps",
      {
        data: [
          {...hidden, y: [null]},
          {...hidden, y: [null]},
        ],
      },
      true,
    ],
    ["the only trace, which plotly gives none", {data: [hidden]}, true],
    ["the only trace that could be", {data: [{visible: false, y: [1]}, hidden]}, true],
    ["traces that are left out of it", {data: [unnamed, unnamed]}, true],
    [
      "all traces, in a layout without one",
      {data: [hidden, hidden], layout: {showlegend: false}},
      true,
    ],
  ];
  it.each(legends)("what only a legend shows: %s", (_name, figure, wanted) => {
    expect(isBlank(parsed(figure))).toBe(wanted);
  });

  it("a figure that only says something is not blank", () => {
    expect(isBlank(parsed({data: [], layout: {annotations: [{text: "no trades"}]}}))).toBe(false);
    const shapes = [{type: "line"}];
    expect(isBlank(parsed({data: [], layout: {shapes}}))).toBe(false);
    expect(isBlank(parsed({data: []}))).toBe(true);
    const layout = {annotations: [{text: "title of a panel"}]};
    expect(isBlank(parsed({data: [{y: [null]}], layout}))).toBe(true);
  });
});
