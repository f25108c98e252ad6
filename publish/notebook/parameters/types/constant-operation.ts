import type ts from "typescript";

type Operators<T extends readonly number[]> = ReadonlyMap<ts.SyntaxKind, (...values: T) => number>;

/**
 * The value of an operation on numbers, or of texts put together: `7 * 24`, `1 << 3`, `-5`.
 * Undefined for what would have to be run, and for what is not a finite number.
 */
export function evaluateOperation(
  compiler: typeof ts,
  node: ts.PrefixUnaryExpression | ts.BinaryExpression,
  evaluate: (operand: ts.Expression) => unknown,
): unknown {
  if (compiler.isPrefixUnaryExpression(node)) {
    const value = evaluate(node.operand);
    const sign = signs(compiler).get(node.operator);
    return typeof value === "number" ? finite(sign?.(value)) : undefined;
  }
  const [left, right] = [evaluate(node.left), evaluate(node.right)];
  const {kind} = node.operatorToken;
  if (typeof left === "number" && typeof right === "number") {
    return finite(operators(compiler).get(kind)?.(left, right));
  }
  const isText = typeof left === "string" && typeof right === "string";
  return isText && kind === compiler.SyntaxKind.PlusToken ? left + right : undefined;
}

function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function signs({SyntaxKind}: typeof ts): Operators<[number]> {
  return new Map([
    [SyntaxKind.MinusToken, (value) => -value],
    [SyntaxKind.PlusToken, (value) => value],
    [SyntaxKind.TildeToken, (value) => ~value],
  ]);
}

function operators({SyntaxKind}: typeof ts): Operators<[number, number]> {
  return new Map([
    [SyntaxKind.PlusToken, (a, b) => a + b],
    [SyntaxKind.MinusToken, (a, b) => a - b],
    [SyntaxKind.AsteriskToken, (a, b) => a * b],
    [SyntaxKind.SlashToken, (a, b) => a / b],
    [SyntaxKind.PercentToken, (a, b) => a % b],
    [SyntaxKind.AsteriskAsteriskToken, (a, b) => a ** b],
    [SyntaxKind.BarToken, (a, b) => a | b],
    [SyntaxKind.AmpersandToken, (a, b) => a & b],
    [SyntaxKind.CaretToken, (a, b) => a ^ b],
    [SyntaxKind.LessThanLessThanToken, (a, b) => a << b],
    [SyntaxKind.GreaterThanGreaterThanToken, (a, b) => a >> b],
    [SyntaxKind.GreaterThanGreaterThanGreaterThanToken, (a, b) => a >>> b],
  ]);
}
