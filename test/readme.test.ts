import {execFileSync} from "node:child_process";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {checkDemo} from "./flows/demo-checks.js";
import {type Block, parseBlocks, shownOutput} from "./readme/blocks.js";
import {Desk} from "./readme/desk.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const path = join(root, "README.md");
const blocks = existsSync(path) ? parseBlocks(readFileSync(path, "utf8")) : [];
const hasShared = existsSync(join(root, "../shared"));
const tested = blocks.filter(
  ({language, flags}) => ["sh", "ts"].includes(language) && !flags.includes("no-test"),
);
const needsShared = ({code}: Block) => code.includes("../shared");
const titled = (list: readonly Block[]) =>
  list.map((block) => ({title: `line ${block.line} (${block.language})`, block}));

describe("README.md", () => {
  let desk: Desk;
  beforeAll(() => {
    execFileSync(process.execPath, [join(root, "src/cli/set-up.mjs"), "build"], {stdio: "pipe"});
    desk = new Desk(root);
  }, 120_000);
  afterAll(() => desk?.remove());

  it("has shell and ts blocks to try, and marks the two that are tested on their own", () => {
    expect(new Set(tested.map(({language}) => language))).toEqual(new Set(["sh", "ts"]));
    const unmarked = tested.filter(({code}) => /npm (test|run demo)/.test(code));
    expect(unmarked.map(({line}) => line)).toEqual([]);
    const known = ["sh", "ts", "text", "json", ""];
    expect(blocks.filter(({language}) => !known.includes(language))).toEqual([]);
  });

  it.each(titled(tested.filter((block) => hasShared || !needsShared(block))))(
    "$title",
    ({block}) => tryBlock(desk, block),
    300_000,
  );

  it.skipIf(hasShared).each(titled(tested.filter((block) => !hasShared && needsShared(block))))(
    "$title (needs ../shared, which is absent)",
    ({block}) => tryBlock(desk, block),
  );

  describe("docs/how-to-observe-a-run.md looks at the day it makes", () => {
    const text = readFileSync(join(root, "docs/how-to-observe-a-run.md"), "utf8");
    const steps = parseBlocks(text).filter(({flags}) => !flags.includes("no-test"));
    it.each(titled(steps))("$title", ({block}) => tryBlock(desk, block), 120_000);

    it("and shows the same numbers on page and pictures", () => {
      const plots = join(desk.folder, "day/plots");
      const read = (path: string) => JSON.parse(readFileSync(join(plots, path), "utf8"));
      const {pictures} = read("cumulative_pnl.json");
      const {windows} = read("historical_pnl_for_investors/result_0/results.json");
      expect(Object.values(pictures)).toEqual(expect.arrayContaining(windows));
      expect(windows).toHaveLength(4);
    });
  });

  describe.each([
    "how-to-reconcile",
    "how-to-debug-a-failed-reconciliation",
    "how-to-judge-returns",
  ])("docs/%s.md", (name) => {
    const text = readFileSync(join(root, `docs/${name}.md`), "utf8");
    const steps = parseBlocks(text).filter(({language}) => ["sh", "ts"].includes(language));
    it.each(titled(steps))("$title", ({block}) => tryBlock(desk, block, name), 240_000);
  });

  describe("the day it makes", () => {
    checkDemo({
      folder: () => join(desk.folder, "day"),
      windows: ["since_2022", "since_2025", "last_24hours", "last_5minutes"],
      says: /simulated market 5m/,
    });
  });
});

async function tryBlock(desk: Desk, {language, code, line}: Block, page = "block"): Promise<void> {
  if (language === "sh") {
    const {code: exitCode, output} = await desk.runShell(code);
    expect(exitCode, output).toBe(0);
    return;
  }
  const {code: exitCode, stdout, output} = await desk.runTypeScript(code, `${page}-${line}`);
  expect(exitCode, output).toBe(0);
  const printed = stdout.replace(/\n$/, "").split("\n");
  expect(printed.map((text) => text.trimEnd())).toEqual(shownOutput(code));
}

describe("the test of README.md itself", () => {
  const desk = new Desk(root);
  afterAll(() => desk.remove());
  const ts = (code: string): Block => ({language: "ts", flags: [], code, line: 1});

  it("finds blocks with their flags and lines", () => {
    const fence = "```";
    const text = `# a\n${fence}sh no-test\nnpm test\n${fence}\n\n${fence}\nplain\n${fence}\n`;
    expect(parseBlocks(text)).toEqual([
      {language: "sh", flags: ["no-test"], code: "npm test\n", line: 2},
      {language: "", flags: [], code: "plain\n", line: 6},
    ]);
    expect(() => parseBlocks(`${fence}sh\nls\n`)).toThrow("line 1");
  });

  it("reads the output that a block shows", () => {
    const code = [
      "// A sentence about the next line.",
      "const a = 1; // not output",
      "console.log(a); // 1",
      "console.log(`x",
      "y`); // no output: the call ends in a string",
      "console.log(table); // head",
      "//  row",
      "",
      "// Another sentence.",
      "console.log({",
      "  a,",
      "}); // { a: 1 }",
    ].join("\n");
    expect(shownOutput(code)).toEqual(["1", "head", " row", "{ a: 1 }"]);
  });

  it("runs blocks, and fails where they fail", async () => {
    const good = 'const a: number = 12.5;\nconsole.log(a); // 12.5\nconsole.log("b"); // b\n';
    await tryBlock(desk, ts(good));
    await expect(tryBlock(desk, ts("console.log(1); // 2\n"))).rejects.toThrow("deeply equal");
    await expect(tryBlock(desk, ts("console.log(1);\n"))).rejects.toThrow("deeply equal");
    await expect(tryBlock(desk, ts("const a: string = 1;\n"))).rejects.toThrow("not assignable");
    await expect(tryBlock(desk, ts('throw new Error("oh");\n'))).rejects.toThrow("oh");
    const sh = (code: string): Block => ({language: "sh", flags: [], code, line: 1});
    await tryBlock(desk, sh("mkdir made\ncd made\n"));
    await tryBlock(desk, sh("test -d made # the blocks share one folder\n"));
    await expect(tryBlock(desk, sh("echo seen\nfalse\necho never\n"))).rejects.toThrow("seen");
  });
});
