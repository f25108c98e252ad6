import type ts from "typescript";
import {readForeign} from "./foreign-type.js";
import {evaluate, nameOf, type ParsedCell} from "./literal-value.js";
import {namedType} from "./named-types.js";
import type {Field, ParameterType} from "./parameter-type.js";
import {type Placeholder, templateType} from "./template-type.js";

type DeclaredType = ts.TypeAliasDeclaration | ts.InterfaceDeclaration;

/** The parts of one cell that types are read with. */
export interface CellScope extends ParsedCell {
  /** Types declared in the cell itself, by name. */
  readonly declared: ReadonlyMap<string, DeclaredType>;
  /** Names that come from elsewhere, of which nothing is known. */
  readonly unknown: ReadonlySet<string>;
  /** What the compiler makes of a type, or of a variable without one; see {@link readType}. */
  readonly resolve: (node: ts.TypeNode | ts.Identifier) => ParameterType;
}

/**
 * The type that a declaration states. The text of plain types tells it; for others the compiler is
 * asked, which takes as long as reading the declarations of the language.
 *
 * @param outer names of the declared types that it stands in
 */
export function readType(
  scope: CellScope,
  node: ts.TypeNode,
  outer: readonly string[] = [],
): ParameterType {
  const {ts: compiler} = scope;
  const read = (inner: ts.TypeNode) => readType(scope, inner, outer);
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
  const told = compiler.isTypeReferenceNode(node)
    ? readReference(scope, node, outer)
    : readComposite(scope, node, read);
  return told ?? named(scope, node, scope.resolve(node));
}

/** With the name of what the compiler does not know either. */
function named(scope: CellScope, node: ts.TypeNode, type: ParameterType): ParameterType {
  return type.kind === "unknown" && scope.ts.isTypeReferenceNode(node)
    ? {...type, text: node.getText(scope.file)}
    : type;
}

/** Undefined where the text does not tell. */
function readComposite(scope: CellScope, node: ts.TypeNode, read: Read): ParameterType | undefined {
  const {ts: compiler} = scope;
  if (compiler.isTupleTypeNode(node)) {
    return readTuple(scope, node.elements, read);
  }
  if (compiler.isIntersectionTypeNode(node)) {
    return intersect(node.types.map(read));
  }
  if (compiler.isLiteralTypeNode(node)) {
    return readLiteral(scope, node.literal);
  }
  if (compiler.isTemplateLiteralTypeNode(node)) {
    return readTemplate(scope, node);
  }
  return compiler.isTypeLiteralNode(node)
    ? readMembers(scope, node.members, read)
    : (readForeign(scope, node) ?? keyword(scope, node));
}

type Read = (node: ts.TypeNode) => ParameterType;

