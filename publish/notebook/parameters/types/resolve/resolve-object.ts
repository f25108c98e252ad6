import type ts from "typescript";
import {instead, insteadOfClass} from "../foreign-type.js";
import type {Field, ForeignType, ParameterType, PatternType} from "../parameter-type.js";
import {numericKeys} from "../template-type.js";
import type {CheckedCell} from "./cell-checker.js";

type Resolve = (type: ts.Type) => ParameterType;

/** What an object type of the compiler is: a list, a date, fields, a record, or foreign. */
export function resolveObject(cell: CheckedCell, type: ts.Type, resolve: Resolve): ParameterType {
  const {checker} = cell;
  if (checker.isTupleType(type)) {
    return resolveTuple(cell, type as ts.TupleTypeReference, resolve);
  }
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    return {kind: "array", element: element === undefined ? {kind: "unknown"} : resolve(element)};
  }
  const words = insteadOf(cell, type);
  if (words !== undefined) {
    return foreign(cell, type, words);
  }
  const isDate = isOfLanguage(cell, type.symbol) && type.symbol.name === "Date";
  return isDate ? {kind: "date"} : resolveFields(cell, type, resolve);
}

function foreign({checker}: CheckedCell, type: ts.Type, words: string): ForeignType {
  return {kind: "foreign", text: checker.typeToString(type), instead: words};
}

/** What to declare for a type that no text stands for; undefined for others. */
function insteadOf(cell: CheckedCell, type: ts.Type): string | undefined {
  const {SymbolFlags, TypeFlags} = cell.ts;
  const isMade = type.isIntersection() && type.types.some(({flags}) => !(flags & TypeFlags.Object));
  if (isMade) {
    return instead.plain;
  }
  const isCalled = type.getCallSignatures().length + type.getConstructSignatures().length > 0;
  const {symbol} = type;
  if (isCalled || (symbol && symbol.flags & SymbolFlags.Class)) {
    return instead.data;
  }
  return isOfLanguage(cell, symbol) ? insteadOfClass(symbol.name) : undefined;
}

function isOfLanguage(
  {isLanguage}: CheckedCell,
  symbol: ts.Symbol | undefined,
): symbol is ts.Symbol {
  const declarations = symbol?.declarations ?? [];
  return declarations.length > 0 && declarations.every((one) => isLanguage(one.getSourceFile()));
}

function resolveTuple(
  {checker, ts: compiler}: CheckedCell,
  type: ts.TupleTypeReference,
  resolve: Resolve,
): ParameterType {
  const {ElementFlags} = compiler;
  const {elementFlags, minLength} = type.target;
  const types = checker.getTypeArguments(type).map((element, i) => {
    const isOptional = ((elementFlags[i] ?? 0) & ElementFlags.Optional) !== 0;
    return isOptional ? present(resolve(element)) : resolve(element);
  });
  const at = elementFlags.findIndex((flags) => (flags & ElementFlags.Variable) !== 0);
  if (at < 0) {
    return {kind: "tuple", elements: types, required: minLength};
  }
  const rest = types[at];
  return at === types.length - 1 && rest !== undefined
    ? {kind: "tuple", elements: types.slice(0, at), required: minLength, rest}
    : {kind: "unknown"};
}

function resolveFields(cell: CheckedCell, type: ts.Type, resolve: Resolve): ParameterType {
  const {checker, ts: compiler} = cell;
  const properties = inOrder(checker.getPropertiesOfType(type));
  const infos = checker.getIndexInfosOfType(type);
  // A field by a symbol, or two kinds of keys: the compiler has the last word.
  const isTold = properties.every(({name}) => !name.startsWith("__@")) && infos.length < 2;
  if (!isTold || properties.length + infos.length === 0) {
    return {kind: "unknown"};
  }
  const fields = properties.map((property): Field => {
    const isOptional = (property.flags & compiler.SymbolFlags.Optional) !== 0;
    const resolved = resolve(checker.getTypeOfSymbolAtLocation(property, cell.file));
    return {name: property.name, type: isOptional ? present(resolved) : resolved, isOptional};
  });
  if (fields.some((field) => !field.isOptional && field.type.kind === "foreign")) {
    return foreign(cell, type, instead.data);
  }
  const [info] = infos;
  if (info === undefined) {
    return {kind: "object", fields};
  }
  const keys = keysOf(cell, info.keyType, resolve);
  if (fields.length === 0) {
    return {kind: "record", value: resolve(info.type), ...keys};
  }
  return keys.keys === undefined
    ? {kind: "object", fields, others: resolve(info.type)}
    : {kind: "unknown"};
}

/** As they are written: what an interface inherits comes before its own. */
function inOrder(properties: readonly ts.Symbol[]): readonly ts.Symbol[] {
  const placeOf = ({declarations}: ts.Symbol) => declarations?.[0]?.pos ?? -1;
  return [...properties].sort((a, b) => placeOf(a) - placeOf(b));
}

/** The form of keys; none for any text. */
function keysOf(
  {ts: compiler}: CheckedCell,
  key: ts.Type,
  resolve: Resolve,
): {readonly keys?: PatternType} {
  if (key.flags & compiler.TypeFlags.Number) {
    return {keys: numericKeys};
  }
  const form = resolve(key);
  return form.kind === "pattern" ? {keys: form} : {};
}

/** The type of what may be left out, where it is there: nothing in JSON is undefined. */
function present(type: ParameterType): ParameterType {
  if (type.kind !== "union") {
    return type;
  }
  const members = type.members.filter(({kind}) => kind !== "undefined");
  const [only] = members;
  return members.length === 1 && only !== undefined ? only : {kind: "union", members};
}
