import type ts from "typescript";
import {inferForeign, readForeign} from "./foreign-type.js";
import {enumOf, evaluate, isDate, nameOf, type ParsedCell} from "./literal-value.js";
import type {Field, ParameterType} from "./parameter-type.js";

type DeclaredType = ts.TypeAliasDeclaration | ts.InterfaceDeclaration;

/** The parts of one cell that types are read with. */
export interface CellScope extends ParsedCell {
  /** Types declared in the cell itself, by name. */
  readonly declared: ReadonlyMap<string, DeclaredType>;
}

/** The type that a declaration states. */
export function readType(scope: CellScope, node: ts.TypeNode, depth = 0): ParameterType {
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
    return readTuple(scope, node.elements, read);
  }
  if (compiler.isIntersectionTypeNode(node)) {
    return intersect(node.types.map(read));
  }
  if (compiler.isLiteralTypeNode(node)) {
    return readLiteral(scope, node.literal);
  }
  if (compiler.isTypeLiteralNode(node)) {
    return readMembers(scope, node.members, depth);
  }
  return compiler.isTypeReferenceNode(node)
    ? readReference(scope, node, depth)
    : (readForeign(scope, node) ?? keyword(scope, node));
}

/** `[a: string, b?: number, ...rest: boolean[]]`. */
function readTuple(
  {ts: compiler}: CellScope,
  elements: readonly (ts.TypeNode | ts.NamedTupleMember)[],
  read: (node: ts.TypeNode) => ParameterType,
): ParameterType {
  const types: ParameterType[] = [];
  let [required, rest]: [number, ParameterType | undefined] = [0, undefined];
  for (const element of elements) {
    const isNamed = compiler.isNamedTupleMember(element);
    const isRest = compiler.isRestTypeNode(element) || (isNamed && element.dotDotDotToken);
    const isOptional = compiler.isOptionalTypeNode(element) || (isNamed && element.questionToken);
    const isBare =
      !isNamed && !compiler.isRestTypeNode(element) && !compiler.isOptionalTypeNode(element);
    const type = read(isBare ? element : element.type);
    if (rest !== undefined || (isRest && type.kind !== "array")) {
      return {kind: "unknown"};
    }
    if (isRest && type.kind === "array") {
      rest = type.element;
    } else {
      types.push(type);
      required += isOptional ? 0 : 1;
    }
  }
  const open = rest === undefined ? {} : {rest};
  return {kind: "tuple", elements: types, required, ...open};
}

/** Of objects, all their fields; of anything else nothing is known. */
function intersect(types: readonly ParameterType[]): ParameterType {
  const fields = new Map<string, Field>();
  for (const type of types) {
    if (type.kind !== "object") {
      return {kind: "unknown"};
    }
    for (const field of type.fields) {
      fields.set(field.name, field);
    }
  }
  return {kind: "object", fields: [...fields.values()]};
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

/** Names for what TypeScript has no type of: `type Integer = number`, declared or imported. */
const namedTypes: readonly (readonly [name: RegExp, type: ParameterType])[] = [
  [/^(Integer|Int)$/i, {kind: "integer"}],
  [/^(DateText|IsoDate)$/, {kind: "dateText"}],
  [/^(SecretText|Secret)$/, {kind: "secret"}],
];

function readDeclared(scope: CellScope, declared: DeclaredType, depth: number): ParameterType {
  if (scope.ts.isTypeAliasDeclaration(declared)) {
    return readType(scope, declared.type, depth + 1);
  }
  const isWhole = declared.heritageClauses === undefined;
  return isWhole ? readMembers(scope, declared.members, depth + 1) : {kind: "unknown"};
}

function readReference(scope: CellScope, node: ts.TypeReferenceNode, depth: number): ParameterType {
  const name = node.typeName.getText(scope.file);
  const [first, second] = node.typeArguments ?? [];
  const meant = namedTypes.find(([pattern]) => pattern.test(name))?.[1];
  if (meant !== undefined) {
    return meant;
  }
  const declared = scope.declared.get(name);
  if (declared !== undefined) {
    return readDeclared(scope, declared, depth);
  }
  const known = scope.enums?.get(name) ?? readForeign(scope, node);
  if (known !== undefined) {
    return known;
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

function readMembers(
  scope: CellScope,
  members: readonly ts.TypeElement[],
  depth: number,
): ParameterType {
  const {ts: compiler} = scope;
  const [only] = members;
  if (members.length === 1 && only !== undefined && compiler.isIndexSignatureDeclaration(only)) {
    return {kind: "record", value: readType(scope, only.type, depth + 1)};
  }
  const fields = members.map((member): Field | undefined => {
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
export function inferType(scope: CellScope, initializer: ts.Expression | undefined): ParameterType {
  if (initializer === undefined) {
    return {kind: "unknown"};
  }
  const {ts: compiler} = scope;
  const isCast =
    compiler.isAsExpression(initializer) || compiler.isSatisfiesExpression(initializer);
  if (isCast && initializer.type.getText(scope.file) !== "const") {
    return readType(scope, initializer.type);
  }
  const named = enumOf(scope, initializer)?.type ?? inferForeign(scope, initializer);
  if (named !== undefined) {
    return named;
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
