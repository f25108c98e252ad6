import type ts from "typescript";
import {nameOf} from "../literal-value.js";
import type {EnumMember, ParameterType} from "../parameter-type.js";
import type {CheckedCell} from "./cell-checker.js";

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
  const name = nameInCell(cell, declared);
  const all = declared.members.flatMap((member): EnumMember[] => {
    const [name, value] = [nameOf(cell, member.name), cell.checker.getConstantValue(member)];
    return name === undefined || value === undefined ? [] : [{name, value}];
  });
  if (all.length < declared.members.length || name === undefined) {
    return {kind: "unknown"};
  }
  const own = parts.filter((part) => enumDeclarationOf(cell, part) === declared);
  // Two members of one value have one type.
  const values = own.map((part) => (part.isLiteral() ? part.value : undefined));
  const members = all.filter(({value}) => values.includes(value));
  const part = members.length < all.length ? {isPart: true} : {};
  return {kind: "enum", name, members, ...part};
}

/** What the cell calls an enum, which its values are written with; undefined where it cannot. */
function nameInCell(
  {checker, file, ts: compiler}: CheckedCell,
  declared: ts.EnumDeclaration,
): string | undefined {
  if (declared.getSourceFile() === file) {
    return declared.name.text;
  }
  const bindings = file.statements
    .filter(compiler.isImportDeclaration)
    .flatMap(({importClause}) => importClause?.namedBindings ?? []);
  const names = bindings.flatMap((one) => (compiler.isNamedImports(one) ? one.elements : []));
  return names.find(({name}) => {
    const symbol = checker.getSymbolAtLocation(name);
    const isAlias = symbol !== undefined && (symbol.flags & compiler.SymbolFlags.Alias) !== 0;
    const meant = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
    return meant?.declarations?.includes(declared) === true;
  })?.name.text;
}
