import {describe, expect, it} from "vitest";
import {createAnchors, renderMarkdown, titleOf} from "../../../publish/render/markdown.js";

const render = (source: string, withoutTitle = false) =>
  renderMarkdown(source, {anchors: createAnchors(), withoutTitle});

describe("renderMarkdown", () => {
  const cases: [name: string, source: string, part: string][] = [
    ["emphasis", "a **b**", "a <strong>b</strong>"],
    ["a table in its box", "|a|b|\n|-|-:|\n|x|1|", '<td style="text-align:right">1</td>'],
    ["code in colour", "```ts\nconst a = 1\n```", '<span class="hljs-keyword">const</span>'],
    ["code of an unknown language as text", "```x\na < b\n```", "a &lt; b"],
    ["its own HTML, cleaned", '<p class="note" onclick="x()">a</p>', '<p class="note">a</p>'],
    ["an open task as a box", "- [ ] ask", '<li class="task">\u2610 ask</li>'],
    [
      "a done task as a ticked box",
      "1. [x] **do**",
      '<li class="task">\u2611 <strong>do</strong></li>',
    ],
    ["brackets that are no box", "- [] a\n- [y] b\n\n[ ] c", "<li>[] a</li>\n<li>[y] b</li>"],
    ["a bare address as a link", "see https://a.b/c", '<a href="https://a.b/c">'],
  ];
  it.each(cases)("renders %s", (_name, source, part) => {
    expect(render(source).html.text).toContain(part);
  });

  it("lists its headings with anchors that are given out once", () => {
    const {headings, html} = render("# A *b*\n\n## A b\n\n### `c` & d");
    expect(headings).toEqual([
      {level: 1, text: "A b", id: "s-a-b"},
      {level: 2, text: "A b", id: "s-a-b-2"},
      {level: 3, text: "c & d", id: "s-c-d"},
    ]);
    for (const {id} of headings) expect(html.text).toContain(`id="${id}"`);
  });

  it("leaves the title out when the page shows it", () => {
    const {headings, html} = render("# Title\n\nText", true);
    expect(headings).toEqual([]);
    expect(html.text.trim()).toBe("<p>Text</p>");
    expect(render("Text\n\n# Late", true).headings).toHaveLength(1);
  });

  it("an anchor that HTML asks for is not given", () => {
    expect(render('<h2 id="theme">a</h2>').html.text).toBe("<h2>a</h2>");
  });
});

it.each([
  ["# A *b*", "A b"],
  ["\n\n# A", "A"],
  ["Text\n\n# A", undefined],
  ["## A", undefined],
  ["", undefined],
])("titleOf %j", (source, wanted) => {
  expect(titleOf(source)).toBe(wanted);
});
