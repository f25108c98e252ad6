import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {findBrowser} from "../../../publish/render/picture/browser.js";
import {openPageRoom, type PageRoom} from "./page-room.js";
import {
  code,
  display,
  htmlOutput,
  notebookOf,
  reconciliationNotebook,
  stream,
  text,
} from "./sample-notebook.js";

const browserless = "reason" in findBrowser();
const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly {readonly html: string}[];
}

const error = {
  output_type: "error" as const,
  ename: "TypeError",
  evalue: "x is not a function",
  traceback: ["TypeError: x is not a function", "line 1:", "> 1 | x()", "    | ^"],
};

const failed = notebookOf(
  text("# Failed"),
  code("fine()", [stream("\u001b[31mred\u001b[0m text\n"), stream("late\n", "stderr")]),
  text("## Orders\n\n### Fills"),
  code("x()", [error]),
  code("never()"),
  code("later()", [], ["skip"]),
);

const rich = notebookOf(
  ...reconciliationNotebook().cells,
  text("## Formulas\n\n$$\n\\frac{a}{b}\n$$\n\n![shape](shape.png)"),
  code("o", [
    display({"text/latex": "x^2"}),
    display({"application/json": {a: [1, "b", "c".repeat(300)]}}),
    stream(`${"wide ".repeat(60)}\n`),
    stream("high\n".repeat(60)),
    display({"text/plain": "wide ".repeat(60)}),
    display({"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'></svg>"}),
    display({"application/x-new": 1}),
    htmlOutput('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><script>x</script>'),
  ]),
);

const named = Array.from({length: 8}, (_, i) => [i, i + 60]).flat();
const terminal = notebookOf(
  text("# Colours"),
  code("print()", [
    stream(named.map((ground) => colours(ground)).join("\n")),
    stream(named.map((ground) => colours(ground)).join("\n"), "stderr"),
  ]),
);

/** A named ground below no colour, every named one, and one of the palette. */
function colours(ground: number): string {
  const texts = ["39", ...named.map((one) => `${30 + one}`), "38;5;208"];
  return texts.map((one) => `\u001b[${one};${40 + ground}mtext\u001b[0m`).join(" ");
}

/** On pages as people get them: what keeps somebody from reading them. */
describe.skipIf(browserless)(`a page for all${browserless ? " (needs a browser)" : ""}`, () => {
  let room: PageRoom;
  let pages: Record<string, string>;

  beforeAll(async () => {
    room = await openPageRoom();
    const frame = {
      parameters: {model: "C1", start: "2025-09-01"},
      byline: "Ran 2025-09-02 00:01:12 UTC in 3.2 s",
      provenance: [["Node", "20"]] as const,
      notices: ["Pictures are missing"],
    };
    pages = {
      good: await room.save("good", rich, {...frame, paint: true}),
      failed: await room.save("failed", failed, {
        ...frame,
        cells: ["not-code", "ok", "not-code", "failed", "not-run", "skipped"],
        failure: {message: "cell 4 failed", cellIndex: 3},
      }),
      terminal: await room.save("terminal", terminal, {}),
    };
  });

  afterAll(() => room?.close());

  it.each([
    ["good", "light", 1200],
    ["good", "dark", 390],
    ["failed", "light", 1200],
    ["failed", "dark", 390],
    ["terminal", "light", 1200],
    ["terminal", "dark", 1200],
  ] as const)("%s, %s, %i px wide", async (name, theme, width) => {
    const {page} = await room.visit(pages[name] ?? "", {theme, width});
    await page.click("#code");
    await page.evaluate(axe);
    const violations = (await page.evaluate(
      "axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations)",
    )) as Violation[];
    const grave = violations.filter(({impact}) => impact === "serious" || impact === "critical");
    expect(
      grave.map(({id, impact, nodes}) => [id, impact, nodes.map(({html}) => html.slice(0, 200))]),
    ).toEqual([]);
    await page.close();
  });
});
