import {describe, expect, it} from "vitest";
import type {Output} from "../../../publish/notebook/file/nbformat.js";
import type {CellStatus} from "../../../publish/notebook/run-outcome.js";
import {renderPage} from "../../../publish/render/page.js";
import {code, display, notebookOf} from "./sample-notebook.js";

const textOf = (html: string) => html.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");
const bannerOf = (html: string) => /<div class="banner".*?<\/div>/s.exec(html)?.[0] ?? "";

function pageWith(states: CellStatus[], failedAt = 1): string {
  const notebook = notebookOf(...states.map((_, i) => code(`cell${i}()`)));
  const failure = {message: "cell 2 failed", cellIndex: failedAt};
  return renderPage({notebook, name: "n", cells: states, failure}).html;
}

describe("the banner of a page that lacks something", () => {
  const odd = code("x", [display({"application/x-new": 1})]);
  const lackingOf = (html: string) =>
    /<div class="banner lacking".*?<\/div>/s.exec(html)?.[0] ?? "";
  const pageOf = (input: Partial<Parameters<typeof renderPage>[0]>) =>
    renderPage({notebook: notebookOf(code("1"), odd), name: "n", ...input}).html;

  it("says what, with a link to its cell, and that the run went well", () => {
    const banner = lackingOf(pageOf({status: "ok", notices: ["Pictures are missing: <none>"]}));
    expect(textOf(banner)).toBe(
      "Not all of this run could be shown. The run itself went well." +
        "Pictures are missing: &lt;none&gt;" +
        "cell 2: an output of type application/x-new cannot be shown on a page",
    );
    expect(banner).toContain('href="#cell-2"');
  });

  it("does not say how a run went that nobody knows of", () => {
    expect(textOf(lackingOf(pageOf({})))).not.toContain("went well");
  });

  it("is not there beside that of a failed run, nor where all is shown", () => {
    expect(lackingOf(pageOf({failure: {message: "cell 1 failed"}}))).toBe("");
    expect(lackingOf(pageOf({notebook: notebookOf(code("1")), status: "ok"}))).toBe("");
  });

  it("has an end", () => {
    const notebook = notebookOf(...Array.from({length: 50}, () => odd));
    expect(textOf(lackingOf(pageOf({notebook})))).toMatch(/cell 20: .*pageand 30 more$/);
  });
});

describe("the banner of a failed run", () => {
  it("names the cells that failed besides, each with a link", () => {
    const banner = bannerOf(pageWith(["ok", "failed", "ok", "timeout", "failed"]));
    expect(textOf(banner)).toContain("Also failed: cell 4, cell 5.");
    expect(banner).toContain('href="#cell-4"');
    expect(textOf(banner)).not.toContain("did not run");
  });

  it("names no more than one can read", () => {
    const banner = bannerOf(pageWith(Array<CellStatus>(40).fill("failed")));
    expect(textOf(banner)).toContain("cell 21 and 19 more.");
  });

  it("counts what never ran, and blames nothing that is skipped", () => {
    const text = textOf(bannerOf(pageWith(["ok", "failed", "skipped", "not-run", "not-run"])));
    expect(text).toContain("2 cells did not run.");
    expect(text).not.toContain("Also failed");
  });

  it("shows in the tab", () => {
    expect(pageWith(["ok", "failed"])).toContain("<title>Failed: n</title>");
  });
});

describe("an error", () => {
  const errorOf = (traceback: string[]): string => {
    const output: Output = {output_type: "error", ename: "TypeError", evalue: "no\nway", traceback};
    const {html} = renderPage({notebook: notebookOf(code("x()", [output])), name: "n"});
    return /<div class="error".*?<\/div>/s.exec(html)?.[0] ?? "";
  };

  it("is said once, then where, with the place marked", () => {
    const error = errorOf([
      "TypeError: no\nway",
      "line 2:",
      "  1 | const a = 1;",
      "> 2 |   x()",
      "    |   ^",
      "    at cell 2, line 2, column 3",
    ]);
    expect(error.split("way")).toHaveLength(2);
    expect(error.match(/<span class="at">/g)).toHaveLength(2);
    expect(error).toContain('<span class="at">&gt; 2 |   x()');
    expect(error).toContain('<span class="frames">    at cell 2, line 2, column 3');
  });

  it("keeps a traceback that begins with something else", () => {
    expect(errorOf(["Traceback", "TypeError: no", "way"])).toContain("Traceback");
  });
});
