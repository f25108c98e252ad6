import type ts from "typescript";
import {evaluateOperation} from "./constant-operation.js";
import type {EnumMember, EnumType} from "./parameter-type.js";

/** One cell as the compiler parsed it, with the compiler, which is loaded only when needed. */
export interface ParsedCell {
  readonly ts: typeof ts;
  readonly file: ts.SourceFile;
  /** Where its imports resolve from; without it nothing of them is known. */
  readonly folder?: string | undefined;
  /** How much of the file is the cell; what follows comes from cells before it. */
  readonly ownLength?: number | undefined;
  /** By name, the enums whose members are literals as well. */
  readonly enums?: ReadonlyMap<string, EnumType>;
}

/** The enum that an expression names a member of: `Side.Buy`, or `Side["Buy"]`. */
export function enumOf(
  {ts: compiler, enums}: ParsedCell,
  node: ts.Expression,
): {readonly type: EnumType; readonly member: EnumMember} | undefined {
  const isMember =
    compiler.isPropertyAccessExpression(node) || compiler.isElementAccessExpression(node);
  if (!isMember || !compiler.isIdentifier(node.expression)) {
    return undefined;
  }
  const type = enums?.get(node.expression.text);
  const at = compiler.isPropertyAccessExpression(node) ? node.name : node.argumentExpression;
  const name = compiler.isIdentifier(at) || compiler.isStringLiteralLike(at) ? at.text : undefined;
  const member = type?.members.find((one) => one.name === name);
  return type && member && {type, member};
}

/** The name of a property that is written out; undefined for a computed one. */
export function nameOf({ts: compiler}: ParsedCell, name: ts.PropertyName): string | undefined {
  const isPlain =
    compiler.isIdentifier(name) ||
    compiler.isStringLiteral(name) ||
    compiler.isNumericLiteral(name);
  return isPlain ? name.text : undefined;
}

/** Whether it is `new Date(…)`. */
export function isDate(
  {ts: compiler, file}: ParsedCell,
  node: ts.Expression,
): node is ts.NewExpression {
  return compiler.isNewExpression(node) && node.expression.getText(file) === "Date";
}

/** The value of a literal expression; undefined for what would have to be run. */
export function evaluate(scope: ParsedCell, node: ts.Expression): unknown {
  const {ts: compiler} = scope;
  const {SyntaxKind} = compiler;
  if (compiler.isStringLiteralLike(node)) {
    return node.text;
  }
  if (compiler.isNumericLiteral(node)) {
    return Number(node.text);
  }
  const named = enumOf(scope, node);
  if (named !== undefined) {
    return named.member.value;
  }
  if (compiler.isPrefixUnaryExpression(node) || compiler.isBinaryExpression(node)) {
    return evaluateOperation(compiler, node, (operand) => evaluate(scope, operand));
  }
  if (compiler.isAsExpression(node) || compiler.isSatisfiesExpression(node)) {
    return evaluate(scope, node.expression);
  }
  if (compiler.isParenthesizedExpression(node)) {
    return evaluate(scope, node.expression);
  }
  if (isDate(scope, node)) {
    const [text] = node.arguments ?? [];
    return text && evaluate(scope, text);
  }
  if (compiler.isArrayLiteralExpression(node)) {
    const items = node.elements.map((element) => evaluate(scope, element));
    return items.includes(undefined) ? undefined : items;
  }
  if (compiler.isObjectLiteralExpression(node)) {
    return evaluateObject(scope, node);
  }
  const words = new Map<ts.SyntaxKind, unknown>([
    [SyntaxKind.TrueKeyword, true],
    [SyntaxKind.FalseKeyword, false],
    [SyntaxKind.NullKeyword, null],
  ]);
  return words.get(node.kind);
}

function evaluateObject(scope: ParsedCell, node: ts.ObjectLiteralExpression): unknown {
  const {ts: compiler} = scope;
  const entries = node.properties.map((property) => {
    const isPlain = compiler.isPropertyAssignment(property);
    const name = isPlain ? nameOf(scope, property.name) : undefined;
    return [name, isPlain ? evaluate(scope, property.initializer) : undefined] as const;
  });
  const isWhole = entries.every(([name, value]) => name !== undefined && value !== undefined);
  return isWhole ? Object.fromEntries(entries) : undefined;
}
