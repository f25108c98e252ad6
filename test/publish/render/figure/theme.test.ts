import {describe, expect, it} from "vitest";
import {colourwayDark, colourwayLight} from "../../../../publish/render/figure/colourway.js";
import {templateText} from "../../../../publish/render/template-files.js";
import {contrast, distance, visions} from "./colour-science.js";

/** `light-dark(a, b)` variables of the style sheet: name → [light, dark]. */
const variables = new Map(
  [...templateText("report.css").matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)].map(
    ([, name, light, dark]) => [name, [light, dark]],
  ),
);
const themes = [
  ["light", 0],
  ["dark", 1],
] as const;

describe.each(themes)("%s page", (_theme, side) => {
  const value = (name: string) => variables.get(name)?.[side] ?? "";
  const pairs = [
    ["text", "page"],
    ["text", "panel"],
    ["text", "ok-panel"],
    ["text", "differs-panel"],
    ["text", "empty-panel"],
    ["text", "error-panel"],
    ["text", "caution-panel"],
    ["muted", "page"],
    ["muted", "panel"],
    ["muted", "error-panel"],
    ["accent", "page"],
    ["accent", "error-panel"],
    ["ok", "page"],
    ["ok", "panel"],
    ["ok", "ok-panel"],
    ["differs", "page"],
    ["differs", "panel"],
    ["differs", "differs-panel"],
    ["error", "error-panel"],
    ["error", "page"],
    ["caution", "panel"],
    ["code-keyword", "panel"],
    ["code-string", "panel"],
    ["code-number", "panel"],
    ["code-comment", "panel"],
    ["code-title", "panel"],
  ];
  it.each(pairs)("--%s can be read on --%s", (ink, paper) => {
    expect(contrast(value(ink), value(paper))).toBeGreaterThanOrEqual(4.5);
  });
});

describe.each([
  ["light", colourwayLight, 0],
  ["dark", colourwayDark, 1],
] as const)("%s colourway", (_theme, colours, side) => {
  it("stands out from the page", () => {
    const page = variables.get("page")?.[side] ?? "";
    for (const colour of colours) expect(contrast(colour, page)).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.entries(visions))("any two colours differ with %s sight", (_name, vision) => {
    for (const [i, a] of colours.entries()) {
      for (const b of colours.slice(i + 1)) {
        expect(distance(a, b, vision), `${a} ${b}`).toBeGreaterThan(15);
      }
    }
  });
});
