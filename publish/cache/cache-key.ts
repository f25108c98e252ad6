import {existsSync, readFileSync, realpathSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {importFolder, packageRoot, tslabScript} from "../kernel/package-root.js";
import {stripNotebook} from "../notebook/clean/strip.js";
import {hasTag, type Notebook} from "../notebook/file/nbformat.js";
import {formatNotebook} from "../notebook/file/write-notebook.js";
import type {PublishRequest} from "../result/publish-request.js";
import {sha256} from "../sha256.js";
import {type FoundCode, folderMark, namedFiles, referencesOf} from "./named-files.js";

/** The options of one run that its result depends on. */
export type KeyRequest = Pick<
  PublishRequest,
  | "allowErrors"
  | "configJson"
  | "configText"
  | "cwd"
  | "env"
  | "keepGoing"
  | "name"
  | "notebookPath"
  | "onlyTags"
  | "parameterLayers"
  | "parameters"
  | "parameterTexts"
  | "pathRoot"
  | "skipTags"
>;

/** A key that changes with anything the result depends on, or why there is none. */
export type CacheKey = {readonly key: string} | {readonly reason: string};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The key of a run's result: code, tags and attachments of all cells, given values, flags, files
 * that cells, imported files and values name, variables of the environment that code reads, lock
 * files, linked packages, and the versions of Node, tslab, its compiler and this package.
 *
 * What a notebook fetches or reads under computed names is not in it: such notebooks carry the tag
 * `no-cache`.
 */
export function cacheKey(
  notebook: Notebook,
  request: KeyRequest,
  processEnv: Environment = process.env,
): CacheKey {
  if (notebook.cells.some((cell) => hasTag(cell, "no-cache"))) {
    return {reason: 'a cell is tagged "no-cache"'};
  }
  const {allowErrors, configJson, configText, cwd, keepGoing, name, notebookPath} = request;
  const folder = cwd ?? importFolder(dirname(resolve(notebookPath)));
  const env = {...processEnv, ...request.env};
  const texts = notebook.cells.flatMap((cell) => (cell.cell_type === "code" ? cell.source : []));
  const given = givenValues(request);
  const values = textsIn([given, request.env]);
  const {code, ...named} = namedFiles({texts, values}, folder, env);
  if (named.doubt !== null) {
    return {reason: `what it depends on cannot be told: it uses ${named.doubt}`};
  }
  const pictures = notebook.cells.flatMap((cell) =>
    cell.cell_type === "markdown" ? cell.source : [],
  );
  const beside = namedFiles(
    {texts: [], values: pictures.flatMap(addressesOf)},
    dirname(resolve(notebookPath)),
    env,
  );
  const flags = [allowErrors, keepGoing, request.skipTags, request.onlyTags, request.pathRoot];
  const parts = {
    notebook: formatNotebook(stripNotebook(notebook)),
    ...{folder, flags, given, name, configJson, configText},
    named,
    beside: beside.files,
    env: [request.env, ambientVariables(processEnv)],
    locks: lockFiles(folder),
    linked: linkedPackages(code, folder),
    versions: versions(),
  };
  return {key: sha256(JSON.stringify(parts))};
}

/** Values and texts by layer; of the environment only what is meant for parameters. */
function givenValues({parameterLayers = [], parameters, parameterTexts}: KeyRequest): unknown {
  const layers = parameterLayers.map(({values, texts, variables}) => [
    values,
    texts,
    variables && Object.entries(variables).filter(([name]) => /^RECKON_PARAM_/.test(name)),
  ]);
  return [layers, parameters, parameterTexts];
}

/** What packages that notebooks use read, the place and the language of the machine. */
function ambientVariables(env: Environment): readonly (readonly [string, string | undefined])[] {
  const isRead = (name: string) => /^(RECKON_|TZ$|LANG$|LC_)/.test(name);
  const isOwn = (name: string) => /^RECKON_(PARAM_|CACHE_DIR$)/.test(name);
  return Object.entries(env)
    .filter(([name]) => isRead(name) && !isOwn(name))
    .sort();
}

/** Every text anywhere in a JSON value. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** What a page shows from beside the notebook. */
function addressesOf(markdown: string): string[] {
  const shown = /\]\(\s*<?([^)\s>]+)|\bsrc\s*=\s*["']([^"']+)/g;
  return [...markdown.matchAll(shown)].map(([, link, src]) => decode(link ?? src ?? ""));
}

function decode(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

const lockNames = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock"];

/** Of the nearest folder upward that has any, with its `package.json`. */
function lockFiles(start: string): readonly (string | null)[] {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = lockNames.map((name) => textOf(join(folder, name)));
    if (found.some((text) => text !== null))
      return [...found, textOf(join(folder, "package.json"))];
    if (folder === dirname(folder)) return [];
  }
}

/**
 * Packages that are links to folders, which change without the lock file, by folder: those that
 * code imports, and those that these depend on in turn.
 */
function linkedPackages(code: readonly FoundCode[], start: string): Record<string, string> {
  const linked: Record<string, string> = {};
  const take = (name: string, from: string) => {
    const folder = packageFolder(name, from);
    if (folder === undefined || /[\\/]node_modules[\\/]/.test(folder)) return;
    if (Object.hasOwn(linked, folder)) return;
    linked[folder] = codeMark(folder);
    for (const needed of dependenciesOf(folder)) take(needed, folder);
  };
  for (const {text, folder} of code) {
    for (const name of new Set(referencesOf(text).literals.flatMap(packageName))) {
      for (const from of new Set([folder, start])) take(name, from);
    }
  }
  return linked;
}

function dependenciesOf(folder: string): string[] {
  const {dependencies} = manifestOf(textOf(join(folder, "package.json")));
  return typeof dependencies === "object" ? Object.keys(dependencies ?? {}) : [];
}

interface Manifest {
  readonly main?: unknown;
  readonly dependencies?: unknown;
}

/** What a `package.json` says; a broken one says nothing, but its text is in the key. */
function manifestOf(text: string | null): Manifest {
  try {
    return JSON.parse(text ?? "{}") ?? {};
  } catch {
    return {};
  }
}

function packageName(specifier: string): string[] {
  return /^(?:@[\w.-]+\/)?[\w][\w.-]*(?=\/|$)/.exec(specifier) ?? [];
}

function packageFolder(name: string, start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name);
    if (existsSync(path)) return realpathSync(path);
    if (folder === dirname(folder)) return undefined;
  }
}

/** Of what a package runs from, where it says so, else of all of it. */
function codeMark(folder: string): string {
  const text = textOf(join(folder, "package.json")) ?? "{}";
  const {main} = manifestOf(text);
  const [top] = typeof main === "string" ? main.replace(/^\.\//, "").split("/") : [];
  const code = top !== undefined && main !== top ? join(folder, top) : folder;
  return `${text} ${existsSync(code) ? folderMark(code) : ""}`;
}

/** This process runs what it loaded, whatever became of the files since. */
const ownCode = {mark: null as string | null};

function ownMark(): string {
  ownCode.mark ??= codeMark(packageRoot);
  return ownCode.mark;
}

function versions(): Record<string, string | null> {
  const isInstalled = /[\\/]node_modules[\\/]/.test(packageRoot);
  const compiler = join(dirname(tslabScript()), "..", "package.json");
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    tslab: textOf(compiler),
    reckon: textOf(join(packageRoot, "package.json")),
    // A checkout changes without its version.
    own: isInstalled ? null : ownMark(),
    kernel: isInstalled ? null : folderMark(join(packageRoot, "publish", "kernel")),
    templates: isInstalled ? null : folderMark(join(packageRoot, "templates")),
  };
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
