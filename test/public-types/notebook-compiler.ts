import {createRequire} from "node:module";
import {join, relative} from "node:path";
import type ts from "typescript";

/** The compiler that tslab carries, TypeScript 5.0.4: what a notebook cell is read by. */
export function notebookCompiler(): typeof ts {
  const require = createRequire(import.meta.url);
  const fromTslab = createRequire(require.resolve("tslab/package.json"));
  return fromTslab("@tslab/typescript-for-tslab") as typeof ts;
}

/** A program that imports one package the way a notebook does, and what it sees. */
export interface Seen {
  /** Complaints about files below `ourFolder`, as `file:line: message`. */
  readonly complaints: string[];
  /** Exports, or parts of them, whose type came out as `any`, as `name.part`. */
  readonly anys: string[];
  /** The names that the package exports. */
  readonly names: string[];
  /** Every file that the compiler read. */
  readonly files: string[];
}

export interface LookOptions {
  /** The folder whose files are ours; complaints about others are left out. */
  readonly ourFolder: string;
  /** A path (it need not exist) of the importing file; its folders lead to node_modules. */
  readonly consumer: string;
  /** The package that the consumer imports. */
  readonly name: string;
  /** More code for the consumer. */
  readonly code?: string;
}

/** Reads a package as tslab's compiler does, but checks declaration files too. */
export function lookThroughNotebook({ourFolder, consumer, name, code = ""}: LookOptions): Seen {
  const old = notebookCompiler();
  const text = `import * as seen from ${JSON.stringify(name)};\nexport {seen};\n${code}`;
  const program = makeProgram(old, consumer, text);
  const isOurs = (file: string) => !relative(ourFolder, file).startsWith("..");
  const complaints = program
    .getSourceFiles()
    .filter(({fileName}) => fileName === consumer || isOurs(fileName))
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ])
    .map((diagnostic) => formatDiagnostic(old, diagnostic, ourFolder));
  const checker = program.getTypeChecker();
  const exported = exportsOf(program, consumer);
  const search = new AnySearch(old, checker, isOurs);
  return {
    complaints,
    anys: exported.flatMap((symbol) => search.inSymbol(symbol)),
    names: exported.map((symbol) => symbol.name),
    files: program.getSourceFiles().map(({fileName}) => fileName),
  };
}

function makeProgram(old: typeof ts, consumer: string, text: string): ts.Program {
  // As tslab sets them, save that it skips declaration files and is not strict.
  const options: ts.CompilerOptions = {
    module: old.ModuleKind.ESNext,
    moduleResolution: 2 satisfies ts.ModuleResolutionKind.Node10,
    target: old.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    types: ["node"],
    typeRoots: [join(consumer, "../../node_modules/@types")],
    strict: true,
    esModuleInterop: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const host = old.createCompilerHost(options);
  const {fileExists, getSourceFile} = host;
  host.fileExists = (path) => path === consumer || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === consumer
      ? old.createSourceFile(path, text, old.ScriptTarget.ES2022)
      : getSourceFile(path, ...rest);
  return old.createProgram([consumer], options, host);
}

function formatDiagnostic(old: typeof ts, diagnostic: ts.Diagnostic, folder: string): string {
  const {file, start = 0, messageText, code} = diagnostic;
  const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
  const message = old.flattenDiagnosticMessageText(messageText, "\n");
  return `${file ? relative(folder, file.fileName) : "?"}:${line}: TS${code}: ${message}`;
}

function exportsOf(program: ts.Program, consumer: string): ts.Symbol[] {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(consumer);
  const [statement] = file?.statements ?? [];
  const specifier = (statement as ts.ImportDeclaration | undefined)?.moduleSpecifier;
  const module = specifier && checker.getSymbolAtLocation(specifier);
  return module ? checker.getExportsOfModule(module) : [];
}

const DEEPEST = 4;

/** Looks for `any` in what a caller gets from an export: results, arguments, properties. */
class AnySearch {
  readonly #visited = new Set<ts.Type>();

  constructor(
    private readonly old: typeof ts,
    private readonly checker: ts.TypeChecker,
    private readonly isOurs: (file: string) => boolean,
  ) {}

  inSymbol(symbol: ts.Symbol): string[] {
    const {Alias, Value} = this.old.SymbolFlags;
    const target = symbol.flags & Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    const type =
      target.flags & Value
        ? this.checker.getTypeOfSymbol(target)
        : this.checker.getDeclaredTypeOfSymbol(target);
    return this.#inType(type, [symbol.name]);
  }

  #inType(type: ts.Type, path: readonly string[]): string[] {
    if (type.flags & this.old.TypeFlags.Any) {
      return [path.join(".")];
    }
    if (path.length > DEEPEST || this.#visited.has(type)) {
      return [];
    }
    this.#visited.add(type);
    return [
      ...this.#inParts(type, path),
      ...[...type.getCallSignatures(), ...type.getConstructSignatures()].flatMap((signature) =>
        this.#inSignature(signature, path),
      ),
      ...type
        .getProperties()
        .filter((property) => this.#isOurSymbol(property) && !this.#isPrivate(property))
        .flatMap((property) =>
          this.#inType(this.checker.getTypeOfSymbol(property), [...path, property.name]),
        ),
    ];
  }

  #inParts(type: ts.Type, path: readonly string[]): string[] {
    const parts = type.isUnionOrIntersection() ? type.types : [];
    const isReference = "target" in type;
    const given = isReference ? this.checker.getTypeArguments(type as ts.TypeReference) : [];
    return [...parts, ...given].flatMap((part) => this.#inType(part, path));
  }

  #inSignature(signature: ts.Signature, path: readonly string[]): string[] {
    if (!signature.declaration || !this.isOurs(signature.declaration.getSourceFile().fileName)) {
      return [];
    }
    const given = signature.getParameters().flatMap((parameter) => {
      const type = this.checker.getTypeOfSymbol(parameter);
      return this.#inType(type, [...path, `(${parameter.name})`]);
    });
    return [...given, ...this.#inType(signature.getReturnType(), [...path, "()"])];
  }

  /** A declaration file says that a private member exists, and leaves its type out. */
  #isPrivate(symbol: ts.Symbol): boolean {
    const flags = (symbol.declarations ?? []).map((node) =>
      this.old.getCombinedModifierFlags(node),
    );
    return (
      symbol.name.includes("#private") ||
      flags.some((flag) => (flag & this.old.ModifierFlags.Private) !== 0)
    );
  }

  #isOurSymbol(symbol: ts.Symbol): boolean {
    return (symbol.declarations ?? []).some((node) => this.isOurs(node.getSourceFile().fileName));
  }
}
