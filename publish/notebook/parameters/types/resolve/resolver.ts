import type ts from "typescript";
import type {ParsedCell} from "../literal-value.js";
import type {ParameterType} from "../parameter-type.js";
import {type CheckedCell, checkCell} from "./cell-checker.js";
import {resolveType} from "./resolve-type.js";

/**
 * What the compiler makes of a type, or of a variable without one. It starts with the first
 * question, which takes a while that most notebooks need not pay.
 */
export function createResolver(
  parsed: ParsedCell,
): (node: ts.TypeNode | ts.Identifier) => ParameterType {
  let cell: CheckedCell | undefined;
  return (node) => {
    cell ??= checkCell(parsed);
    const isVariable = parsed.ts.isIdentifier(node);
    return resolveType(cell, isVariable ? cell.typeOfVariable(node.text) : cell.typeOf(node));
  };
}
