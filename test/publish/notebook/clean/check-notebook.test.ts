import {describe, expect, it} from "vitest";
import {checkNotebookText} from "../../../../publish/notebook/clean/check-notebook.js";
import {stripNotebook} from "../../../../publish/notebook/clean/strip.js";
import {formatNotebook} from "../../../../publish/notebook/file/write-notebook.js";
import {notebookOf, type Source} from "../code-notebook.js";

const clean = (...sources: Source[]) => formatNotebook(stripNotebook(notebookOf(...sources)));

async function found(text: string): Promise<string[]> {
  const complaints = await checkNotebookText(text, "n.ipynb");
  return complaints.map(({cell, line, what}) => `${cell ?? "-"}:${line ?? "-"} ${what}`);
}

// In two pieces, so that nobody takes these lines for keys.
const key = (a: string, b: string) => `x\nconst k = "${a}${b}";`;
const letters = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";

describe("a notebook to commit", () => {
  it.each<[string, Source]>([
    ["a path of a page", 'fetch("/api/v1/runs");'],
    ["a relative path", 'const dir = "./data/day";'],
    ["an address", 'const a = "https://example.com/home/user";'],
    ["a key from the environment", "const apiKey = process.env.API_KEY;"],
    ["an empty password", 'const password = "";'],
    ["a placeholder", 'const apiKey = "<your key>";'],
    [
      "a secret parameter",
      {source: '/** @secret */\nconst key: string = "";', tags: ["parameters"]},
    ],
    ["a parameter without a default", {source: "let a: number;", tags: ["parameters"]}],
    ["a ratio", "const x = a / home / b;"],
  ])("may hold %s", async (_what, source) => {
    expect(await found(clean("# T", source))).toEqual([]);
  });

  it.each<[string, Source, string]>([
    ["a home folder", 'x;\nread("/home/ann/day.csv")', "1:2 path"],
    ["a folder of a Mac", "// see /Users/ann/day", "1:1 path"],
    ["a drive", 'read("C:\\\\Users\\\\ann")', "1:1 path"],
    ["a share", "read('\\\\\\\\host\\\\data')".replaceAll("\\\\", "\\"), "1:1 path"],
    ["a file address", 'read("file:///tmp/x")', "1:1 path"],
    ["an AWS key", key("AKIA", "ABCDEFGHIJKLMNOP"), "1:2 secret"],
    ["a GitHub token", key("ghp_", letters), "1:2 secret"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----".replace("RSA", "RSA"), "1:1 secret"],
    ["a password in an address", 'connect("postgres://ann:hunter2@host/db")', "1:1 secret"],
    ["a value for a secret name", 'const apiKey: string = "q8s7d6f5";', "1:1 secret"],
    [
      "parameters that do not parse",
      {source: "const a = ;", tags: ["parameters"]},
      "1:1 parameters",
    ],
    [
      "a secret with a default",
      {source: 'const t: SecretText = "q8s7d6f5";', tags: ["parameters"]},
      "1:- parameters",
    ],
    ["a misspelt tag", {source: "1", tags: ["timout=5s"]}, "1:- tags"],
    ["a path in a tag", {source: "1", tags: ["/home/ann/x"]}, "1:- path"],
  ])("may not hold %s", async (_what, source, place) => {
    expect(await found(clean(source))).toEqual([place]);
  });

  it("says nothing of a secret but its kind", async () => {
    const [complaint] = await checkNotebookText(clean('const password = "hunter2!";'), "n");
    expect(complaint?.message).toContain("found a value for a secret name");
    expect(complaint?.message).not.toContain("hunter2");
  });

  it("has no outputs and no counts, and stands in its standard form", async () => {
    const notebook = notebookOf("1");
    const [cell] = notebook.cells;
    const stream = {output_type: "stream", name: "stdout", text: "x"} as const;
    const ran = (part: object) =>
      formatNotebook({...notebook, cells: [{...cell, ...part} as never]});
    expect(await found(ran({outputs: [stream]}))).toEqual(["1:- output"]);
    expect(await found(ran({execution_count: 1}))).toEqual(["1:- output"]);
    expect(await found(ran({metadata: {collapsed: true}}))).toEqual(["-:- not-stripped"]);
    expect(await found(JSON.stringify(JSON.parse(clean("1"))))).toEqual(["-:- not-stripped"]);
    expect(await found("{}")).toEqual(["-:- format"]);
    expect(await found("no json")).toEqual(["-:- format"]);
  });
});
