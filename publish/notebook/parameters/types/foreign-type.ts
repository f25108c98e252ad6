import type ts from "typescript";
import type {ParsedCell} from "./literal-value.js";
import type {ForeignType} from "./parameter-type.js";

/** What to declare in place of a type of which no value can be given. */
export const instead = {
  bigint: "a string, and make the bigint of it",
  data: "plain data",
  plain: "a plain type, and cast it where it is used",
} as const;

/** The same for classes of the language whose values no text stands for. */
const classes: readonly (readonly [name: RegExp, instead: string])[] = [
  [/^(Readonly|Weak)?Map$/, "a Record, and make the Map of it"],
  [/^(Readonly|Weak)?Set$/, "an array, and make the Set of it"],
  [/^(Big)?(Ui|I)nt\d+(Clamped)?Array$|^Float\d+Array$/, "number[], and make the array of it"],
  [/^(RegExp|URL)$/, "a string, and make the object of it"],
  [/^(Function|Promise|PromiseLike|Symbol|Buffer|ArrayBuffer|Error)$/, instead.data],
];

/**
 * A type whose values cannot be given from outside: only its default can be; undefined for others.
 */
export function readForeign(scope: ParsedCell, node: ts.TypeNode): ForeignType | undefined {
  const {ts: compiler, file} = scope;
  const words = compiler.isTypeReferenceNode(node)
    ? insteadOf(scope, node.typeName.getText(file))
    : keywordInstead(compiler, node);
  return words === undefined
    ? undefined
    : {kind: "foreign", text: node.getText(file).replace(/\s+/g, " "), instead: words};
}

/** The same for the type of a default that has none written; undefined for others. */
export function inferForeign(scope: ParsedCell, value: ts.Expression): ForeignType | undefined {
  const {ts: compiler, file} = scope;
  const foreign = (text: string, words: string | undefined): ForeignType | undefined =>
    words === undefined ? undefined : {kind: "foreign", text, instead: words};
  if (compiler.isNewExpression(value)) {
    const name = value.expression.getText(file);
    return foreign(name, insteadOf(scope, name));
  }
  if (compiler.isBigIntLiteral(value)) {
    return foreign("bigint", instead.bigint);
  }
  if (compiler.isRegularExpressionLiteral(value)) {
    return foreign("RegExp", insteadOf(scope, "RegExp"));
  }
  const isFunction = compiler.isArrowFunction(value) || compiler.isFunctionExpression(value);
  return isFunction ? foreign("a function", instead.data) : undefined;
}

function insteadOf({ts: compiler, file}: ParsedCell, name: string): string | undefined {
  const isClass = file.statements.some(
    (statement) => compiler.isClassDeclaration(statement) && statement.name?.text === name,
  );
  return isClass ? instead.data : insteadOfClass(name);
}

/** What to declare in place of a class of the language; undefined for one that can be given. */
export function insteadOfClass(name: string): string | undefined {
  return classes.find(([pattern]) => pattern.test(name))?.[1];
}

function keywordInstead(compiler: typeof ts, node: ts.TypeNode): string | undefined {
  const {SyntaxKind} = compiler;
  if (node.kind === SyntaxKind.BigIntKeyword) {
    return instead.bigint;
  }
  const isFunction = compiler.isFunctionTypeNode(node) || compiler.isConstructorTypeNode(node);
  const isNothing = [SyntaxKind.SymbolKeyword, SyntaxKind.NeverKeyword, SyntaxKind.VoidKeyword];
  return isFunction || isNothing.includes(node.kind) ? instead.data : undefined;
}
