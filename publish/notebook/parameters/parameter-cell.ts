import type ts from "typescript";
import {evaluate, isDate, nameOf, type ParsedCell} from "./literal-value.js";
import type {Field, ParameterType} from "./parameter-type.js";

/** What one declaration in the cell tagged `parameters` says. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** As written, or undefined when the type was inferred from the default. */
  readonly annotation: string | undefined;
  readonly keyword: "const" | "let" | "var";
  /** The value of a default that is a literal; undefined where it is computed. */
  readonly fallback: unknown;
  /** The comment above or beside it. */
  readonly comment: string;
}

/** The parts of one cell that types are read with. */
interface CellScope extends ParsedCell {
  /** Types declared in the cell itself. */
  readonly aliases: ReadonlyMap<string, ts.TypeNode>;
}

/** Reads the parameters out of the source of their cell; nothing is evaluated. */
export async function parseParameters(source: string): Promise<Parameter[]> {
  // The compiler takes a fifth of a second to load, which only a notebook with parameters pays.
  const {default: compiler} = await import("typescript");
  const file = compiler.createSourceFile(
    "parameters.ts",
    source,
    compiler.ScriptTarget.ES2022,
    true,
  );
  const aliases = file.statements.filter(compiler.isTypeAliasDeclaration);
  const scope: CellScope = {
    ts: compiler,
    file,
    aliases: new Map(aliases.map((alias) => [alias.name.text, alias.type])),
  };
  return file.statements.flatMap((statement) => readStatement(scope, statement));
}

function readStatement(scope: CellScope, statement: ts.Statement): Parameter[] {
  if (!scope.ts.isVariableStatement(statement)) {
    return [];
  }
  const {flags} = statement.declarationList;
  const {NodeFlags} = scope.ts;
  const keyword = flags & NodeFlags.Const ? "const" : flags & NodeFlags.Let ? "let" : "var";
  const comment = commentOf(scope, statement);
  return statement.declarationList.declarations.flatMap(({name, type, initializer}) => {
    if (!scope.ts.isIdentifier(name)) {
      return [];
    }
    const fallback = initializer && evaluate(scope, initializer);
    const read = type === undefined ? inferType(scope, initializer) : readType(scope, type);
    return [
      {
        name: name.text,
        type: /@integer\b/.test(comment) ? toInteger(read) : read,
        annotation: type?.getText(scope.file),
        keyword,
        fallback,
        comment: comment.replace(/\s*@integer\b/, ""),
      },
    ];
  });
}

function toInteger(type: ParameterType): ParameterType {
  if (type.kind === "union") {
    return {kind: "union", members: type.members.map(toInteger)};
  }
  return type.kind === "number" ? {kind: "integer"} : type;
}

/** The text of the comments right above a statement and at the end of its line. */
function commentOf({ts: compiler, file}: CellScope, statement: ts.Statement): string {
  const {text} = file;
  const above = compiler.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  const beside = compiler.getTrailingCommentRanges(text, statement.getEnd()) ?? [];
  const isNear = ({end}: ts.CommentRange) =>
    !/\n\s*\n/.test(text.slice(end, statement.getStart(file)));
  return [...above.filter(isNear), ...beside]
    .map(({pos, end}) => text.slice(pos, end))
    .map((comment) => comment.replace(/^\/\*+|\*+\/$|^\/\/+/g, "").replace(/^[ \t]*\*+ ?/gm, ""))
    .map((comment) => comment.trim())
    .join(" ");
}

function readType(scope: CellScope, node: ts.TypeNode, depth = 0): ParameterType {
  const {ts: compiler} = scope;
  const read = (inner: ts.TypeNode) => readType(scope, inner, depth + 1);
  if (depth > 20) {
    return {kind: "unknown"}; // an alias that names itself
  }
  const isReadonly =
    compiler.isTypeOperatorNode(node) && node.operator === compiler.SyntaxKind.ReadonlyKeyword;
  if (compiler.isParenthesizedTypeNode(node) || isReadonly) {
    return read(node.type);
  }
  if (compiler.isUnionTypeNode(node)) {
    return {kind: "union", members: node.types.map(read)};
  }
  if (compiler.isArrayTypeNode(node)) {
    return {kind: "array", element: read(node.elementType)};
  }
  if (compiler.isTupleTypeNode(node)) {
    return {kind: "tuple", elements: node.elements.map(read)};
  }
  if (compiler.isLiteralTypeNode(node)) {
    return readLiteral(scope, node.literal);
  }
  if (compiler.isTypeLiteralNode(node)) {
    return readMembers(scope, node, depth);
  }
  return compiler.isTypeReferenceNode(node)
    ? readReference(scope, node, depth)
    : keyword(scope, node);
}

