import {describe, expect, it} from "vitest";
import {outputClasses, sanitizeHtml} from "../../../publish/render/sanitize.js";
import {templateText} from "../../../publish/render/template-files.js";

describe("sanitizeHtml", () => {
  const cases: [name: string, dirty: string, clean: string][] = [
    [
      "keeps a verdict",
      '<div class="verdict verdict-ok">a</div>',
      '<div class="verdict verdict-ok">a</div>',
    ],
    ["drops foreign classes", '<p class="top note">a</p>', '<p class="note">a</p>'],
    ["drops ids", '<p id="main">a</p>', "<p>a</p>"],
    [
      "keeps alignment",
      '<span style="text-align:right;top:0">a</span>',
      '<span style="text-align:right">a</span>',
    ],
    ["drops addresses in styles", '<span style="color:url(x)">a</span>', "<span>a</span>"],
    ["keeps a link", '<a href="https://a.b/c">a</a>', '<a href="https://a.b/c">a</a>'],
    ["drops a script link", '<a href="javascript:x">a</a>', "<a>a</a>"],
    ["drops a remote picture", '<img src="https://a.b/c.png">', '<img alt="picture left out" />'],
    ["drops a relative picture", '<img src="c.png" alt="c">', '<img alt="c (picture left out)" />'],
    [
      "keeps an embedded picture",
      '<img src="data:image/png;base64,AA==">',
      '<img src="data:image/png;base64,AA==" alt="picture" />',
    ],
    [
      "drops embedded HTML",
      '<img src="data:text/html;base64,AA==">',
      '<img alt="picture left out" />',
    ],
    ["drops scripts with their text", "a<script>b</script>", "a"],
    ["keeps text that looks like a tag", "1 < 2 <= 3", "1 &lt; 2 &lt;= 3"],
  ];
  it.each(cases)("%s", (_name, dirty, clean) => {
    expect(sanitizeHtml(dirty).text).toBe(clean);
  });

  it("puts each table, a nested one too, into a box that scrolls", () => {
    const {text} = sanitizeHtml("<table><tr><td><table></table></td></tr></table>");
    expect(text.match(/<div class="table-box" tabindex="0"><table>/g)).toHaveLength(2);
    expect(text.match(/<\/table><\/div>/g)).toHaveLength(2);
  });

  it("keeps the spans and alignment of table cells", () => {
    const cell = '<td colspan="2" style="text-align:right">1</td>';
    expect(sanitizeHtml(`<table><tr>${cell}</tr></table>`).text).toContain(cell);
  });

  it("keeps only the ids it was told", () => {
    const dirty = '<h2 id="s-a">a</h2><h2 id="theme">b</h2>';
    expect(sanitizeHtml(dirty, {ids: new Set(["s-a"])}).text).toBe('<h2 id="s-a">a</h2><h2>b</h2>');
  });

  it.each(outputClasses)("the page styles .%s", (name) => {
    expect(templateText("report.css")).toMatch(new RegExp(`\\.${name}[\\s,:{.]`));
  });
});
