import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Ajv2020} from "ajv/dist/2020.js";
import {afterAll, describe, expect, it} from "vitest";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {code, notebookOf, text} from "../../publish/render/sample-notebook.js";
import {reckon} from "../command-line.js";

const folder = mkdtempSync(join(tmpdir(), "reckon-notebook-help-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const frame = "`#{number}m` | `#{number}h`".replaceAll("#", "$");
const source = `
type SecretText = string;
/** Model id. */
const model: "C1" | "C3" = "C1";
/** Bank key. */
const token: SecretText = "";
/** @integer */
const bars = 3;
const day: Date | null = null;
const weights: Record<string, number> = {};
const pair: [string, number?] | undefined = undefined;
const shape: {rows: number; title?: string} = {rows: 1};
const names: string[] = ["a"];
const where = process.cwd();
type Bars = ${frame};
const frame: Bars = "5m";
interface Limits { gross: number; net: number }
const limits: Partial<Limits> = {};
let limit: number;
`;

function save(name: string, ...tags: string[]): string {
  const cells = [
    text("# What a day earned"),
    code(source, [], ["parameters"]),
    code("1", [], ["timeout=5s", ...tags]),
  ].map((cell, i) => ({...cell, id: `c${i}`}));
  const path = join(folder, name);
  writeFileSync(path, formatNotebook(notebookOf(...cells)));
  return path;
}

describe("reckon notebook help", () => {
  it("lists name, type, default, variable and comment, and the tags of cells", async () => {
    const {stdout, exitCode} = await reckon("notebook", "help", save("n.ipynb", "mine"));
    expect(exitCode).toBe(0);
    const lines = stdout.split("\n").map((line) => line.replace(/ {2,}/g, " | "));
    expect(lines.slice(0, 6)).toEqual([
      "What a day earned",
      "",
      "PARAMETER | TYPE | DEFAULT | VARIABLE",
      'model | "C1" | "C3" | "C1" | RECKON_PARAM_MODEL | Model id.',
      "token | secret (4 characters or more) | (must be given) | RECKON_PARAM_TOKEN | Bank key.",
      "bars | integer | 3 | RECKON_PARAM_BARS",
    ]);
    expect(lines).toContain("where | string | (computed) | RECKON_PARAM_WHERE");
    expect(lines).toContain(`frame | ${frame} | "5m" | RECKON_PARAM_FRAME`);
    expect(lines).toContain("limits | {gross?: number; net?: number} | {} | RECKON_PARAM_LIMITS");
    expect(lines).toContain("pair | [string, number?] | undefined | (none) | RECKON_PARAM_PAIR");
    expect(lines).toContain("limit | number | (must be given) | RECKON_PARAM_LIMIT");
    expect(lines.slice(-5)).toEqual([
      "CELL | UNDER | TAG",
      " | 2 | What a day earned | parameters | declares the parameters",
      " | 3 | What a day earned | timeout=5s | the cell may take so many seconds",
      " | 3 | What a day earned | mine",
      "",
    ]);
  });

  it("says how null is given, where something takes it", async () => {
    const {stdout} = await reckon("notebook", "help", save("n.ipynb"));
    expect(stdout).toContain(
      "Where the type has null or undefined, null gives it: -p day=null, or null in a file.\n",
    );
    const helpOf = async (source: string) => {
      const path = join(folder, "plain.ipynb");
      const cell = {...code(source, [], ["parameters"]), id: "c0"};
      writeFileSync(path, formatNotebook(notebookOf(cell)));
      return (await reckon("notebook", "help", path)).stdout;
    };
    expect(await helpOf("const key: SecretText | null = null;")).toContain(
      "null gives it: RECKON_PARAM_KEY=null, or null in a file.\n",
    );
    const plain = await helpOf("const bars = 3;");
    expect(plain).not.toContain("not known");
    const unknown = await helpOf("let c: Config;");
    expect(unknown).toContain("JSON (Config is not known)");
    expect(unknown).toContain("any JSON is taken; the notebook's cells check it.\n");
    expect(plain).toContain("bars");
    expect(plain).not.toContain("null");
  });

  it("--json prints a JSON Schema that takes what the notebook takes", async () => {
    const {stdout} = await reckon("notebook", "help", save("n.ipynb"), "--json");
    const validate = new Ajv2020({strict: false}).compile(JSON.parse(stdout) as object);
    const given = {token: "abcd", limit: 1};
    const accepted = [{}, {model: "C3"}, {day: null}, {shape: {rows: 2}}, {where: "x"}, {bars: 4}];
    const resolved = [{frame: "1.5h"}, {limits: {net: 1}}, {limits: {}}];
    for (const values of [...accepted, ...resolved])
      expect(validate({...given, ...values})).toBe(true);
    const refused = [{model: "C2"}, {bars: 1.5}, {names: [1]}, {shape: {}}, {x: 1}, {limit: "1"}];
    const unresolved = [{frame: "1.5"}, {frame: "m"}, {limits: {nett: 1}}, {where: 1}];
    for (const values of [...refused, ...unresolved]) {
      expect(validate({...given, ...values})).toBe(false);
    }
    expect(validate({limit: 1})).toBe(false);
    expect(JSON.parse(stdout)).toMatchObject({
      title: "What a day earned",
      properties: {model: {default: "C1", description: "Model id."}, token: {writeOnly: true}},
    });
  });

  it.each([
    ["a tag that is misspelt", save("t.ipynb", "timout=5s"), /cell 3: .*did you mean "timeout=5s"/],
    ["no notebook", join(folder, "none.ipynb"), /found no such file/],
  ])("%s is refused", async (_what, path, message) => {
    const {stderr, exitCode} = await reckon("notebook", "help", path);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});