function keyword({ts: compiler}: CellScope, node: ts.TypeNode): ParameterType {
  const {SyntaxKind} = compiler;
  const kinds = new Map<ts.SyntaxKind, ParameterType>([
    [SyntaxKind.StringKeyword, {kind: "string"}],
    [SyntaxKind.NumberKeyword, {kind: "number"}],
    [SyntaxKind.BooleanKeyword, {kind: "boolean"}],
    [SyntaxKind.UndefinedKeyword, {kind: "undefined"}],
  ]);
  return kinds.get(node.kind) ?? {kind: "unknown"};
}

function readLiteral(scope: CellScope, literal: ts.LiteralTypeNode["literal"]): ParameterType {
  const value = evaluate(scope, literal as ts.Expression);
  if (value === null) {
    return {kind: "null"};
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? {kind: "literal", value}
    : {kind: "unknown"};
}

function readReference(scope: CellScope, node: ts.TypeReferenceNode, depth: number): ParameterType {
  const name = node.typeName.getText(scope.file);
  const [first, second] = node.typeArguments ?? [];
  const alias = scope.aliases.get(name);
  // A name for whole numbers, as TypeScript has none: `type Integer = number`.
  if (/^(Integer|Int)$/i.test(name)) {
    return {kind: "integer"};
  }
  if (alias !== undefined) {
    return readType(scope, alias, depth + 1);
  }
  if ((name === "Array" || name === "ReadonlyArray") && first !== undefined) {
    return {kind: "array", element: readType(scope, first, depth + 1)};
  }
  if (name === "Record" && second !== undefined) {
    return {kind: "record", value: readType(scope, second, depth + 1)};
  }
  if (name === "Readonly" && first !== undefined) {
    return readType(scope, first, depth + 1);
  }
  return name === "Date" ? {kind: "date"} : {kind: "unknown"};
}

function readMembers(scope: CellScope, node: ts.TypeLiteralNode, depth: number): ParameterType {
  const {ts: compiler} = scope;
  const [only] = node.members;
  if (
    node.members.length === 1 &&
    only !== undefined &&
    compiler.isIndexSignatureDeclaration(only)
  ) {
    return {kind: "record", value: readType(scope, only.type, depth + 1)};
  }
  const fields = node.members.map((member): Field | undefined => {
    const isField = compiler.isPropertySignature(member) && member.type !== undefined;
    const name = member.name && nameOf(scope, member.name);
    if (!isField || name === undefined) {
      return undefined;
    }
    const isOptional = member.questionToken !== undefined;
    return {name, type: readType(scope, member.type as ts.TypeNode, depth + 1), isOptional};
  });
  const known = fields.filter((field) => field !== undefined);
  return known.length === fields.length ? {kind: "object", fields: known} : {kind: "unknown"};
}

/** The type of a default, as the compiler would widen it. */
function inferType(scope: CellScope, initializer: ts.Expression | undefined): ParameterType {
  if (initializer === undefined) {
    return {kind: "unknown"};
  }
  const {ts: compiler} = scope;
  const isCast =
    compiler.isAsExpression(initializer) || compiler.isSatisfiesExpression(initializer);
  if (isCast && initializer.type.getText(scope.file) !== "const") {
    return readType(scope, initializer.type);
  }
  return isDate(scope, initializer) ? {kind: "date"} : typeOfValue(evaluate(scope, initializer));
}

function typeOfValue(value: unknown): ParameterType {
  if (Array.isArray(value)) {
    return {kind: "array", element: joinTypes(value.map(typeOfValue))};
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([name, inner]) => {
      return {name, type: typeOfValue(inner), isOptional: false};
    });
    return fields.length === 0 ? {kind: "unknown"} : {kind: "object", fields};
  }
  const kind = typeof value;
  return kind === "string" || kind === "number" || kind === "boolean" ? {kind} : {kind: "unknown"};
}

function joinTypes(types: readonly ParameterType[]): ParameterType {
  const different = [...new Map(types.map((type) => [JSON.stringify(type), type])).values()];
  const [first] = different;
  if (first === undefined) {
    return {kind: "unknown"};
  }
  return different.length === 1 ? first : {kind: "union", members: different};
}
