import {dirname} from "node:path";
import type ts from "typescript";
import {namesOf} from "../earlier-cells.js";
import type {ParsedCell} from "../literal-value.js";

/** A name that a file imports or hands on: of which file, and what it is called there. */
interface Link {
  readonly from: string;
  /** `*` for all of the file at once. */
  readonly name: string;
}

/** What one file declares, imports and hands on, as its text tells it. */
interface Outline {
  readonly path: string;
  readonly file: ts.SourceFile;
  readonly imports: Map<string, Link>;
  /** By the name outside: that inside, or where it comes from. */
  readonly exports: Map<string, string | Link>;
  /** Files of which all is handed on. */
  readonly stars: string[];
  readonly declarations: Map<string, ts.Node[]>;
}

/** The files that a cell's types are made of, and which file an import in one of them means. */
export interface ImportedFiles {
  readonly files: ReadonlyMap<string, ts.SourceFile>;
  readonly resolve: (from: string, importer: string) => string | undefined;
}

/** Beyond so many files a type is not worth the wait; what is in others is of any type. */
const mostFiles = 60;

/**
 * Finds the files behind the names that a cell imports, and behind those that these are made of in
 * turn: a package may bring hundreds of files, of which one interface needs two or three.
 *
 * @param path where the cell stands for its imports
 */
export function importedFiles(cell: ParsedCell, path: string): ImportedFiles {
  const {ts: compiler, file, folder, ownLength = file.end} = cell;
  const search = new Search(compiler);
  if (folder !== undefined) {
    const outline = outlineOf(compiler, path, file);
    // Whatever else it imports, its parameters are all that matters.
    for (const [name, [first]] of outline.declarations) {
      const isOwn = first !== undefined && first.pos < ownLength;
      if (isOwn && compiler.isVariableStatement(first)) search.local(outline, name);
    }
    search.run();
  }
  return {files: search.files, resolve: (from, importer) => search.known(from, importer)};
}

/** The declaration file or source that an import means; undefined for others. */
export function moduleFile(
  compiler: typeof ts,
  from: string,
  importer: string,
): string | undefined {
  const options = {moduleResolution: compiler.ModuleResolutionKind.NodeJs};
  const found = compiler.resolveModuleName(from, importer, options, compiler.sys);
  const path = found.resolvedModule?.resolvedFileName;
  return path !== undefined && /\.[cm]?tsx?$/.test(path) ? path : undefined;
}

class Search {
  readonly files = new Map<string, ts.SourceFile>();
  readonly #compiler: typeof ts;
  readonly #outlines = new Map<string, Outline>();
  readonly #resolved = new Map<string, string | undefined>();
  readonly #seen = new Set<string>();
  /** Grows while it is gone through. */
  readonly #pending: {readonly outline: Outline; readonly name: string}[] = [];

  constructor(compiler: typeof ts) {
    this.#compiler = compiler;
  }

  /** As {@link moduleFile}. */
  resolve(from: string, importer: string): string | undefined {
    const key = keyOf(from, importer);
    if (!this.#resolved.has(key)) {
      this.#resolved.set(key, moduleFile(this.#compiler, from, importer));
    }
    return this.#resolved.get(key);
  }

  /** The same without a look at the disk: undefined where nothing led there. */
  known(from: string, importer: string): string | undefined {
    return this.#resolved.get(keyOf(from, importer));
  }

  follow({from, name}: Link, importer: string): void {
    const path = this.resolve(from, importer);
    const outline = path === undefined ? undefined : this.#outline(path);
    if (outline !== undefined) {
      this.#export(outline, name);
    }
  }

  #outline(path: string): Outline | undefined {
    const known = this.#outlines.get(path);
    const text =
      known === undefined && this.#outlines.size < mostFiles
        ? this.#compiler.sys.readFile(path)
        : undefined;
    if (text === undefined) {
      return known;
    }
    const {ScriptTarget} = this.#compiler;
    const file = this.#compiler.createSourceFile(path, text, ScriptTarget.ES2022, true);
    const outline = outlineOf(this.#compiler, path, file);
    this.#outlines.set(path, outline);
    this.files.set(path, file);
    return outline;
  }

