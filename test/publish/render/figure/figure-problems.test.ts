import {describe, expect, it} from "vitest";
import {renderPage} from "../../../../publish/render/page.js";
import {code, figureOutput, lineFigure, notebookOf} from "../sample-notebook.js";

const pageOf = (figure: unknown) =>
  renderPage({notebook: notebookOf(code("f", [figureOutput(figure)])), name: "n"});

describe("a figure that shows nothing", () => {
  it.each<[string, object, RegExp]>([
    ["without a finite value", {x: [1, 2], y: [null, null]}, /a finite value to draw, found none/],
    [
      "of a hidden trace",
      {visible: "legendonly", y: [1]},
      /can be seen, found hidden ones that no/,
    ],
    ["of an unknown type", {type: "scater", y: [1]}, /plotly draws, found "scater"; perhaps "sc/],
    ["of a type like no other", {type: "nosuchtype", y: [1]}, /found "nosuchtype"; see plotly's/],
  ])("a figure %s is a visible warning and a problem", (_name, trace, message) => {
    const figure = {data: [trace], layout: {title: {text: "PnL"}}};
    const {html, problems} = pageOf(figure);
    expect(problems).toEqual([expect.stringMatching(message)]);
    expect(problems[0]).toMatch(/^cell 1: figure "PnL": expected/);
    const said = (problems[0] as string).slice("cell 1: ".length);
    const escaped = said.replaceAll('"', "&quot;").replaceAll("'", "&#39;");
    expect(html).toContain(`<p class="warning" role="note">${escaped}</p>`);
  });

  it("a figure of which some trace can be drawn is none", () => {
    const figure = {data: [{y: [null]}, {type: "bar", y: [1]}], layout: {}};
    expect(pageOf(figure).problems).toEqual([]);
    expect(pageOf(lineFigure()).problems).toEqual([]);
  });
});
