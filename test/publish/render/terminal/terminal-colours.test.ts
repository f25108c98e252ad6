import {readFileSync} from "node:fs";
import {join} from "node:path";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {terminalHtml} from "../../../../publish/render/terminal/terminal-text.js";
import {contrast} from "../figure/colour-science.js";

const styled = (codes: string) => terminalHtml(`\u001b[${codes}ma\u001b[0m`).text;

describe("colours of a terminal", () => {
  const cases: [what: string, codes: string, wanted: string][] = [
    ["a named ground", "41", '<span class="ansi-red-bg">a</span>'],
    [
      "a bright one, with text",
      "30;103",
      '<span class="ansi-black-fg ansi-bright-yellow-bg">a</span>',
    ],
    ["a named one of the palette", "48;5;2", '<span class="ansi-green-bg">a</span>'],
    [
      "any ground: text is black or white",
      "48;2;250;250;0",
      '<span style="color:rgb(0,0,0);background-color:rgb(250,250,0)">a</span>',
    ],
    [
      "of the palette",
      "1;48;5;17",
      '<span style="font-weight:bold;color:rgb(255,255,255);background-color:rgb(0,0,95)">a</span>',
    ],
    [
      "a pair that can be read stays",
      "38;2;255;255;0;48;2;0;0;90",
      '<span style="color:rgb(255,255,0);background-color:rgb(0,0,90)">a</span>',
    ],
    [
      "one that cannot does not",
      "38;2;90;90;90;48;2;80;80;80",
      '<span style="color:rgb(255,255,255);background-color:rgb(80,80,80)">a</span>',
    ],
    [
      "a named text on any ground",
      "31;48;2;200;0;0",
      '<span style="color:rgb(255,255,255);background-color:rgb(200,0,0)">a</span>',
    ],
    ["any text on a named ground", "38;2;1;2;3;44", '<span class="ansi-blue-bg">a</span>'],
  ];
  it.each(cases)("%s", (_what, codes, wanted) => {
    expect(styled(codes)).toBe(wanted);
  });

  it.each([
    "48;2;999;0;0",
    "48;5;256",
    "48;5;-1",
    '48;2;1;2;"><script>x</script>',
    "48;2;0;0;0);background:url(http://a.b",
  ])("takes nothing else for one: %s", (codes) => {
    const html = terminalHtml(`\u001b[${codes}ma <span style="color:rgb(1,2,3)">\u001b[0m`).text;
    expect(
      html.replace(/<span( style="(color|background-color):rgb[\d,()]*")?>|<\/span>/g, ""),
    ).toMatch(/^[^<]*a &lt;span style=&quot;[^<]*$/);
  });

  const channel = fc.integer({min: 0, max: 255});
  const rgb = fc.tuple(channel, channel, channel);
  const hexOf = (css: string) =>
    `#${(css.match(/\d+/g) ?? []).map((n) => Number(n).toString(16).padStart(2, "0")).join("")}`;

  it("can be read on any ground", () => {
    fc.assert(
      fc.property(rgb, fc.option(rgb), (ground, text) => {
        const front = text === null ? "" : `38;2;${text.join(";")};`;
        const [, color, back] =
          /"color:(.*?);background-color:(.*?)"/.exec(styled(`${front}48;2;${ground.join(";")}`)) ??
          [];
        expect(hexOf(back ?? "")).toBe(hexOf(ground.join(",")));
        expect(contrast(hexOf(color ?? ""), hexOf(back ?? ""))).toBeGreaterThanOrEqual(4.5);
      }),
      {numRuns: 2_000},
    );
  });

  const css = readFileSync(join(import.meta.dirname, "../../../../templates/report.css"), "utf8");
  const grounds = [...css.matchAll(/--(?:page|panel|\w+-panel): light-dark\((#\w+), (#\w+)\)/g)];

  it("can be read on every panel of a light and a dark page", () => {
    expect(grounds.length).toBeGreaterThan(5);
    fc.assert(
      fc.property(rgb, (text) => {
        const [, colour = ""] = /"color:(.*?)"/.exec(styled(`38;2;${text.join(";")}`)) ?? [];
        const [light = "", dark = light] = colour.match(/rgb\([^)]*\)/g) ?? [];
        for (const [, onLight = "", onDark = ""] of grounds) {
          expect(contrast(hexOf(light), onLight)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(hexOf(dark), onDark)).toBeGreaterThanOrEqual(4.5);
        }
      }),
      {numRuns: 2_000},
    );
  });
});
