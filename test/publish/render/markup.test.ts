import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {escapeHtml, Html, html, scriptJson, slugOf} from "../../../publish/render/markup.js";
import {hostile} from "./hostile.js";

const seed = 20250901;

describe("html", () => {
  it("escapes text and keeps HTML, in lists too", () => {
    const list = [html`<i>${"<"}</i>`, "&"];
    expect(html`<b title="${'"'}">${list}${undefined}${1}</b>`.text).toBe(
      '<b title="&quot;"><i>&lt;</i>&amp;1</b>',
    );
    expect(String(new Html("<p>"))).toBe("<p>");
  });

  it.each(hostile)("no tag and no attribute can begin in %j", (evil) => {
    expect(escapeHtml(evil)).not.toMatch(/[<>"']/);
  });
});

describe("scriptJson", () => {
  it("says the same and cannot end its element, for any value", () => {
    fc.assert(
      fc.property(fc.jsonValue({noUnicodeString: false}), (value) => {
        const text = scriptJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text).not.toMatch(/[<\u2028\u2029]/);
      }),
      {seed, numRuns: 300},
    );
  });

  it.each(hostile)("%j", (evil) => {
    expect(JSON.parse(scriptJson(evil))).toBe(evil);
    expect(scriptJson(evil)).not.toContain("<");
  });
});

describe("slugOf", () => {
  const cases: [text: string, wanted: string][] = [
    ["What did it earn?", "what-did-it-earn"],
    ["Für — Ärger", "fur-arger"],
    ["../../etc/passwd", "etc-passwd"],
    ["  ", ""],
    ["收益", "收益"],
    ["a".repeat(80), "a".repeat(60)],
  ];
  it.each(cases)("%j → %j", (text, wanted) => {
    expect(slugOf(text)).toBe(wanted);
  });

  it("is always a safe file name", () => {
    const safe = /^[\p{L}\p{N}-]*$/u;
    fc.assert(
      fc.property(fc.string({unit: "binary"}), (text) => safe.test(slugOf(text))),
      {seed},
    );
  });
});