  #export(outline: Outline, name: string): void {
    if (this.#isSeen(`${outline.path}\0export ${name}`)) {
      return;
    }
    const names = name === "*" ? [...outline.exports.keys()] : [name];
    for (const one of names) {
      const target = outline.exports.get(one);
      if (typeof target === "string") {
        this.local(outline, target);
      } else if (target !== undefined) {
        this.follow(target, outline.path);
      } else {
        // Which of them has it is known when it was looked for in each.
        for (const from of outline.stars) this.follow({from, name: one}, outline.path);
      }
    }
  }

  /** Notes a name whose declarations {@link run} looks at. */
  local(outline: Outline, name: string): void {
    if (!this.#isSeen(`${outline.path}\0${name}`)) {
      this.#pending.push({outline, name});
    }
  }

  /** One after the other, nearest first: a file may have names in a row of thousands. */
  run(): void {
    for (const {outline, name} of this.#pending) {
      const link = outline.imports.get(name);
      if (link !== undefined) {
        this.follow(link, outline.path);
      }
      const visit = (node: ts.Node): void => {
        if (this.#compiler.isIdentifier(node)) this.local(outline, node.text);
        this.#compiler.forEachChild(node, visit);
      };
      outline.declarations.get(name)?.forEach(visit);
    }
  }

  #isSeen(key: string): boolean {
    const isSeen = this.#seen.has(key);
    this.#seen.add(key);
    return isSeen;
  }
}

function keyOf(from: string, importer: string): string {
  return `${dirname(importer)}\0${from}`;
}

function outlineOf(compiler: typeof ts, path: string, file: ts.SourceFile): Outline {
  const outline: Outline = {
    path,
    file,
    imports: new Map(),
    exports: new Map(),
    stars: [],
    declarations: new Map(),
  };
  for (const statement of file.statements) {
    if (compiler.isImportDeclaration(statement)) {
      addImport(compiler, outline, statement);
    } else if (compiler.isExportDeclaration(statement)) {
      addExport(compiler, outline, statement);
    } else {
      addDeclaration(compiler, outline, statement);
    }
  }
  return outline;
}

function addImport(compiler: typeof ts, {imports}: Outline, statement: ts.ImportDeclaration): void {
  const {importClause, moduleSpecifier} = statement;
  const from = (moduleSpecifier as ts.StringLiteral).text;
  const bound = importClause?.namedBindings;
  if (importClause?.name !== undefined) {
    imports.set(importClause.name.text, {from, name: "default"});
  }
  if (bound !== undefined && compiler.isNamespaceImport(bound)) {
    imports.set(bound.name.text, {from, name: "*"});
  }
  const named = bound !== undefined && compiler.isNamedImports(bound) ? bound.elements : [];
  for (const {name, propertyName} of named) {
    imports.set(name.text, {from, name: (propertyName ?? name).text});
  }
}

function addExport(compiler: typeof ts, outline: Outline, statement: ts.ExportDeclaration): void {
  const {exportClause, moduleSpecifier} = statement;
  const from = (moduleSpecifier as ts.StringLiteral | undefined)?.text;
  if (exportClause === undefined) {
    if (from !== undefined) outline.stars.push(from);
  } else if (compiler.isNamedExports(exportClause)) {
    for (const {name, propertyName} of exportClause.elements) {
      const inner = (propertyName ?? name).text;
      outline.exports.set(name.text, from === undefined ? inner : {from, name: inner});
    }
  } else if (from !== undefined) {
    outline.exports.set(exportClause.name.text, {from, name: "*"});
  }
}

function addDeclaration(compiler: typeof ts, outline: Outline, statement: ts.Statement): void {
  const modifiers = compiler.canHaveModifiers(statement) ? compiler.getModifiers(statement) : [];
  const kinds = modifiers?.map(({kind}) => kind) ?? [];
  for (const name of namesOf(compiler, statement)) {
    outline.declarations.set(name, [...(outline.declarations.get(name) ?? []), statement]);
    if (kinds.includes(compiler.SyntaxKind.ExportKeyword)) {
      const isDefault = kinds.includes(compiler.SyntaxKind.DefaultKeyword);
      outline.exports.set(isDefault ? "default" : name, name);
    }
  }
}
