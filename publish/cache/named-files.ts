import {createHash} from "node:crypto";
import {readdirSync, readFileSync, type Stats, statSync} from "node:fs";
import {basename, dirname, join, relative, resolve} from "node:path";
import {sha256} from "../sha256.js";
import {variableDoubt, variablesOf} from "./named-variables.js";

/** What a text refers to, as far as it can be told without running it. */
export interface References {
  /** Literals that may be paths or module names. */
  readonly literals: readonly string[];
  /** Variables of the environment that it reads. */
  readonly variables: readonly string[];
  /** Why it cannot be told what the text depends on; null where it can. */
  readonly doubt: string | null;
}

const literal = /(["'`])((?:\\.|(?!\1)[^\\\n]){1,1024}?)\1/g;
/** Modules whose names only a run knows. */
const doubts: readonly (readonly [pattern: RegExp, doubt: string])[] = [
  [/\bimport\s*\(\s*[^"'\s]/, "a computed import"],
  [/\brequire\s*\(\s*[^"'\s)]/, "a computed require"],
];

/** More than is meant is found: what a comment names counts too, which costs a run at most. */
export function referencesOf(text: string): References {
  const literals = [...text.matchAll(literal)].map(([, , name]) => name ?? "");
  const doubt = doubts.find(([pattern]) => pattern.test(text))?.[1] ?? variableDoubt(text);
  return {literals, variables: variablesOf(text), doubt};
}

/** Everything that texts and values name, followed through imported files. */
export interface NamedFiles {
  /** By path, from `cwd` where it lies below: what stands for the content. */
  readonly files: Readonly<Record<string, string>>;
  /** By name; null where it is not set. */
  readonly variables: Readonly<Record<string, string | null>>;
  readonly doubt: string | null;
  /** The code that was looked at: the texts and the imported files. */
  readonly code: readonly FoundCode[];
}

/** Code, and the folder that its imports begin in. */
export interface FoundCode {
  readonly text: string;
  readonly folder: string;
}

const endings = ["", ".ts", ".tsx", ".d.ts", ".js", ".cjs", ".mjs", ".json"];
const indexFiles = endings.slice(1).map((ending) => `/index${ending}`);
const codeFile = /\.[cm]?[jt]sx?$/;
/** Larger files, and those in folders, are told by size and times. */
const longestRead = 1_000_000;
/** A folder of more entries takes longer to look at than a cache may. */
const mostEntries = 5_000;

/**
 * Finds files that the texts name, those that imported code names in turn, and folders with all
 * that is in them.
 *
 * @param texts source of cells
 * @param values texts that may be paths
 * @param cwd where imports of cells and relative paths begin
 */
export function namedFiles(
  {texts, values}: {readonly texts: readonly string[]; readonly values: readonly string[]},
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): NamedFiles {
  const files: Record<string, string> = {};
  const variables: Record<string, string | null> = {};
  const code: FoundCode[] = [];
  let doubt: string | null = null;
  const take = (name: string, from: string) => {
    for (const path of candidates(name, from)) {
      const shown = relative(cwd, path);
      const stats = Object.hasOwn(files, shown) ? undefined : statOf(path);
      if (stats === undefined) continue;
      const content = stats.isFile() ? smallText(path, stats) : undefined;
      files[shown] = stats.isDirectory() ? folderMark(path) : fileMark(stats, content);
      if (files[shown] === tooMany) doubt ??= `${basename(path)}, a folder of many files`;
      if (content !== undefined && codeFile.test(path)) follow(content.toString(), dirname(path));
    }
  };
  const follow = (text: string, from: string) => {
    const found = referencesOf(text);
    code.push({text, folder: from});
    doubt ??= found.doubt;
    for (const name of found.variables) variables[name] = env[name] ?? null;
    for (const name of found.literals) {
      for (const start of new Set([from, cwd])) take(name, start);
    }
  };
  for (const text of texts) follow(text, cwd);
  for (const value of values) take(value, cwd);
  return {files, variables, doubt, code};
}

/** Not a folder that everything lies in, and no package: those are told by their lock file. */
function candidates(name: string, from: string): string[] {
  if (name === "" || name.includes("\0") || name.length > 1024) return [];
  const path = resolve(from, name);
  if (
    from === path ||
    from.startsWith(join(path, "/")) ||
    /[\\/]node_modules(?:[\\/]|$)/.test(path)
  ) {
    return [];
  }
  const bare = path.replace(/\.([cm]?)js$/, "");
  const isImport = /^\.{1,2}\//.test(name);
  const sources = bare === path ? [] : [".ts", ".tsx", ".mts", ".cts"].map((end) => bare + end);
  const tried = isImport ? [...endings, ...indexFiles].map((ending) => path + ending) : [path];
  return [...tried, ...(isImport ? sources : [])];
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function smallText(path: string, {size}: Stats): Buffer | undefined {
  if (size > longestRead) return undefined;
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function fileMark(stats: Stats, content: Buffer | undefined): string {
  if (content === undefined) return statMark(stats);
  return sha256(content);
}

function statMark({ctimeMs, ino, mtimeMs, size}: Stats): string {
  return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}

const tooMany = "too many";

/** All that is in a folder, told by size and times. */
export function folderMark(folder: string): string {
  const hash = createHash("sha256");
  let count = 0;
  const walk = (dir: string): boolean =>
    readdirSync(dir, {withFileTypes: true})
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({name}) => name !== "node_modules" && name !== ".git")
      .every((entry) => {
        const path = join(dir, entry.name);
        const stats = statOf(path);
        hash.update(`${relative(folder, path)} ${stats === undefined ? "" : statMark(stats)}\n`);
        return (
          ++count <= mostEntries &&
          (stats?.isDirectory() !== true || entry.isSymbolicLink() || walk(path))
        );
      });
  return walk(folder) ? hash.digest("hex") : tooMany;
}
