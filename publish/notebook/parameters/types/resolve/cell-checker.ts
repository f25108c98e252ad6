import {join} from "node:path";
import type ts from "typescript";
import type {ParsedCell} from "../literal-value.js";
import {declareNamed, namedType} from "../named-types.js";
import {importedFiles} from "./imported-files.js";

/** A cell as the compiler's type checker sees it. */
export interface CheckedCell {
  readonly ts: typeof ts;
  readonly checker: ts.TypeChecker;
  /** The cell again: its nodes are not those of the cell that was parsed first. */
  readonly file: ts.SourceFile;
  /** The type that a node of the first cell stands for, be it a type or an expression. */
  readonly typeOf: (node: ts.Node) => ts.Type;
  /** The type of a variable that has none written, as it would be for another such variable. */
  readonly typeOfVariable: (name: string) => ts.Type;
  /** Whether a file declares the language, not the cell or what it imports. */
  readonly isLanguage: (file: ts.SourceFile) => boolean;
}

/** Where the cell stands in its folder. */
export const cellFile = "cell.ts";
const worldFile = "world.d.ts";
/** What a computed default is most often made of, and no file of the language declares. */
const world = `
declare const process: {
  readonly env: {readonly [name: string]: string | undefined};
  cwd(): string;
};
`;

/**
 * What values and types of parameters are made of. All of ES2022 takes half as long again; what it
 * has besides (`Intl`, `Proxy`, generators, shared memory) is of any type here.
 */
const language = [
  ...["es5", "es2015.core", "es2015.collection", "es2015.iterable", "es2016.array.include"],
  ...["es2017.object", "es2017.string", "es2019.array", "es2019.object", "es2019.string"],
  ...["es2021.string", "es2022.array", "es2022.error"],
].map((part) => `lib.${part}.d.ts`);

/** Files of the language by path; parsed once, for they are most of what a check costs. */
const libraries = new Map<string, ts.SourceFile>();

/**
 * Starts a type checker on one cell. It knows the language, what the cell declares, and the files
 * behind its imports; what is in none of them is of any type to it.
 */
export function checkCell(cell: ParsedCell): CheckedCell {
  const {ts: compiler, file: parsed, folder = ""} = cell;
  const {ScriptTarget} = compiler;
  const {names, text} = withNamed(compiler, parsed);
  const cellPath = join(folder, cellFile);
  const imported = importedFiles(cell, cellPath);
  const files = new Map(
    [...imported.files].map(([path, file]) => {
      const own = withNamed(compiler, file);
      names.push(...own.names);
      return [path, own.names.length === 0 ? file : parse(compiler, path, own.text)];
    }),
  );
  const options: ts.CompilerOptions = {
    target: ScriptTarget.ES2022,
    lib: language,
    moduleDetection: compiler.ModuleDetectionKind.Force,
    strictNullChecks: true,
    module: compiler.ModuleKind.ESNext,
    moduleResolution: compiler.ModuleResolutionKind.NodeJs,
    allowSyntheticDefaultImports: true,
    types: [],
  };
  const texts = new Map([
    [cellPath, `${text}\n${probes(compiler, parsed)}`],
    [worldFile, world + [...new Set(names)].map(declareNamed).join("\n")],
  ]);
  const host = compiler.createCompilerHost(options);
  host.getSourceFile = (name) => {
    const own = texts.get(name);
    return own === undefined
      ? (files.get(name) ?? readLibrary(compiler, name))
      : parse(compiler, name, own);
  };
  // Only what was found to matter; a package may bring hundreds of files.
  host.resolveModuleNames = (modules, importer) =>
    modules.map((from) => {
      const path = imported.resolve(from, importer);
      return path !== undefined && files.has(path) ? {resolvedFileName: path} : undefined;
    });
  host.resolveTypeReferenceDirectives = (wanted) => wanted.map(() => undefined);
  const program = compiler.createProgram([cellPath, worldFile], options, host);
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(cellPath) as ts.SourceFile;
  return {
    ts: compiler,
    checker,
    file,
    typeOf: (node) => checker.getTypeAtLocation(counterpart(compiler, file, node) ?? file),
    typeOfVariable: (name) => {
      const isProbe = (one: ts.Node) => compiler.isIdentifier(one) && one.text === probeOf(name);
      return checker.getTypeAtLocation(find(compiler, file, isProbe) ?? file);
    },
    isLanguage: ({fileName}) => fileName === worldFile || libraries.has(fileName),
  };
}

function parse(compiler: typeof ts, path: string, text: string): ts.SourceFile {
  return compiler.createSourceFile(path, text, compiler.ScriptTarget.ES2022);
}

/** Nine interfaces alike, nearly half of their file: a check takes a third less without them. */
const typedArrays = /^interface (?:(?:Ui|I)nt\d+(?:Clamped)?|Float\d+)Array \{[\s\S]*?^\}/gm;
const elements = "{ readonly length: number; [index: number]: number; }";

/** Most of such a file is comments, which take time to parse over. */
function readLibrary(compiler: typeof ts, path: string): ts.SourceFile | undefined {
  const text = libraries.has(path) ? undefined : compiler.sys.readFile(path);
  if (text !== undefined) {
    const bare = text
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(typedArrays, (whole) => whole.replace(/\{[\s\S]*/, elements));
    libraries.set(path, compiler.createSourceFile(path, bare, compiler.ScriptTarget.ES2022));
  }
  return libraries.get(path);
}

/**
 * The text with other names where it declares or imports one that means something to us, so that
 * the declarations of {@link declareNamed} are found in their place; every place stays the same.
 */
function withNamed(compiler: typeof ts, parsed: ts.SourceFile) {
  const names = new Set<string>();
  let {text} = parsed;
  const visit = (node: ts.Node): void => {
    if (compiler.isIdentifier(node) && namedType(node.text) !== undefined) {
      const {parent} = node;
      const declares =
        compiler.isImportSpecifier(parent) || compiler.isTypeAliasDeclaration(parent);
      if (declares && parent.name === node) {
        const start = node.getStart(parsed);
        text = `${text.slice(0, start)}_${text.slice(start + 1)}`;
      }
      names.add(node.text);
    }
    compiler.forEachChild(node, visit);
  };
  visit(parsed);
  return {names: [...names], text};
}

function probeOf(name: string): string {
  return `reckon_probe_${name}`;
}

/** Variables that take on the types of those without one: literals are widened on the way. */
function probes(compiler: typeof ts, {statements}: ts.SourceFile): string {
  const names = statements
    .filter(compiler.isVariableStatement)
    .flatMap(({declarationList}) => declarationList.declarations)
    .flatMap(({name, type}) => (compiler.isIdentifier(name) && !type ? [name.text] : []));
  return names.map((name) => `let ${probeOf(name)} = ${name};`).join("\n");
}

function counterpart(compiler: typeof ts, file: ts.SourceFile, {end, kind, pos}: ts.Node) {
  return find(compiler, file, (one) => one.pos === pos && one.end === end && one.kind === kind);
}

function find(
  compiler: typeof ts,
  node: ts.Node,
  isWanted: (one: ts.Node) => boolean,
): ts.Node | undefined {
  return isWanted(node)
    ? node
    : compiler.forEachChild(node, (child) => find(compiler, child, isWanted));
}
