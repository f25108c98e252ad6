import {describe, expect, it} from "vitest";
import {readDesk} from "../../src/config/desk-config.js";
import {runDag} from "../../src/dag/run-dag.js";
import {marketPanel} from "../../src/market/market-panel.js";
import {findModel, knownModels} from "../../src/models/registry.js";
import {systemConfigOf} from "../../src/system/run/system-config-of.js";
import {rowOf} from "../../src/table/frame.js";
import {featureOf} from "../../src/table/panel.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {deskFolder, modelModule} from "../config/desk-folder.js";
import {sampleBars} from "../system/sample-run.js";

/** A desk whose file names these models. */
function deskWith(models: string, files: Readonly<Record<string, string>>, more = "") {
  const named = {"reckon.config.yaml": `models: ${models}\n${more}`, "package.json": MODULES};
  return readDesk({}, deskFolder({...named, ...files}));
}
const MODULES = '{"type": "module"}';

describe("the models of a desk", () => {
  it("come after ours, from files that fit a pattern, lists, packages and CommonJS", () => {
    const desk = deskWith("[./models/*.js, '@desk/more', old.cjs]", {
      "models/b.js": modelModule("B1"),
      "models/a.js": `${modelModule("A1")}\nexport const models = [model, {...model, id: "A2"}];`,
      "models/a.txt": "no module",
      "node_modules/@desk/more/package.json": '{"type": "module", "main": "in.js"}',
      "node_modules/@desk/more/in.js": modelModule("P1", 'aliases: ["Pack"]'),
      "old.cjs": modelModule("O1").replace("export const model =", "module.exports.model ="),
    });
    const {known, broken} = knownModels(desk);
    expect(broken).toEqual([]);
    expect(known.map(({model, source}) => [model.id, source])).toEqual([
      ["mock1", "built in"],
      ["C1", "built in"],
      ["A1", "./models/a.js"],
      ["A2", "./models/a.js"],
      ["B1", "./models/b.js"],
      ["P1", "@desk/more"],
      ["O1", "./old.cjs"],
    ]);
  });

  it("are found by id, alias and builder pointer, and named where one is not found", () => {
    const desk = deskWith("[./d.js]", {"d.js": modelModule("D1", 'aliases: ["Delta"]')});
    for (const name of ["D1", "Delta", "pkg.D1_DagBuilder_tmp"]) {
      expect(findModel(name, desk).id).toBe("D1");
    }
    expect(findModel("C1", desk).id).toBe("C1");
    expect(() => findModel("D2", desk)).toThrow(
      'unknown model "D2"; known: mock1, C1, D1; did you mean "D1"?',
    );
  });

  it("are configured and run like ours", () => {
    const desk = deskWith("[./d.js]", {"d.js": modelModule("D1")});
    const model = findModel("D1", desk);
    const choices = {runMode: "simulation", exchange: "x", instrumentIds: ["A"]} as const;
    const {dag_config} = systemConfigOf(model, choices);
    expect(dag_config).toEqual({forecast: {scale: 1}});
    const market = marketPanel(sampleBars());
    const output = runDag(model.dag(dag_config, 5 * MINUTE_MS), {market});
    expect(rowOf(featureOf(output, "prediction"), 0)).toEqual(rowOf(featureOf(market, "close"), 0));
  });
});

describe("a desk's models that are not quite", () => {
  it.each([
    ["an id", "C1", modelModule("C1"), /model C1: .* C1 \(built in\) and C1 \(\.\/d/],
    [
      "an alias",
      "Mock1",
      modelModule("D1", 'aliases: ["Mock1"]'),
      /model Mock1: expected one model .*mock1 \(built in\) and D1 \(\.\/d\.js\); rename/,
    ],
  ])("%s of ours stops only who asks for it: either may be meant", (_what, name, file, message) => {
    const files = {"d.js": file, "b.js": modelModule("B1"), "c.js": "throw 1"};
    const desk = deskWith("[./d.js, ./b.js, ./c.js]", files);
    const {known, broken} = knownModels(desk);
    expect(known.map(({model}) => model.id)).toEqual(["mock1", "C1", "B1"]);
    expect(broken.map((error) => error.message)).toEqual([
      expect.stringContaining("./c.js"),
      expect.stringMatching(message),
    ]);
    expect(() => findModel(name, desk)).toThrow(message);
    expect(findModel("B1", desk).id).toBe("B1");
  });

  const cases: [what: string, entry: string, file: string, message: RegExp][] = [
    ["no file", "./e.js", "", /config\.yaml:1 models: expected a module \.\/e\.js that loads/],
    ["no fitting file", "./x/*.js", "", /expected files that fit \.\/x\/\*\.js, found none in/],
    [
      "no JavaScript",
      "./d.js",
      "export const = 1",
      /\.\/d\.js that loads, found in line 1: Unexpected/,
    ],
    ["no reckon", "./d.js", 'import "reckon";', /found Cannot find package 'reckon'.*npm link/],
    ["no model", "./d.js", "export const a = 1;", /\.\/d\.js: .*models, found exports: a/],
    ["no id", "./d.js", "export const m = {dag() {}};", /\.\/d\.js: expected id: string/],
    ["no name for an id", "./d.js", modelModule("D 1"), /model D 1: expected id: letters, digits/],
    ["no summary", "./d.js", modelModule("D1", 'summary: ""'), /model D1: expected summary: /],
    [
      "a getter that throws",
      "./d.js",
      "export const D1 = {id: 'D1', get dag() { throw new Error('boom'); }};",
      /config\.yaml:1, \.\/d\.js: expected a model that can be looked at, found boom/,
    ],
    ["no DAG", "./d.js", modelModule("D1", "dag: 5"), /model D1: expected dag: a function/],
    ["a list of other things", "./d.js", "export const models = [1];", /expected a model: object/],
  ];
  it.each(cases)("%s", (_what, entry, file, message) => {
    const desk = deskWith(`[${JSON.stringify(entry)}]`, {"d.js": file});
    expect(knownModels(desk).broken.map((error) => error.message)).toEqual([
      expect.stringMatching(message),
    ]);
    expect(findModel("C1", desk).id).toBe("C1");
    expect(() => findModel("D1", desk)).toThrow(message);
  });

  it("do not keep the others from being used", () => {
    const files = {"a.js": "export const = 1", "b.js": modelModule("B1"), "c.js": "throw 1"};
    const desk = deskWith("[./a.js, ./b.js, ./c.js]", files, "model_config:\n  C9: {}\n");
    const {known, broken} = knownModels(desk);
    expect(known.map(({model}) => model.id)).toEqual(["mock1", "C1", "B1"]);
    expect(broken.map(({message}) => /module (\S+)/.exec(message)?.[1])).toEqual([
      "./a.js",
      "./c.js",
    ]);
    expect(() => findModel("B2", desk)).toThrow(
      /did you mean "B1"\?; 2 models do not load: .*a\.js/,
    );
  });

  it("a config for a model there is not is refused with its line", () => {
    const desk = deskWith("[./d.js]", {"d.js": modelModule("D1")}, "model_config:\n  D2: {}\n");
    expect(() => findModel("C1", desk)).toThrow(
      'reckon.config.yaml:3: unknown model "D2"; known: mock1, C1, D1; did you mean "D1"?',
    );
  });
});
