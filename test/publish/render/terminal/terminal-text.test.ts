import {describe, expect, it} from "vitest";
import {streamHtml, terminalHtml} from "../../../../publish/render/terminal/terminal-text.js";

describe("terminalHtml", () => {
  const cases: [name: string, text: string, wanted: string][] = [
    ["colours", "\u001b[31ma\u001b[0mb", '<span class="ansi-red-fg">a</span>b'],
    ["markup", "<b>&", "&lt;b&gt;&amp;"],
    ["markup in colour", "\u001b[32m<b>\u001b[0m", '<span class="ansi-green-fg">&lt;b&gt;</span>'],
    ["nothing", "", ""],
  ];
  it.each(cases)("%s", (_name, text, wanted) => {
    expect(terminalHtml(text).text).toBe(wanted);
  });

  it("links only to the web", () => {
    const link = (address: string) => `\u001b]8;;${address}\u0007a\u001b]8;;\u0007`;
    expect(terminalHtml(link("https://a.b")).text).toContain('href="https://a.b"');
    expect(terminalHtml(link("javascript:x()")).text).not.toContain("href");
  });
});

describe("streamHtml", () => {
  const lines = (count: number) => Array.from({length: count}, (_, i) => `${i};`).join("\n");
  it.each([
    [2_000, false],
    [2_001, true],
  ])("%i lines are cut: %s", (count, isCut) => {
    expect(streamHtml(`${lines(count)}\n`).text.includes("not shown")).toBe(isCut);
  });

  it("shows both ends of what it cuts", () => {
    const {text} = streamHtml(lines(3_000));
    expect(text).toContain("1,000 lines are not shown");
    expect(text).toMatch(/^0;[\s\S]*\n999;\n[\s\S]*\n2000;\n[\s\S]*\n2999;$/);
    expect(text).not.toContain("\n1000;");
  });
});
