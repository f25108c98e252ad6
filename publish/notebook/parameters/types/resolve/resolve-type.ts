import type ts from "typescript";
import {instead} from "../foreign-type.js";
import {namedType, nameMark} from "../named-types.js";
import type {ParameterType} from "../parameter-type.js";
import {caseType, type Placeholder, templateType} from "../template-type.js";
import type {CheckedCell} from "./cell-checker.js";
import {resolveObject} from "./resolve-object.js";
import {enumDeclarationOf, resolveUnion} from "./resolve-union.js";

/** Types inside one another beyond which nobody gives a value. */
const deepest = 8;

/**
 * What the compiler resolved a type to, as a type of parameters.
 *
 * @param outer the types that it stands in: one that holds itself is checked no further
 */
export function resolveType(
  cell: CheckedCell,
  type: ts.Type,
  outer: readonly ts.Type[] = [],
): ParameterType {
  if (outer.includes(type) || outer.length > deepest) {
    return {kind: "unknown"};
  }
  const resolve = (inner: ts.Type) => resolveType(cell, inner, [...outer, type]);
  if (type.isUnion()) {
    return resolveUnion(cell, type.types, resolve);
  }
  if (enumDeclarationOf(cell, type) !== undefined) {
    return resolveUnion(cell, [type], resolve);
  }
  const plain = namedOf(cell, type) ?? resolveLiteral(cell, type) ?? resolvePlain(cell, type);
  return plain ?? resolveObject(cell, type, resolve);
}

/** The meaning that a type carries which was declared with one; undefined for others. */
function namedOf({checker, file}: CheckedCell, type: ts.Type): ParameterType | undefined {
  const mark = type.isIntersection() ? checker.getPropertyOfType(type, nameMark) : undefined;
  const name = mark && checker.getTypeOfSymbolAtLocation(mark, file);
  return name?.isStringLiteral() ? namedType(name.value) : undefined;
}

/** Literals, and text of some form; undefined for other types. */
function resolveLiteral(cell: CheckedCell, type: ts.Type): ParameterType | undefined {
  const {checker, ts: compiler} = cell;
  const {TypeFlags} = compiler;
  if (type.isStringLiteral() || type.isNumberLiteral()) {
    return {kind: "literal", value: type.value};
  }
  if (type.flags & TypeFlags.BooleanLiteral) {
    return {kind: "literal", value: checker.typeToString(type) === "true"};
  }
  if (type.flags & TypeFlags.TemplateLiteral) {
    const {texts, types} = type as ts.TemplateLiteralType;
    const placeholders = types.map((one) => placeholderOf(cell, one));
    return templateType({text: checker.typeToString(type), texts, placeholders});
  }
  if (type.flags & TypeFlags.StringMapping) {
    const {symbol, type: of} = type as ts.StringMappingType;
    return (of.flags & TypeFlags.String && caseType(symbol.name)) || {kind: "string"};
  }
  return undefined;
}

/** What is not a number may be any text; the compiler has the last word on it. */
function placeholderOf(cell: CheckedCell, type: ts.Type): Placeholder {
  const {TypeFlags} = cell.ts;
  if (type.flags & TypeFlags.BigInt || namedOf(cell, type)?.kind === "integer") {
    return "integer";
  }
  return type.flags & TypeFlags.Number ? "number" : "string";
}

/** Types that are made of no others; undefined for those that are. */
function resolvePlain(cell: CheckedCell, type: ts.Type): ParameterType | undefined {
  const {TypeFlags: flags} = cell.ts;
  const foreign = (words: string): ParameterType => {
    return {kind: "foreign", text: cell.checker.typeToString(type), instead: words};
  };
  const kinds: readonly (readonly [of: ts.TypeFlags, type: () => ParameterType])[] = [
    [flags.String, () => ({kind: "string"})],
    [flags.Number, () => ({kind: "number"})],
    [flags.Null, () => ({kind: "null"})],
    [flags.Undefined, () => ({kind: "undefined"})],
    [flags.BigIntLike, () => foreign(instead.bigint)],
    [flags.ESSymbolLike | flags.Void | flags.Never, () => foreign(instead.data)],
    [flags.Any | flags.Unknown | flags.NonPrimitive, () => ({kind: "unknown"})],
    [flags.Instantiable, () => ({kind: "unknown"})],
  ];
  return kinds.find(([of]) => (type.flags & of) !== 0)?.[1]();
}
