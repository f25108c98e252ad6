import {createHash} from "node:crypto";
import {describe, expect, it} from "vitest";
import type {Notebook} from "../../../publish/notebook/file/nbformat.js";
import {renderPage} from "../../../publish/render/page.js";
import type {PageInput} from "../../../publish/render/page-input.js";
import {
  code,
  display,
  figureOutput,
  htmlOutput,
  lineFigure,
  notebookOf,
  reconciliationNotebook,
  stream,
  text,
} from "./sample-notebook.js";

const pageOf = (notebook: Notebook, input: Partial<PageInput> = {}) =>
  renderPage({notebook, name: "sample", ...input});
const htmlOf = (notebook: Notebook, input: Partial<PageInput> = {}) => pageOf(notebook, input).html;
const count = (html: string, part: string) => html.split(part).length - 1;
const plotlyMark = "plotly.js v";

/** What lies in `<main>`: without styles, scripts and contents list. */
const mainOf = (html: string) => html.slice(html.indexOf("<main"), html.indexOf("</main>"));

/** The text of every script that a browser would run. */
function scriptsOf(html: string): string[] {
  return [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1]);
}

describe("parameters", () => {
  const parameters = {runDir: "/desk/runs/1"};
  const notebook = (...tags: string[]) =>
    notebookOf(
      text("# T"),
      code('const runDir = "";', [], ["parameters", ...tags]),
      code('const runDir = "/desk/runs/1";', [], ["injected-parameters"]),
    );

  it("are shown with their values, unless their cell is hidden and all went well", () => {
    const shown = (html: string) => mainOf(html).includes("/desk/runs/1");
    expect(shown(htmlOf(notebook(), {parameters}))).toBe(true);
    expect(shown(htmlOf(notebook("hide-cell"), {parameters}))).toBe(false);
    const failure = {message: "cell 2 failed"};
    expect(shown(htmlOf(notebook("hide-cell"), {parameters, failure}))).toBe(true);
  });
});

describe("size", () => {
  it("an empty page has at most 40 KB", () => {
    expect(Buffer.byteLength(htmlOf(notebookOf()))).toBeLessThanOrEqual(40_000);
  });

  it.each([
    ["no figure", notebookOf(text("# T"), code("1")), 0],
    ["one figure", notebookOf(code("show(f)", [figureOutput(lineFigure())])), 1],
    [
      "three figures",
      notebookOf(...[1, 2, 3].map(() => code("f", [figureOutput(lineFigure())]))),
      1,
    ],
  ])("plotly stands in the page with %s so many times", (_name, notebook, wanted) => {
    expect(count(htmlOf(notebook), plotlyMark)).toBe(wanted);
  });
});

describe("content security policy", () => {
  const html = htmlOf(reconciliationNotebook());
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";

  it("forbids everything that is not named", () => {
    expect(policy).toContain("default-src &#39;none&#39;");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:/);
  });

  it("names the hash of each script of the page", () => {
    const scripts = scriptsOf(html);
    expect(scripts).toHaveLength(3); // theme, plotly, page
    for (const script of scripts) {
      const hash = createHash("sha256").update(script, "utf8").digest("base64");
      expect(policy.replaceAll("&#x2F;", "/")).toContain(hash);
    }
  });

  it("leaves no way in for the text of a figure", () => {
    const hostile = {data: [{y: [1], name: "</script><script>alert(1)</script>"}], layout: {}};
    const page = htmlOf(notebookOf(code("f", [figureOutput(hostile)])));
    expect(scriptsOf(page)).toHaveLength(3);
  });
});

