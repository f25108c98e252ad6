import {afterAll, describe, expect, it} from "vitest";
import {type Block, parseBlocks, shownOutput} from "./blocks.js";
import {Desk} from "./desk.js";
import {ROOT, tryBlock} from "./walk.js";

describe("walking through a page", () => {
  const desk = new Desk(ROOT);
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
