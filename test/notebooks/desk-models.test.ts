import {execFileSync} from "node:child_process";
import {mkdirSync, symlinkSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {beforeAll, describe, expect, it} from "vitest";
import {deskFolder} from "../config/desk-folder.js";
import {runCells, textOf} from "../publish/notebook/code-notebook.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

beforeAll(() => {
  const setUp = join(ROOT, "src", "cli", "set-up.mjs");
  execFileSync(process.execPath, [setUp, "build"], {stdio: "pipe"});
}, 120_000);

const MODEL = `
import {createDag, defineNode, featureOf, withFeatures} from "reckon";

const echo = defineNode({
  id: "echo",
  inputs: {market: "market"},
  predict: ({market}) => withFeatures(market, {prediction: featureOf(market, "close")}),
});
export const d1 = {
  id: "D1",
  summary: "repeats the close",
  config: {dag_config: {echo: {scale: 1}}},
  dag: () => createDag([echo]),
};
`;

describe("a notebook in another folder", () => {
  it("knows the models of the desk that its environment names", async () => {
    const desk = deskFolder({
      "reckon.config.yaml": "models: [d1.js]\n",
      "package.json": '{"type": "module"}',
      "d1.js": MODEL,
    });
    mkdirSync(join(desk, "node_modules"));
    symlinkSync(ROOT, join(desk, "node_modules", "reckon"));
    const cells = [
      'import {findModel, makeFrame} from "reckon";',
      'const dag = findModel("D1").dag({}, 300_000);',
      'console.log(dag.nodes.map(({id}) => id).join(), findModel("C1").id);',
      'try { findModel("D2"); } catch (error) { console.log((error as Error).message); }',
    ];
    const outcome = await runCells(cells, {cwd: ROOT, env: {RECKON_CONFIG_DIR: desk}});
    expect(outcome.failure).toBeNull();
    expect(textOf(outcome, 2)).toBe("echo C1\n");
    expect(textOf(outcome, 3)).toMatch(/^unknown model "D2"; known: mock1, C1, D1/);
  });
});