describe("contents", () => {
  const html = htmlOf(
    notebookOf(
      text("# Title\n\nQuestion?"),
      text("## Orders"),
      text("## Orders"),
      text("### Fills"),
    ),
  );

  it("makes the first heading the title", () => {
    expect(html).toContain("<h1>Title</h1>");
    expect(html).toContain("<title>Title</title>");
    expect(count(mainOf(html), "<h1")).toBe(1);
    expect(mainOf(html)).toContain("Question?");
  });

  it("links each heading to an anchor of its own", () => {
    for (const id of ["s-orders", "s-orders-2", "s-fills"]) {
      expect(count(html, `href="#${id}"`)).toBe(1);
      expect(count(html, `id="${id}"`)).toBe(1);
    }
  });

  it("is left out where there is one heading at most", () => {
    expect(htmlOf(notebookOf(text("# Title"), text("## One")))).not.toContain("<nav");
  });

  it("takes the notebook's name where there is no title", () => {
    expect(htmlOf(notebookOf(code("1")))).toContain("<title>sample</title>");
  });
});

describe("tags", () => {
  const cell = (tag: string) =>
    mainOf(htmlOf(notebookOf(code("sourceText", [stream("outputText")], [tag]))));
  it.each([
    ["none", true, true],
    ["hide-input", false, true],
    ["hide-output", true, false],
    ["hide-cell", false, false],
    ["parameters", true, true],
    ["injected-parameters", true, true],
  ])("%s", (tag, showsSource, showsOutput) => {
    expect(cell(tag).includes("sourceText")).toBe(showsSource);
    expect(cell(tag).includes("outputText")).toBe(showsOutput);
  });

  it("a markdown cell can be hidden too", () => {
    const notebook = notebookOf(text("# T"), text("secret plan", {tags: ["hide-cell"]}));
    expect(htmlOf(notebook)).not.toContain("secret plan");
  });
});

describe("a failed run", () => {
  const error = {
    output_type: "error" as const,
    ename: "TypeError",
    evalue: "\u001b[31mx is not a function\u001b[0m",
    traceback: ["cell 2, line 1", "> x()", "  ^"],
  };
  const notebook = notebookOf(
    code("fine()"),
    code("x()", [error, stream("leftover")], ["hide-cell", "hide-output"]),
    code("never()"),
  );
  const html = htmlOf(notebook, {
    cells: ["ok", "failed", "not-run"],
    failure: {message: "cell 2 failed: TypeError <x>", cellIndex: 1},
  });

  it("has a banner that leads to the failing cell", () => {
    expect(html).toContain('role="alert"');
    expect(html).toContain("cell 2 failed: TypeError &lt;x&gt;");
    expect(html).toContain('href="#cell-2"');
    expect(html).toContain("1 cell did not run.");
    expect(count(html, 'id="cell-2"')).toBe(1);
  });

  it("shows the failing cell with its code open, however it is tagged", () => {
    expect(html).toMatch(/id="cell-2"><details class="source" open>/);
    expect(html).toContain("leftover");
    expect(html).toContain("&gt; x()");
    expect(html).not.toContain("\u001b");
  });

  it("marks the cells that did not run", () => {
    expect(html).toMatch(/id="cell-3">.*?<span class="badge">not run<\/span>/);
    expect(count(html, '<span class="badge">not run')).toBe(1);
  });

  it("a good run has no banner", () => {
    expect(mainOf(htmlOf(notebookOf(code("1"))))).not.toContain("banner");
  });
});

