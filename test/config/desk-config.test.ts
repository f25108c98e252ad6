import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {
  databaseUrlOf,
  deskOverrides,
  findDeskFile,
  readDesk,
} from "../../src/config/desk-config.js";
import {messageOf} from "../../src/errors.js";
import {deskFolder} from "./desk-folder.js";

const FILE = "reckon.config.yaml";

describe("findDeskFile", () => {
  it("looks in RECKON_CONFIG_DIR, else in the working directory, and nowhere above", () => {
    const dir = deskFolder({[FILE]: "", "below/x": ""});
    expect(findDeskFile({}, dir)).toBe(join(dir, FILE));
    expect(findDeskFile({}, join(dir, "below"))).toBeUndefined();
    expect(findDeskFile({RECKON_CONFIG_DIR: ".."}, join(dir, "below"))).toBe(join(dir, FILE));
    expect(findDeskFile({RECKON_CONFIG_DIR: ""}, dir)).toBe(join(dir, FILE));
  });

  it("refuses a RECKON_CONFIG_DIR without the file", () => {
    const dir = deskFolder({});
    expect(() => findDeskFile({RECKON_CONFIG_DIR: dir}, "/")).toThrow(
      `environment RECKON_CONFIG_DIR: expected a folder with a ${FILE}, found ${dir}`,
    );
  });
});

describe("readDesk", () => {
  it("without a file it adds and sets nothing", () => {
    const dir = deskFolder({});
    const desk = readDesk({}, dir);
    expect(desk).toMatchObject({path: undefined, dir, models: [], notebookDirs: [], defaults: []});
    expect(deskOverrides(desk, "C1")).toEqual([]);
  });

  it("an empty file, and keys with nothing after them, are nothing", () => {
    const dir = deskFolder({[FILE]: "# ours\nmodels:\ndefaults:\nmodel_config:\n  C1:\n"});
    expect(readDesk({}, dir)).toMatchObject({models: [], defaults: [], dataDir: undefined});
    expect(readDesk({}, deskFolder({[FILE]: ""})).models).toEqual([]);
  });

  it("tells what the file says, each with its line, paths from its folder", () => {
    const text = [
      "models:",
      "  - ./models/*.js",
      "  - '@desk/models'",
      "notebooks: [books]",
      "data_dir: data",
      "defaults:",
      "  portfolio_config: {initial_cash: 5}",
      "model_config:",
      "  C1:",
      "    dag_config:",
      "      predict:",
      "        reversal: 2",
    ].join("\n");
    const dir = deskFolder({[FILE]: text, "books/a.ipynb": "{}"});
    const desk = readDesk({RECKON_CONFIG_DIR: dir}, "/");
    const at = (line: number) => `${dir.slice(1)}/${FILE}:${line}`;
    expect(desk.models).toEqual([
      {text: "./models/*.js", place: at(2)},
      {text: "@desk/models", place: at(3)},
    ]);
    expect(desk).toMatchObject({notebookDirs: [join(dir, "books")], dataDir: join(dir, "data")});
    expect(deskOverrides(desk, "C1")).toMatchObject([
      {path: ["portfolio_config", "initial_cash"], value: 5, place: at(7)},
      {path: ["dag_config", "predict", "reversal"], value: 2, place: at(12)},
    ]);
    expect(deskOverrides(desk, "mock1")).toHaveLength(1);
    expect(deskOverrides(desk, undefined)).toHaveLength(1);
  });

  it("the environment comes after the file, in the order of its names", () => {
    const dir = deskFolder({[FILE]: "data_dir: data\ndefaults: {trading_period: 1h}\n"});
    const env = {
      RECKON_CONFIG__market_data_config__delay_in_secs: "5",
      RECKON_CONFIG__cf_config__account: "007x",
      RECKON_CONFIG__cf_config: '{"a": [1]}',
      RECKON_DATA_DIR: "elsewhere",
    };
    const desk = readDesk(env, dir);
    expect(desk.dataDir).toBe(join(dir, "elsewhere"));
    expect(deskOverrides(desk, "C1").map(({path, value}) => [path.join("."), value])).toEqual([
      ["trading_period", "1h"],
      ["cf_config", {a: [1]}],
      ["cf_config.account", "007x"],
      ["market_data_config.delay_in_secs", 5],
    ]);
  });
});

describe("a wrong file is refused with its line", () => {
  const cases: [what: string, text: string, message: string][] = [
    [
      "an unknown key",
      "data_dir: x\nmodel: [a]\n",
      `${FILE}:2: expected the keys models, notebooks, data_dir, database_url_file, defaults, ` +
        'model_config, found unknown key "model"; did you mean "models"?',
    ],
    ["a list that is none", "\nmodels: x.js\n", `${FILE}:2 models: expected a list of paths`],
    ["an item that is no path", "models:\n  - a\n  - 3\n", `${FILE}:3 models.1: expected a list`],
    ["no mapping", "- a\n", `${FILE}:1: expected a mapping, found a value of another kind`],
    ["no number", "defaults:\n  a: .nan\n", `${FILE}:2 defaults.a: expected config keys`],
    ["what is no YAML", "a: 1\nb: [1\n", `${FILE}:3: expected YAML, found Flow sequence`],
    ["a key twice", "data_dir: a\ndata_dir: b\n", `${FILE}:2: expected YAML, found Map keys must`],
    ["a tag", "data_dir: !secret a\n", `${FILE}:1: expected YAML, found Unresolved tag`],
    ["no such folder", "notebooks: [x, y]\n", `${FILE}:1 notebooks: expected a folder with note`],
  ];
  it.each(cases)("%s", (_what, text, message) => {
    const dir = deskFolder({[FILE]: text});
    expect(() => readDesk({}, dir)).toThrow(message);
  });
});

describe("databaseUrlOf", () => {
  const url = "postgres://u:hidden@h/d";

  it("the environment's, else that of the desk's file, else none", () => {
    const dir = deskFolder({[FILE]: "database_url_file: url\n", url: `${url}\n`});
    const desk = readDesk({}, dir);
    expect(databaseUrlOf(desk, {})?.reveal()).toBe(url);
    expect(databaseUrlOf(desk, {RECKON_DATABASE_URL: "postgres://other"})?.reveal()).toBe(
      "postgres://other",
    );
    expect(databaseUrlOf(readDesk({}, deskFolder({})), {})).toBeUndefined();
  });

  it("a file that is not there is named with its line", () => {
    const desk = readDesk({}, deskFolder({[FILE]: "\ndatabase_url_file: gone\n"}));
    let told = "";
    try {
      databaseUrlOf(desk, {});
    } catch (error) {
      told = messageOf(error);
    }
    expect(told).toMatch(/reckon\.config\.yaml:2 database_url_file: expected a readable file/);
  });
});
