import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {describe, expect, it} from "vitest";
import {formulaStyles} from "../../../../publish/render/formula/formula-styles.js";
import {createAnchors, renderMarkdown} from "../../../../publish/render/markdown.js";
import {renderPage} from "../../../../publish/render/page.js";
import {code, display, notebookOf, text} from "../sample-notebook.js";

const render = (source: string) => renderMarkdown(source, {anchors: createAnchors()}).html.text;
/** The TeX of each formula that was drawn, as its MathML keeps it. */
const drawn = (markup: string) =>
  [...markup.matchAll(/<annotation encoding="application\/x-tex">(.*?)<\/annotation>/gs)].map(
    ([, tex]) => tex.trim(),
  );

describe("formulas in text", () => {
  const cases: [name: string, source: string, wanted: string[]][] = [
    ["within a line", "a $x^2$ and $y$.", ["x^2", "y"]],
    ["on a line of its own", "a\n\n$$\nx\n\n- y\n= z\n$$\n\nb", ["x\n\n- y\n= z"]],
    [
      "an environment",
      "\\begin{align}\na &= b\n\\end{align}",
      ["\\begin{align}\na &amp;= b\n\\end{align}"],
    ],
    ["Jupyter's brackets", "\\\\(a\\\\) and \\\\[b\\\\]", ["a", "b"]],
    ["in a table and a list", "|a|\n|-|\n|$x$|\n\n- $y$", ["x", "y"]],
    ["money is none", "from $1,000 to $2,000, $5-$6, \\$7", []],
    ["code is none", "`$x$`\n\n```\n$$y$$\n```", []],
    ["one that never ends is none", "$$\nx\n\ny", []],
  ];
  it.each(cases)("%s", (_name, source, wanted) => {
    expect(drawn(render(source))).toEqual(wanted);
  });

  it("emphasis and links inside a formula are none", () => {
    expect(render("$a_b c_d *x* [y](z)$")).not.toMatch(/<em>|<a /);
  });

  it("one that TeX refuses is shown as written, with the reason", () => {
    expect(render("$\\frac{a$")).toMatch(
      /<code class="formula-error" title="[^"]+">\\frac{a<\/code>/,
    );
  });
});

describe("hostile formulas", () => {
  const hostile = [
    "$\\href{javascript:globalThis.hacked=1}{x}$",
    "$\\includegraphics{https://host.invalid/x.png}$",
    "$\\htmlStyle{position:fixed}{x}$",
    "$\\htmlData{x=1}{y}$",
    "$\\text{<img src=x onerror=globalThis.hacked=1>}$",
    "$\\def\\a{\\a\\a}\\a$",
    "$\\rule{9999em}{9999em}$",
    '<p title="<x-formula n=0></x-formula>">a</p> $x$',
  ];
  it.each(hostile)("%s", (source) => {
    const markup = render(source);
    expect(markup).not.toMatch(/<a |<img|style="[^"]*position:fixed|data-x|<x-formula|9999em;"/);
    expect(markup).not.toMatch(/title="<span/);
  });
});

describe("an output of type text/latex", () => {
  const shown = (latex: string) =>
    drawn(
      renderPage({notebook: notebookOf(code("f", [display({"text/latex": latex})])), name: "n"})
        .html,
    );
  it.each([
    ["\\frac{a}{b}", ["\\frac{a}{b}"]],
    ["$\\displaystyle x$", ["\\displaystyle x"]],
    ["where $a$ is $b$", ["a", "b"]],
    ["\\begin{equation}\nx\n\\end{equation}", ["\\begin{equation}\nx\n\\end{equation}"]],
  ])("%j", (latex, wanted) => {
    expect(shown(latex)).toEqual(wanted);
  });
});

describe("fonts", () => {
  const require = createRequire(import.meta.url);
  const all = readFileSync(require.resolve("katex/dist/katex.min.css"), "utf8");
  const inlined = (styles: string) => styles.match(/url\(data:font\/woff2/g)?.length ?? 0;
  const htmlOf = (source: string) =>
    renderPage({notebook: notebookOf(text(source)), name: "n"}).html;

  it("a page without formulas has none of it", () => {
    expect(htmlOf("# T\n\n$5")).not.toMatch(/katex|font-src/);
  });

  it("a page holds those that its formulas use, and asks for no file", () => {
    expect(inlined(htmlOf("# T\n\n$x$"))).toBe(2);
    expect(inlined(htmlOf("# T\n\n$\\mathbb{R}\\, \\mathbf{x}$"))).toBe(3);
    expect(formulaStyles()).not.toMatch(/url\((?!data:)/);
  });

  it("all are known by the classes that ask for them", () => {
    expect(inlined(formulaStyles())).toBe(all.match(/@font-face/g)?.length);
    const classes = [...all.matchAll(/([^{}]*)\{[^}]*font-family:KaTeX_/g)]
      .flatMap(([, selectors]) => (selectors.includes("@font-face") ? [] : selectors.split(",")))
      .map((selector) =>
        selector
          .replace(/>span$/, "")
          .trim()
          .split(" ")
          .at(-1)
          ?.replaceAll(".", " ")
          .trim(),
      );
    expect(classes.length).toBeGreaterThan(20);
    for (const name of classes) {
      const markup = `<span class="katex ${name}">`;
      const plain = inlined(formulaStyles('<span class="katex">'));
      const isMain = /^(textrm|mainrm|size\d|katex)$/.test(name ?? "");
      if (!isMain) expect([name, inlined(formulaStyles(markup))]).not.toEqual([name, plain]);
    }
  });
});