describe("outputs", () => {
  const shown = (data: Record<string, unknown>) => pageOf(notebookOf(code("1", [display(data)])));

  it.each<[string, Record<string, unknown>, string]>([
    ["html before text", {"text/plain": "plain", "text/html": "<b>rich</b>"}, "<b>rich</b>"],
    ["markdown", {"text/markdown": "**rich**"}, "<strong>rich</strong>"],
    ["an image", {"image/png": "iVBO\nRw=="}, 'src="data:image/png;base64,iVBORw=="'],
    ["JSON", {"application/json": {a: 1}}, "hljs-number"],
    ["text", {"text/plain": "a < b"}, "a &lt; b"],
  ])("%s", (_name, data, wanted) => {
    expect(mainOf(shown(data).html)).toContain(wanted);
    expect(shown(data).problems).toEqual([]);
  });

  it("an SVG is put where it cannot run", () => {
    const {html} = shown({"image/svg+xml": '<svg onload="alert(1)"></svg>'});
    expect(html).toContain('<img src="data:image/svg+xml;base64,');
    expect(html).not.toContain("onload");
  });

  it("a value handed to the caller is not shown", () => {
    const {html, problems} = shown({"application/vnd.reckon.record+json": {name: "pnl"}});
    expect(mainOf(html)).not.toContain("pnl");
    expect(problems).toEqual([]);
  });

  it("an unknown type is a visible warning and a problem, and its text is shown", () => {
    const {html, problems} = shown({"application/x-new": "1", "text/plain": "as text"});
    expect(html).toContain("application/x-new cannot be shown");
    expect(html).toContain("as text");
    const what = "an output of type application/x-new cannot be shown on a page";
    expect(problems).toEqual([`cell 1: ${what}`]);
  });

  it("an unreadable figure is a visible warning and a problem", () => {
    const {html, problems} = pageOf(notebookOf(code("f", [figureOutput({traces: 1})])));
    expect(mainOf(html)).toContain("A figure could not be read");
    expect(problems).toEqual([expect.stringMatching(/^cell 1: a figure could not be read/)]);
  });

  it("active content that is left out is told", () => {
    const notebook = notebookOf(code("1", [htmlOutput("<script>draw()</script>")]));
    expect(mainOf(htmlOf(notebook))).toContain("left out: a page runs no script");
  });

  it("a very long stream shows its ends and says how much is left out", () => {
    const lines = Array.from({length: 10_000}, (_, i) => `line ${i}`).join("\n");
    const html = htmlOf(notebookOf(code("1", [stream(lines)])));
    expect(html).toContain("8,000 lines are not shown");
    expect(html).toContain("line 9999");
    expect(html).not.toContain("line 5000");
  });
});

describe("pictures", () => {
  const png = new Uint8Array([1, 2, 3]);
  const notebook = notebookOf(
    text("# T\n\n## PnL"),
    code("f", [figureOutput(lineFigure("Für — PnL"))]),
  );

  it("a figure holds its picture once and offers it under its name", () => {
    const html = htmlOf(notebook, {pictures: new Map([["01-fur-pnl", png]])});
    expect(count(html, "data:image/png;base64,AQID")).toBe(1);
    expect(html).toContain('download="01-fur-pnl.png"');
  });

  it("a figure without picture says so", () => {
    expect(htmlOf(notebook)).toContain("has no picture");
  });
});

describe("frame", () => {
  const html = htmlOf(notebookOf(code("1")), {
    parameters: {
      model: "C1",
      tag: "",
      list: [1, 2],
      evil: "<b>",
      short: "a/b/c",
      path: "/desk/one/<two>/20250901_000000",
    },
    provenance: [["Node", "20.20.2"]],
    byline: "Ran 2025-09-02 00:01:12 UTC in 3.2 s",
    notices: ["Pictures are missing: no browser"],
  });
  it.each([
    ["a parameter", '>model</th><td role="cell">C1</td>'],
    ["a list", ">[1,2]</td>"],
    ["an empty value", ">–</td>"],
    ["a hostile value", "&lt;b&gt;"],
    ["a short value whole", ">a/b/c</td>"],
    ["a path that wraps", ">/desk/<wbr>one/<wbr>&lt;two&gt;/<wbr>20250901_000000</td>"],
    ["provenance", "<dt>Node</dt><dd>20.20.2</dd>"],
    ["the byline", "Ran 2025-09-02 00:01:12 UTC in 3.2 s"],
    ["a notice", "Pictures are missing: no browser"],
  ])("shows %s", (_name, part) => {
    expect(html).toContain(part);
  });

  it("is the same text each time", () => {
    expect(htmlOf(reconciliationNotebook())).toBe(htmlOf(reconciliationNotebook()));
  });
});
