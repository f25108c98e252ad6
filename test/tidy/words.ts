import ts from "typescript";
import {nodeRule, type Rule, type SourceText} from "./project.js";

const BANNED_NAMES = ["utils", "helpers", "common", "misc", "base", "lib", "manager"];
// The words are put together here so that this file does not break its own rule.
const UNFINISHED = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME"].join("|")})\\b(?!\\W{0,2}#\\d+)`);

/** Folders and files say what is in them. */
export const tellingNames: Rule = (files) =>
  files.flatMap(({path}) => {
    const parts = path.split("/").map((part) => part.replace(/\..*$/, "").toLowerCase());
    const banned = parts.find((part) => BANNED_NAMES.includes(part));
    return banned === undefined
      ? []
      : [`${path}:1: is named "${banned}"; name it after what it holds`];
  });

/** Unfinished work is an issue with a number. */
export const noOpenEnds: Rule = (files) =>
  files.flatMap(({path, text}) =>
    text.split("\n").flatMap((line, i) => {
      const word = UNFINISHED.exec(line)?.[1];
      return word === undefined
        ? []
        : [`${path}:${i + 1}: ${word} without an issue number; do it, or write ${word} #12`];
    }),
  );

/** Exports have names. */
export const noDefaultExport: Rule = nodeRule((node) => {
  const isDefault =
    (ts.isExportAssignment(node) && node.isExportEquals !== true) ||
    (ts.isExportSpecifier(node) && node.name.text === "default") ||
    (ts.canHaveModifiers(node) &&
      (ts.getModifiers(node) ?? []).some(({kind}) => kind === ts.SyntaxKind.DefaultKeyword));
  return isDefault ? "exports a default; export it by name" : undefined;
});

/** No `any` outside tests. */
export const noAny: Rule = (files) => anyRule(files.filter(({path}) => !path.startsWith("test/")));

const anyRule = nodeRule((node) =>
  node.kind === ts.SyntaxKind.AnyKeyword
    ? "uses the type any; write the type, or unknown and narrow it"
    : undefined,
);

const TIME_KEEPERS = [
  "src/time/system-clock.ts",
  "publish/timers.ts",
  "publish/kernel/inside/clock.cjs",
];
const TIMER_NAMES = ["setTimeout", "setInterval", "setImmediate"];
const AMBIENT_CALLS = ["Date.now", "Math.random", "performance.now", "process.hrtime"];
const AMBIENT_MODULES = ["node:timers", "node:timers/promises", "timers", "timers/promises"];

/** Time, timers and chance come from the one file that owns them, so that runs repeat exactly. */
export const passedInTime: Rule = (files) => ambientRule(files.filter(isTimeless));

function isTimeless({path}: SourceText): boolean {
  return /^(src|publish)\//.test(path) && !TIME_KEEPERS.includes(path);
}

const ambientRule = nodeRule((node, file) => {
  const what = ambient(node);
  if (what === undefined) {
    return undefined;
  }
  return file.path.startsWith("src/")
    ? `uses ${what}; take a Clock (or a seed), which src/time/system-clock.ts provides`
    : `uses ${what}; import it from publish/timers.ts`;
});

function ambient(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node)) {
    return ambientName(node);
  }
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText().replace(/^globalThis\./, "");
    return AMBIENT_CALLS.includes(text) ? text : undefined;
  }
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const name = node.moduleSpecifier.text;
    return AMBIENT_MODULES.includes(name) ? name : undefined;
  }
  return ambientDate(node);
}

function ambientName(node: ts.Identifier): string | undefined {
  const isKey = ts.isPropertyAssignment(node.parent) && node.parent.name === node;
  return TIMER_NAMES.includes(node.text) && !isKey ? node.text : undefined;
}

/** `new Date()` and `Date()` read the clock; `new Date(ms)` does not. */
function ambientDate(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === "Date") {
    return (node.arguments?.length ?? 0) === 0 ? "new Date()" : undefined;
  }
  return ts.isCallExpression(node) && node.expression.getText() === "Date" ? "Date()" : undefined;
}
