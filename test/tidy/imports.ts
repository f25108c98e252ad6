import {posix} from "node:path";
import ts from "typescript";
import {lineOf, type Rule, type SourceText, visit} from "./project.js";

/** The folders of src/ from the bottom up: each may import those before it. */
export const LADDER = (
  "errors words make-folder live-process time table stats finance config store market " +
  "dag models trading runlog system backtest reconcile report flows cli"
).split(" ");

const DOOR = "src/index.ts";
const MAY_IMPORT_PUBLISH = ["flows", "cli"];
const PURE = ["stats", "finance"];
const PURE_PACKAGES = ["node:assert", "node:assert/strict"];

/** One import, export-from, `import()` or import type: where it stands and what it names. */
export interface Import {
  readonly from: string;
  readonly line: number;
  /** A path from the root for a relative import, else the package as written. */
  readonly to: string;
}

const known = new WeakMap<SourceText, readonly Import[]>();

/** The imports of one file; relative ones end in the extension of the source (`.ts`). */
export function importsOf(file: SourceText): readonly Import[] {
  const imports = known.get(file) ?? findImports(file);
  known.set(file, imports);
  return imports;
}

function findImports(file: SourceText): Import[] {
  const found: Import[] = [];
  visit(file.tree, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      const line = lineOf(file, node.getStart(file.tree));
      found.push({from: file.path, line, to: targetOf(file.path, specifier)});
    }
  });
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return literalText(node.moduleSpecifier);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return literalText(node.argument.literal);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return literalText(node.arguments[0]);
  }
  return undefined;
}

function literalText(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function targetOf(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) {
    return specifier;
  }
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, ".ts");
}

/** The rung of a file of src/: its folder, or its own name for a file at the top. */
function rungOf(path: string): string {
  const [, first = ""] = path.split("/");
  return first.replace(/\.ts$/, "");
}

/** The imports of the files that a test accepts, each with a message or none. */
function importRule(check: (edge: Import) => string | undefined): Rule {
  return (files) =>
    files.flatMap(importsOf).flatMap((edge) => {
      const message = check(edge);
      return message === undefined ? [] : [`${edge.from}:${edge.line}: ${message}`];
    });
}

/** src/ imports only down the ladder, and has no folder outside it. */
export const ladder: Rule = (files) => [...strangers(files), ...climbs(files)];

const strangers: Rule = (files) =>
  files
    .filter(({path}) => path.startsWith("src/") && path !== DOOR && !LADDER.includes(rungOf(path)))
    .map(({path}) => `${path}:1: is on no rung; put it into one of src/{${LADDER.join(",")}}`);

const climbs = importRule(({from, to}) => {
  if (!from.startsWith("src/") || !to.startsWith("src/") || from === DOOR) {
    return undefined;
  }
  if (to === DOOR) {
    return "imports the door src/index.ts; import the file that defines the name";
  }
  const [low, high] = [LADDER.indexOf(rungOf(to)), LADDER.indexOf(rungOf(from))];
  return low <= high || high < 0
    ? undefined
    : `${rungOf(from)} imports ${rungOf(to)} (${to}), which stands above it; ` +
        "move the code down, or pass the value in";
});

/** publish/ knows nothing of src/; only flows, cli and the door know publish/. */
export const publishApart: Rule = importRule(({from, to}) => {
  if (from.startsWith("publish/") && (to.startsWith("src/") || isReckon(to))) {
    return `publish/ imports ${to}; pass what it needs as an argument`;
  }
  const isAllowed = from === DOOR || MAY_IMPORT_PUBLISH.includes(rungOf(from));
  return from.startsWith("src/") && to.startsWith("publish/") && !isAllowed
    ? `imports ${to}; only src/flows, src/cli and src/index.ts may import publish/`
    : undefined;
});

/** src/ reaches its own files by path, product code never reaches tests or benchmarks. */
export const productApart: Rule = importRule(({from, to}) => {
  if (!/^(src|publish)\//.test(from)) {
    return undefined;
  }
  if (isReckon(to)) {
    return 'imports the package "reckon" by name; import the file instead';
  }
  return /^(test|bench)\//.test(to)
    ? `imports ${to}; product code does not depend on it`
    : undefined;
});

function isReckon(to: string): boolean {
  return to === "reckon" || to.startsWith("reckon/");
}

/** stats and finance touch no file, clock, package, log, and wait for nothing. */
export const pureFolders: Rule = (files) => {
  const pure = files.filter(({path}) => isPure(path));
  return [...impureImports(pure), ...pure.flatMap(impureNodes)];
};

function isPure(path: string): boolean {
  return path.startsWith("src/") && PURE.includes(rungOf(path));
}

const impureImports = importRule(({to}) => {
  if (/^src\/time\/.*clock/.test(to)) {
    return `a pure folder imports the clock (${to}); take the time as an argument`;
  }
  return to.startsWith("src/") || PURE_PACKAGES.includes(to)
    ? undefined
    : `a pure folder imports ${to}; take the value as an argument`;
});

function impureNodes(file: SourceText): string[] {
  const found: string[] = [];
  visit(file.tree, (node) => {
    const what = impurity(node);
    if (what !== undefined) {
      const line = lineOf(file, node.getStart(file.tree));
      found.push(`${file.path}:${line}: a pure folder uses ${what}; move it to a folder above`);
    }
  });
  return found;
}

function impurity(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) {
    return "async";
  }
  const isName = ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node.parent);
  const isReceiver =
    ts.isIdentifier(node) &&
    ts.isPropertyAccessExpression(node.parent) &&
    node.parent.expression === node;
  const names = ["console", "process", "Promise", "fetch"];
  return (isName || isReceiver) && names.includes(node.text) ? node.text : undefined;
}

/** No file reaches itself through its imports. */
export const noCycles: Rule = (files) => {
  const edges = new Map(files.map((file) => [file.path, importsOf(file).map(({to}) => to)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      const loop = [...trail.slice(at), path].join(" -> ");
      cycles.push(`${path}:1: imports itself: ${loop}; move what both need into a third file`);
    } else if (!done.has(path)) {
      for (const next of edges.get(path) ?? []) {
        walk(next, [...trail, path]);
      }
      done.add(path);
    }
  };
  for (const path of edges.keys()) {
    walk(path, []);
  }
  return cycles;
};
