import {writeFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {applyParameters} from "../../../../publish/notebook/parameters/apply-parameters.js";
import {
  type ParameterLayer,
  variableOf,
} from "../../../../publish/notebook/parameters/parameter-layer.js";
import {notebookOf, writeText} from "../code-notebook.js";

const cell = `
type SecretText = string;
/** Folder of the run. */
const runDir: string = "a";
/** @integer */
const bars = 3;
/** Day of the report. */
const day: DateText = "2025-09-01";
/** Bank key. */
const token: SecretText = "";
/** @secret */
const other: string | null = null;
interface Shape { rows: number; title?: string }
const shape: Shape = {rows: 1};
`;

const token = "s3cr3t-token";
const environment = (variables: Record<string, string>): ParameterLayer => {
  return {origin: "environment", variables};
};
const withToken = environment({RECKON_PARAM_TOKEN: token, PATH: "/bin"});

function apply(layers: readonly ParameterLayer[], source = cell) {
  const notebook = notebookOf({source, tags: ["parameters"]}, "1");
  return applyParameters(notebook, layers, "n.ipynb");
}

const complaintOf = (...layers: ParameterLayer[]) =>
  apply(layers).then(
    () => "none",
    (error: Error) => error.message.replaceAll("n.ipynb: ", ""),
  );

describe("layers of values", () => {
  it("go over each other in their order, and the record says which one counted", async () => {
    const layers = [
      {origin: "all.yaml", values: {runDir: "b", bars: 4}},
      environment({RECKON_PARAM_TOKEN: token, RECKON_PARAM_RUN_DIR: "c", RECKON_PARAM_bars: "5"}),
      {origin: "config 2", values: {runDir: "d"}},
      {origin: "command line", texts: {day: "2025-09-02"}, isOpen: true},
    ];
    const {parameters} = await apply(layers);
    expect(parameters.map(({name, value, origin}) => [name, value, origin])).toEqual([
      ["runDir", "d", "config 2"],
      ["bars", 5, "environment RECKON_PARAM_bars"],
      ["day", "2025-09-02", "command line"],
      ["token", undefined, "environment RECKON_PARAM_TOKEN"],
      ["other", undefined, "default"],
      ["shape", {rows: 1}, "default"],
    ]);
  });

  it.each([
    ["runDir", "RECKON_PARAM_RUN_DIR"],
    ["run_dir", "RECKON_PARAM_RUN_DIR"],
    ["n", "RECKON_PARAM_N"],
    ["maxPnlUSD", "RECKON_PARAM_MAX_PNL_USD"],
  ])("%s is in the variable %s", (name, variable) => {
    expect(variableOf(name)).toBe(variable);
  });

  const refused: [what: string, layer: ParameterLayer, message: RegExp][] = [
    [
      "a variable of no parameter",
      environment({RECKON_PARAM_RUNDI: "x"}),
      /^environment RECKON_PARAM_RUNDI: expected one of .*; did you mean RECKON_PARAM_RUN_DIR\?$/,
    ],
    [
      "a file for what is no secret",
      environment({RECKON_PARAM_RUN_DIR_FILE: "/x"}),
      /^parameter runDir: expected a value, found the path of a file/,
    ],
    [
      "a date that is none",
      {origin: "f", values: {day: "2025-02-30"}},
      /^parameter day: expected date \(ISO 8601 text\), found "2025-02-30"$/,
    ],
    [
      "a value of another shape",
      {origin: "f", values: {shape: {row: 1}}},
      /^parameter shape\.row: expected one of rows, title, found an unknown name; did you mean/,
    ],
    [
      "a secret on the command line",
      {origin: "command line", texts: {token: "abcdef"}, isOpen: true},
      /^parameter token: expected a secret from .*; set RECKON_PARAM_TOKEN, or /,
    ],
    [
      "a secret that is too short to be hidden",
      environment({RECKON_PARAM_OTHER: "abc"}),
      /^parameter other: expected secret \(4 characters or more\) \| null, found a shorter text$/,
    ],
    [
      "a secret inside another value",
      {origin: "f", values: {runDir: `https://x/?key=${token}`}},
      /^parameter runDir: expected no secret in it, found one; take it out/,
    ],
  ];
  it.each(refused)("%s is refused", async (_what, layer, message) => {
    expect(await complaintOf(withToken, layer)).toMatch(message);
  });

  it("a secret that was not given is asked for; a nullable one is not", async () => {
    expect(await complaintOf()).toMatch(
      /^parameter token: expected secret .*, found nothing; give it: set RECKON_PARAM_TOKEN, or /,
    );
  });

  it("what a cell declares without a default must be given", async () => {
    const notebook = notebookOf({
      source: "let a: number; let b: string | undefined;",
      tags: ["parameters"],
    });
    const refusal = applyParameters(notebook, [], "n.ipynb");
    await expect(refusal).rejects.toThrow(
      "parameter a: expected number, found nothing; give it: -p a=…",
    );
  });

  it.each<[what: string, source: string, message: RegExp]>([
    [
      "a default",
      'const key: SecretText = "abcd1234";',
      /expected no default for a secret, found one/,
    ],
    [
      "a default that is computed",
      'const key: SecretText = process.env.KEY ?? "abcd1234";',
      /expected no default for a secret, found one/,
    ],
    [
      "a number",
      "/** @secret */\nconst key = 5;",
      /parameter key: expected a string for @secret, found number$/,
    ],
    ["a place in a list", "const keys: SecretText[] = [];", /expected a secret to be a parameter/],
  ])("a secret with %s is refused", async (_what, source, message) => {
    await expect(apply([], source)).rejects.toThrow(message);
    await expect(apply([], source)).rejects.not.toThrow("abcd1234");
  });

  it.each([
    ["/** @integer */ const n = 'abcd1234';", "expected a number for @integer, found string"],
    ["/** @date */ const n: Date | null = null;", "expected a string for @date, found date"],
  ])("a tag that means nothing is refused: %s", async (source, message) => {
    await expect(apply([], source)).rejects.toThrow(`n.ipynb: parameter n: ${message}`);
  });

  it.each([
    "/** @secret */ const key = '';",
    "/** @secret */ const key: Imported | null = null;",
    "/** @secret */ const key: SecretText | null = null;",
    "const key: SecretText | undefined = undefined;",
  ])("a secret need not be declared as text: %s", async (source) => {
    const given = environment({RECKON_PARAM_KEY: token});
    const {secrets} = await apply([given], source);
    expect(secrets).toEqual({RECKON_PARAM_KEY: token});
  });

  it.each(["SecretText | null", "null | SecretText", "SecretText | undefined"])(
    "the word null gives none for %s, as it does for other types",
    async (type) => {
      const given = environment({RECKON_PARAM_KEY: "null"});
      const {secrets, notebook} = await apply([given], `const key: ${type} = null;`);
      expect(secrets).toEqual({});
      const none = type.includes("null") ? "null" : "undefined";
      expect(notebook.cells[1]?.source).toContain(`const key: ${type} = ${none};`);
    },
  );

  it("a cell that holds a secret's value is refused", async () => {
    const notebook = notebookOf({source: cell, tags: ["parameters"]}, `fetch("${token}")`);
    const refusal = applyParameters(notebook, [withToken], "n.ipynb");
    await expect(refusal).rejects.toThrow("cell 2: expected no secret, found one");
  });

  it("a secret comes from a file, and goes by the kernel's environment alone", async () => {
    const path = writeText(`${token}\n`);
    const {notebook, secrets} = await apply([environment({RECKON_PARAM_TOKEN_FILE: path})]);
    expect(secrets).toEqual({RECKON_PARAM_TOKEN: token});
    expect(notebook.cells[1]?.source).toBe(
      "// Parameters of this run\nconst token: SecretText = process.env.RECKON_PARAM_TOKEN;",
    );
    writeFileSync(path, "abc\n");
    expect(await complaintOf(environment({RECKON_PARAM_TOKEN_FILE: path}))).toMatch(
      /^parameter token: expected secret .* in .*, found a shorter text$/,
    );
    expect(await complaintOf(environment({RECKON_PARAM_TOKEN_FILE: "/no/such"}))).toMatch(
      /^parameter token: expected a readable file with a secret at \/no\/such, found ENOENT$/,
    );
  });
});