/** `[a: string, b?: number, ...rest: boolean[]]`. */
function readTuple(
  {ts: compiler}: CellScope,
  elements: readonly (ts.TypeNode | ts.NamedTupleMember)[],
  read: Read,
): ParameterType | undefined {
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
      return undefined;
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

/** Of objects without a field in common, all their fields; of others the text does not tell. */
function intersect(types: readonly ParameterType[]): ParameterType | undefined {
  const objects = types.filter((type) => type.kind === "object" && type.others === undefined);
  const fields = objects.flatMap((type) => (type.kind === "object" ? type.fields : []));
  const isPlain = new Set(fields.map(({name}) => name)).size === fields.length;
  return isPlain && objects.length === types.length ? {kind: "object", fields} : undefined;
}

function keyword({ts: compiler}: CellScope, node: ts.TypeNode): ParameterType | undefined {
  const {SyntaxKind} = compiler;
  const kinds = new Map<ts.SyntaxKind, ParameterType>([
    [SyntaxKind.StringKeyword, {kind: "string"}],
    [SyntaxKind.NumberKeyword, {kind: "number"}],
    [SyntaxKind.BooleanKeyword, {kind: "boolean"}],
    [SyntaxKind.UndefinedKeyword, {kind: "undefined"}],
    [SyntaxKind.AnyKeyword, {kind: "unknown"}],
    [SyntaxKind.UnknownKeyword, {kind: "unknown"}],
    [SyntaxKind.ObjectKeyword, {kind: "unknown"}],
  ]);
  return kinds.get(node.kind);
}

function readLiteral(
  scope: CellScope,
  literal: ts.LiteralTypeNode["literal"],
): ParameterType | undefined {
  const value = evaluate(scope, literal as ts.Expression);
  if (value === null) {
    return {kind: "null"};
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? {kind: "literal", value}
    : undefined;
}

/** Of plain text and numbers; the compiler makes all combinations where it is of unions. */
function readTemplate(
  {file, ts: compiler}: CellScope,
  node: ts.TemplateLiteralTypeNode,
): ParameterType | undefined {
  const {SyntaxKind} = compiler;
  const placeholders = node.templateSpans.flatMap(({type}): Placeholder[] => {
    if (namedType(type.getText(file))?.kind === "integer") return ["integer"];
    if (type.kind === SyntaxKind.BigIntKeyword) return ["integer"];
    if (type.kind === SyntaxKind.NumberKeyword) return ["number"];
    return type.kind === SyntaxKind.StringKeyword ? ["string"] : [];
  });
  const texts = [node.head.text, ...node.templateSpans.map(({literal}) => literal.text)];
  return placeholders.length === node.templateSpans.length
    ? templateType({text: node.getText(file), texts, placeholders})
    : undefined;
}

function readReference(
  scope: CellScope,
  node: ts.TypeReferenceNode,
  outer: readonly string[],
): ParameterType | undefined {
  const name = node.typeName.getText(scope.file);
  const [space = "", inner] = name.split(".");
  const known =
    enumInType(scope, space, inner) ?? namedType(inner ?? name) ?? readForeign(scope, node);
  if (known !== undefined) {
    return known;
  }
  if (outer.includes(name)) {
    return {kind: "unknown"};
  }
  if (scope.unknown.has(space)) {
    return {kind: "unknown", text: node.getText(scope.file)};
  }
  const declared = scope.declared.get(name);
  return declared === undefined
    ? readLanguage(scope, {name, of: node.typeArguments ?? []}, outer)
    : readDeclared(scope, declared, [...outer, name]);
}

/** An enum of the cell, or one member of it. */
function enumInType(
  {enums}: CellScope,
  name: string,
  inner: string | undefined,
): ParameterType | undefined {
  const found = enums?.get(name);
  if (found === undefined || inner === undefined) {
    return found;
  }
  const members = found.members.filter((member) => member.name === inner);
  const isPart = members.length < found.members.length;
  return members.length === 0 ? undefined : {...found, members, ...(isPart && {isPart})};
}

/** Types of the language whose text tells what they are of. */
function readLanguage(
  scope: CellScope,
  {name, of: [first, second]}: {readonly name: string; readonly of: readonly ts.TypeNode[]},
  outer: readonly string[],
): ParameterType | undefined {
  if ((name === "Array" || name === "ReadonlyArray") && first !== undefined) {
    return {kind: "array", element: readType(scope, first, outer)};
  }
  const isText = first?.kind === scope.ts.SyntaxKind.StringKeyword;
  if (name === "Record" && isText && second !== undefined) {
    return {kind: "record", value: readType(scope, second, outer)};
  }
  if (name === "Readonly" && first !== undefined) {
    return readType(scope, first, outer);
  }
  return name === "Date" ? {kind: "date"} : undefined;
}

function readDeclared(
  scope: CellScope,
  declared: DeclaredType,
  outer: readonly string[],
): ParameterType | undefined {
  if (declared.typeParameters !== undefined) {
    return undefined;
  }
  const read = (node: ts.TypeNode) => readType(scope, node, outer);
  if (scope.ts.isTypeAliasDeclaration(declared)) {
    return read(declared.type);
  }
  const isWhole = declared.heritageClauses === undefined;
  return isWhole ? readMembers(scope, declared.members, read) : undefined;
}

function readMembers(
  scope: CellScope,
  members: readonly ts.TypeElement[],
  read: Read,
): ParameterType | undefined {
  const {ts: compiler} = scope;
  const [only] = members;
  if (members.length === 1 && only !== undefined && compiler.isIndexSignatureDeclaration(only)) {
    const isText = only.parameters[0]?.type?.kind === compiler.SyntaxKind.StringKeyword;
    return isText ? {kind: "record", value: read(only.type)} : undefined;
  }
  const fields = members.flatMap((member): Field[] => {
    const name = member.name && nameOf(scope, member.name);
    const type = compiler.isPropertySignature(member) ? member.type : undefined;
    const isOptional = member.questionToken !== undefined;
    return name === undefined || type === undefined ? [] : [{name, type: read(type), isOptional}];
  });
  if (fields.length < members.length) {
    return undefined;
  }
  return fields.length === 0 ? {kind: "unknown"} : {kind: "object", fields};
}
