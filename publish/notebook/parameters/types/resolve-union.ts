import type ts from "typescript";
import type {CheckedCell} from "./cell-checker.js";
import {nameOf} from "./literal-value.js";
import type {EnumMember, ParameterType} from "./parameter-type.js";

/**
 * The members of a union that the compiler resolved, which holds `boolean` and enums taken apart:
 * they are put together again. Null and undefined come last, as people write them.
 *
 * @param resolve what one member is that belongs to neither
 */
export function resolveUnion(
  cell: CheckedCell,
  parts: readonly ts.Type[],
  resolve: (part: ts.Type) => ParameterType,
): ParameterType {
  const isBoolean = (part: ts.Type) => (part.flags & cell.ts.TypeFlags.BooleanLiteral) !== 0;
  const hasBoth = parts.filter(isBoolean).length === 2;
  const resolved = parts.map((part): ParameterType => {
    const declared = enumDeclarationOf(cell, part);
    if (declared !== undefined) {
      return enumOfParts(cell, declared, parts);
    }
    return hasBoth && isBoolean(part) ? {kind: "boolean"} : resolve(part);
  });
  const members = [...new Map(resolved.map((one) => [JSON.stringify(one), one])).values()];
  const isNone = ({kind}: ParameterType) => kind === "null" || kind === "undefined";
  const ordered = [...members.filter((one) => !isNone(one)), ...members.filter(isNone)];
  const [only] = ordered;
  return ordered.length === 1 && only !== undefined ? only : {kind: "union", members: ordered};
}

/** The enum of which a type is a member; undefined for other types. */
export function enumDeclarationOf(
  {ts: compiler}: CheckedCell,
  {flags, symbol}: ts.Type,
): ts.EnumDeclaration | undefined {
  const isOfEnum = (flags & compiler.TypeFlags.EnumLike) !== 0;
  const declaration = isOfEnum ? symbol?.valueDeclaration : undefined;
  return declaration !== undefined && compiler.isEnumMember(declaration)
    ? declaration.parent
    : undefined;
}

/** An enum with its members among the parts; unknown if one of all has no known value. */
function enumOfParts(
  cell: CheckedCell,
  declared: ts.EnumDeclaration,
  parts: readonly ts.Type[],
): ParameterType {
  const all = declared.members.flatMap((member): EnumMember[] => {
    const [name, value] = [nameOf(cell, member.name), cell.checker.getConstantValue(member)];
    return name === undefined || value === undefined ? [] : [{name, value}];
  });
  if (all.length < declared.members.length) {
    return {kind: "unknown"};
  }
  const own = parts.filter((part) => enumDeclarationOf(cell, part) === declared);
  // Two members of one value have one type.
  const values = own.map((part) => (part.isLiteral() ? part.value : undefined));
  const members = all.filter(({value}) => values.includes(value));
  const part = members.length < all.length ? {isPart: true} : {};
  return {kind: "enum", name: declared.name.text, members, ...part};
}
