import {execFileSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {expect} from "vitest";
import {type Block, parseBlocks, shownOutput} from "./blocks.js";
import type {Desk} from "./desk.js";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Compiles the package as `npm install` does, for the desks that use it. */
export function buildPackage(): void {
  execFileSync(process.execPath, [join(ROOT, "src/cli/set-up.mjs"), "build"], {stdio: "pipe"});
}

/** The blocks of a page that can be run; those marked `no-test` are not. */
export function runnableBlocks(page: string): Block[] {
  return parseBlocks(readFileSync(join(ROOT, page), "utf8")).filter(
    ({language, flags}) => ["sh", "ts"].includes(language) && !flags.includes("no-test"),
  );
}

/** Blocks with a title each, as `it.each` takes them. */
export const titled = (list: readonly Block[]) =>
  list.map((block) => ({title: `line ${block.line} (${block.language})`, block}));

/** Runs a block as a reader would, and checks that it prints what it shows. */
export async function tryBlock(
  desk: Desk,
  {language, code, line}: Block,
  page = "block",
): Promise<void> {
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
