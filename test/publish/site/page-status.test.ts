import {describe, expect, it} from "vitest";
import {renderPage} from "../../../publish/render/page.js";
import {titleOfPage, whatPageSays} from "../../../publish/site/page-status.js";
import {code, display, htmlOutput, notebookOf, text} from "../render/sample-notebook.js";

const cells = notebookOf(text("# PnL"), code("1"));
const failure = {message: "cell 2 failed: Error: <no> & 'way'", cellIndex: 1};
const pageOf = (input: object) => renderPage({notebook: cells, name: "n", ...input}).html;
const older = (html: string) => html.replace(/<meta name="reckon-status"[^>]*>\n/, "");

describe("what a page says of its run", () => {
  it.each<[string, string, string]>([
    ["a good run", pageOf({status: "ok"}), "ok"],
    ["a run of which nobody knows", pageOf({}), "unknown"],
    ["a failed run", pageOf({status: "failed", failure}), "cell-failed"],
    ["a run that failed without a reason", pageOf({status: "failed"}), "cell-failed"],
    ["pictures that are missing", pageOf({status: "ok", notices: ["none"]}), "render-failed"],
    [
      "an output that cannot be shown",
      pageOf({status: "ok", notebook: notebookOf(code("1", [display({"x/y": 1})]))}),
      "render-failed",
    ],
    ["an older page of a failed run", older(pageOf({failure})), "cell-failed"],
    ["an older good page", older(pageOf({status: "ok"})), "unknown"],
    [
      "the log of a run whose page could not be made",
      '<div class="banner" role="alert"><strong>This page could not be made.</strong> no</div>',
      "render-failed",
    ],
    ["somebody else's page", "<!doctype html><p>This run failed.</p>", "unknown"],
  ])("%s", (_name, html, wanted) => {
    expect(whatPageSays(html).status).toBe(wanted);
  });

  it("what a cell puts out does not count", () => {
    const meta = '<meta name="reckon-status" content="ok">';
    const notebook = notebookOf(text(meta), code("1", [htmlOutput(meta)]));
    expect(whatPageSays(pageOf({notebook, failure})).status).toBe("cell-failed");
    expect(whatPageSays(`<html><body>${meta}</body></html>`).status).toBe("unknown");
  });

  it("the reason is the banner's, the title without what marks the tab", () => {
    for (const html of [pageOf({failure}), older(pageOf({failure}))]) {
      expect(whatPageSays(html).failure).toBe(failure.message);
      expect(titleOfPage(html)).toBe("PnL");
    }
    expect(titleOfPage("<title>Failed: the book</title>")).toBe("Failed: the book");
  });
});
