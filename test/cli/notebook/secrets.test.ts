import {mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {packageRoot} from "../../../publish/kernel/package-root.js";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {code, notebookOf, text} from "../../publish/render/sample-notebook.js";
import {reckon} from "../command-line.js";

const folder = mkdtempSync(join(tmpdir(), "reckon-notebook-secrets-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

symlinkSync(join(packageRoot, "node_modules"), join(folder, "node_modules"));

const token = 'tok"en/42&é';
const secretFile = join(folder, "token.txt");
writeFileSync(secretFile, `${token}\n`);

const path = join(folder, "secrets.ipynb");
const cells = [
  text("# Secrets"),
  code("/** @secret */\nconst token: string = '';\nconst days = 1;", [], ["parameters"]),
  code(
    `import {record, show} from "reckon";
console.log(token, JSON.stringify({key: token}), encodeURIComponent(token), days);
console.log(Buffer.from("user:" + token).toString("base64"), [token]);
process.stdout.write(token.slice(0, 4));
await new Promise((done) => setTimeout(done, 30));
process.stdout.write(token.slice(4) + "\\n");
show({html: "<b title='" + token + "'>" + token.length + "</b>"});
show({data: [{type: "bar", x: [token], y: [1]}], layout: {title: {text: token}}});
record("key", {token: token});
console.error(process.env);
setTimeout(() => console.log(token), 20);`,
  ),
  code("throw new Error(token)", [], ["raises-exception"]),
  code("process.stderr.write(token.slice(0, 5)); throw new TypeError('no ' + token)"),
].map((cell, i) => ({...cell, id: `c${i}`}));
writeFileSync(path, formatNotebook(notebookOf(...cells)));

/** Every way that a plain search could find it. */
const forms = [
  token,
  JSON.stringify(token).slice(1, -1),
  JSON.stringify(JSON.stringify(token)).slice(3, -3),
  encodeURIComponent(token),
  "tok&quot;en/42&amp;é",
  Buffer.from(token).toString("base64").slice(0, 12),
  Buffer.from(`user:${token}`).toString("base64").slice(8, 20),
];

function filesBelow(dir: string): string[] {
  return readdirSync(dir, {withFileTypes: true}).flatMap((entry) => {
    const at = join(dir, entry.name);
    return entry.isDirectory() ? filesBelow(at) : [at];
  });
}

describe("a secret", () => {
  it("is in no file of the result and in nothing that is printed", async () => {
    const dst = join(folder, "out");
    process.env.RECKON_PARAM_TOKEN_FILE = secretFile;
    try {
      const flags = ["--dst-dir", dst, "--follow", "-p", "days=2"];
      const {exitCode, stdout, stderr} = await reckon("notebook", "run", path, ...flags);
      expect([exitCode, stderr]).toEqual([1, ""]);
      const files = filesBelow(dst);
      expect(files.length).toBeGreaterThan(8);
      const texts = files.map((file) => [file, readFileSync(file, "utf8")] as const);
      for (const [place, content] of [["stdout", stdout] as const, ...texts]) {
        for (const form of forms) expect(content.includes(form), `${place}: ${form}`).toBe(false);
      }
      expect(stdout).toContain("[secret]\n");
      const record = texts.find(([file]) => file.endsWith("run.json"))?.[1] ?? "";
      expect(JSON.parse(record)).toMatchObject({
        results: {key: {token: "[secret]"}},
        failure: {message: expect.stringContaining("TypeError: no [secret]")},
        parameters: [
          {name: "token", isSecret: true, origin: "environment RECKON_PARAM_TOKEN_FILE"},
          {name: "days", value: 2, origin: "command line"},
        ],
      });
    } finally {
      delete process.env.RECKON_PARAM_TOKEN_FILE;
    }
  });

  it("is refused on the command line, before anything starts", async () => {
    const flags = ["--dst-dir", join(folder, "none"), "-p", "token=abcdef"];
    const {exitCode, stderr} = await reckon("notebook", "run", path, ...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /token: expected a secret from the environment .*RECKON_PARAM_TOKEN_FILE/,
    );
    expect(stderr).not.toContain("abcdef");
  });
});
