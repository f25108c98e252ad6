import type ts from "typescript";
import {evaluate, nameOf, type ParsedCell} from "./literal-value.js";
import type {EnumMember, EnumType} from "./parameter-type.js";

/** The enums that a cell declares, by name; one with a computed member is left out. */
export function readEnums({ts: compiler, file}: ParsedCell): Map<string, EnumType> {
  const enums = file.statements.filter(compiler.isEnumDeclaration).flatMap((declaration) => {
    const members = membersOf({ts: compiler, file}, declaration);
    const name = declaration.name.text;
    return members === undefined ? [] : [[name, {kind: "enum", name, members} as const] as const];
  });
  return new Map(enums);
}

/** A member without a value counts on from the one before. */
function membersOf(
  scope: ParsedCell,
  declaration: ts.EnumDeclaration,
): readonly EnumMember[] | undefined {
  const members: EnumMember[] = [];
  let next: number | undefined = 0;
  for (const member of declaration.members) {
    const name = nameOf(scope, member.name);
    const {initializer} = member;
    const value: unknown = initializer === undefined ? next : evaluate(scope, initializer);
    if (name === undefined || (typeof value !== "string" && typeof value !== "number")) {
      return undefined;
    }
    members.push({name, value});
    next = typeof value === "number" ? value + 1 : undefined;
  }
  return members;
}
