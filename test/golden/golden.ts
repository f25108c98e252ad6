import {existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {expect} from "vitest";

/**
 * Compares a text with `test/golden/{name}`. A golden file that is missing is written, but fails
 * where CI is set; a mismatch leaves `{stem}.actual.txt` beside the truth for a diff tool.
 */
export function expectGolden(name: string, text: string): void {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const actual = path.replace(/\.txt$/, ".actual.txt");
  if (!existsSync(path)) {
    expect(
      process.env.CI,
      `${name} is missing; run the test locally and commit it`,
    ).toBeUndefined();
    writeFileSync(path, text);
  }
  if (readFileSync(path, "utf8") === text) {
    rmSync(actual, {force: true});
    return;
  }
  writeFileSync(actual, text);
  expect(text, `compare ${name} with ${actual}`).toBe(readFileSync(path, "utf8"));
}

/** Every file of a folder, name and text, in one text; `normalise` takes out what may differ. */
export function folderText(dir: string, normalise: (name: string, text: string) => string): string {
  const names = readdirSync(dir, {recursive: true, encoding: "utf8"}).sort();
  return names
    .filter((name) => statSync(join(dir, name)).isFile())
    .map((name) => {
      const text = normalise(name, readFileSync(join(dir, name), "utf8"));
      return `==> ${name.replaceAll("\\", "/")}\n${text.trimEnd()}\n`;
    })
    .join("\n");
}
