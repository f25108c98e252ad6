import {mkdirSync, readFileSync} from "node:fs";
import {dirname, join} from "node:path";
import ts from "typescript";
import {describe, expect, it} from "vitest";
import {packageRoot} from "../../../publish/kernel/package-root.js";
import {outputsOf, runCellsAgain, writeText} from "../notebook/code-notebook.js";

/** The modules as they are once built, in a folder of their own: what a notebook loads. */
function builtShow(): string {
  const folder = join(dirname(writeText('{"type": "module"}', "package.json")), "built");
  for (const inner of ["show", "notebook/file"]) mkdirSync(join(folder, inner), {recursive: true});
  const files = ["show/show", "show/table-view", "show/tslab-display", "notebook/file/nbformat"];
  for (const file of files) {
    const source = readFileSync(join(packageRoot, "publish", `${file}.ts`), "utf8");
    const {module, target} = {module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022};
    const {outputText} = ts.transpileModule(source, {compilerOptions: {module, target}});
    writeText(outputText, join("built", `${file}.js`));
  }
  return join(folder, "show", "show.js");
}

describe("show and record in a notebook", () => {
  it("make one bundle each, in order, and hand values back", async () => {
    const outcome = await runCellsAgain([
      `const {record, show} = require(${JSON.stringify(builtShow())});`,
      "console.log('before');\n" +
        "show({data: [{y: new Float64Array([1, NaN])}], layout: {title: 'PnL'}});\n" +
        "show({html: '<b>x</b>', text: 'x'}); show({markdown: '# h'}); show(3);\n" +
        "console.log('after');",
      "import * as aq from 'arquero';\n" +
        "const ids = Array.from({length: 288}, (_, i) => 'a' + i);\n" +
        "show(aq.table({'<id>': ids, n: new Float64Array(288)}));",
      "record('pnl', {total: 1.5, days: [1, 2]}); record('pnl', {total: 2}); record('<x>', null);",
      "record('bad', NaN)",
    ]);
    expect(outcome.cells.map(({status}) => status)).toEqual(["ok", "ok", "ok", "ok", "failed"]);
    expect(outputsOf(outcome, 1)).toEqual([
      {output_type: "stream", name: "stdout", text: "before\n"},
      {
        output_type: "display_data",
        data: {
          "application/vnd.plotly.v1+json": {data: [{y: [1, null]}], layout: {title: "PnL"}},
          "text/plain": "[figure: PnL, 1 trace]",
        },
        metadata: {},
      },
      {
        output_type: "display_data",
        data: {"text/html": "<b>x</b>", "text/plain": "x"},
        metadata: {},
      },
      {
        output_type: "display_data",
        data: {"text/markdown": "# h", "text/plain": "# h"},
        metadata: {},
      },
      {output_type: "display_data", data: {"text/plain": "3"}, metadata: {}},
      {output_type: "stream", name: "stdout", text: "after\n"},
    ]);
    const [shown] = outputsOf(outcome, 2);
    const html = shown?.output_type === "display_data" ? String(shown.data["text/html"]) : "";
    expect(html).toContain('<th>&lt;id&gt;</th><th style="text-align:right">n</th>');
    expect(html.match(/<tr>/g)?.length).toBe(21);
    expect(html).toContain("<p>showing 20 of 288 rows</p>");
    expect(outcome.results).toEqual({pnl: {total: 2}, "<x>": null});
    expect(outputsOf(outcome, 3)[0]).toMatchObject({
      data: {
        "application/vnd.reckon.record+json": {name: "pnl", value: {total: 1.5, days: [1, 2]}},
        "text/plain": 'pnl = {"total":1.5,"days":[1,2]}',
      },
    });
    expect(outcome.failure?.message).toContain("record bad: expected a JSON value, found NaN");
    expect(outcome.cells[4]?.error?.line).toBe(1);
  });
});
