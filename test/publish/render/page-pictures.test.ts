import {describe, expect, it} from "vitest";
import type {Notebook} from "../../../publish/notebook/file/nbformat.js";
import {renderPage} from "../../../publish/render/page.js";
import type {PageInput} from "../../../publish/render/page-input.js";
import {code, display, htmlOutput, notebookOf, text} from "./sample-notebook.js";

const pageOf = (notebook: Notebook, input: Partial<PageInput> = {}) =>
  renderPage({notebook, name: "sample", ...input});

describe("pictures that a text refers to", () => {
  it("embeds attachments and files, and tells a missing one", () => {
    const attachments = {"a b.png": {"image/png": "QUJD"}};
    const source = "![x](attachment:a%20b.png) ![y](plot.png) ![z](gone.png)";
    const cell = {...text(source), attachments} as ReturnType<typeof text>;
    const readPicture = (address: string) =>
      address === "plot.png" ? "data:image/png;base64,REVG" : undefined;
    const {html, problems} = pageOf(notebookOf(cell), {readPicture});
    expect(html).toContain("data:image/png;base64,QUJD");
    expect(html).toContain("data:image/png;base64,REVG");
    expect(problems).toEqual(["cell 1: expected a picture at gone.png, found none"]);
  });

  it.each([
    ["in HTML of a text", text('<img src="gone.png">')],
    ["in an HTML output", code("1", [htmlOutput('<p><img src="gone.png"></p>')])],
    ["in a markdown output", code("1", [display({"text/markdown": "![a](gone.png)"})])],
    ["on another host", text("![a](https://host.invalid/gone.png)")],
    ["an attachment of another name", text("![a](attachment:gone.png)")],
  ])("tells a missing picture %s", (_name, cell) => {
    const {problems} = pageOf(notebookOf(cell), {readPicture: () => undefined});
    expect(problems).toEqual([expect.stringMatching(/^cell 1: expected a picture at .*gone.png/)]);
  });

  it.each(['<img alt="a">', '<img src="" alt="a">'])("tells %s, without an address", (source) => {
    const {problems} = pageOf(notebookOf(text(source)), {readPicture: () => undefined});
    expect(problems).toEqual(["cell 1: expected the address of a picture (src), found none"]);
  });

  it("embeds a file that HTML refers to", () => {
    const readPicture = () => "data:image/png;base64,REVG";
    const notebook = notebookOf(
      text('<img src="a.png">'),
      code("1", [htmlOutput("<img src=b.png>")]),
    );
    const {html, problems} = pageOf(notebook, {readPicture});
    expect(html.split("data:image/png;base64,REVG").length - 1).toBe(2);
    expect(problems).toEqual([]);
  });
});
