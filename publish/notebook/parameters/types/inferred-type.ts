import type ts from "typescript";
import {type CellScope, readType} from "./declared-type.js";
import {inferForeign} from "./foreign-type.js";
import {enumOf, evaluate, isDate} from "./literal-value.js";
import type {ParameterType} from "./parameter-type.js";

/** The type of a default, as the compiler would widen it. */
export function inferType(
  scope: CellScope,
  {
    name,
    initializer,
  }: {readonly name: ts.Identifier; readonly initializer: ts.Expression | undefined},
): ParameterType {
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
  if (isDate(scope, initializer)) {
    return {kind: "date"};
  }
  const value = evaluate(scope, initializer);
  return value === undefined ? scope.resolve(name) : typeOfValue(value);
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
