import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import ts from "typescript";

/** One file of the project: its path from the root with forward slashes, its text, its tree. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** One place that breaks a rule, as `path:line: what is wrong; what to do`. */
export type Finding = string;

/** A rule over a set of files; no findings means that it is kept. */
export type Rule = (files: readonly SourceText[]) => Finding[];

export const rootDir = fileURLToPath(new URL("../../", import.meta.url));

const CODE = /\.(ts|mts|cts|js|mjs|cjs)$/;
const CODE_FOLDERS = ["src", "publish", "test", "bench"];
const TEXT = /\.(ts|mts|cts|js|mjs|cjs|html|css|md|ipynb|sh|yaml|yml|sql)$/;
const TEXT_FOLDERS = [...CODE_FOLDERS, "templates", "notebooks", "docs", "deploy", ".ci"];

/** A file that exists only in memory, for trying a rule on. */
export function sourceText(path: string, text: string): SourceText {
  let tree: ts.SourceFile | undefined;
  return {
    path,
    text,
    get tree() {
      tree ??= ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
      return tree;
    },
  };
}

/** All code of the project. */
export function readCode(): SourceText[] {
  return CODE_FOLDERS.flatMap((folder) => readFolder(folder, CODE));
}

/** Everything a person writes: code, templates, notebooks, documents. */
export function readTexts(): SourceText[] {
  return TEXT_FOLDERS.flatMap((folder) => readFolder(folder, TEXT));
}

/** Files of one top-level folder, in path order; a folder that is absent has none. */
export function readFolder(folder: string, wanted: RegExp): SourceText[] {
  return listFiles(folder)
    .filter((path) => wanted.test(path))
    .map((path) => sourceText(path, readFileSync(join(rootDir, path), "utf8")));
}

function listFiles(folder: string): string[] {
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(folder);
  } catch {
    return [];
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? listFiles(path) : [path];
    });
}

function readEntries(folder: string) {
  return readdirSync(join(rootDir, folder), {withFileTypes: true});
}

/** `path:line` of a node. */
export function placeOf(file: SourceText, node: ts.Node): string {
  return `${file.path}:${lineOf(file, node.getStart(file.tree))}`;
}

/** The 1-based line of a position. */
export function lineOf(file: SourceText, position: number): number {
  return file.tree.getLineAndCharacterOfPosition(position).line + 1;
}

/** Every node of a tree, parents before children. */
export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}

/** A rule that looks at one node at a time. */
export function nodeRule(check: (node: ts.Node, file: SourceText) => string | undefined): Rule {
  return (files) =>
    files.flatMap((file) => {
      const findings: Finding[] = [];
      visit(file.tree, (node) => {
        const message = check(node, file);
        if (message !== undefined) {
          findings.push(`${placeOf(file, node)}: ${message}`);
        }
      });
      return findings;
    });
}
