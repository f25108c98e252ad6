import {join} from "node:path";
import type ts from "typescript";
import type {CellScope} from "./declared-type.js";
import {namesOf} from "./earlier-cells.js";
import {readEnums} from "./enum-type.js";
import type {ParsedCell} from "./literal-value.js";
import {cellFile} from "./resolve/cell-checker.js";
import {moduleFile} from "./resolve/imported-files.js";
import {createResolver} from "./resolve/resolver.js";

/** What the types of a cell are read with. */
export function createScope(cell: ParsedCell): CellScope {
  const parsed = {...cell, enums: readEnums(cell)};
  return {
    ...parsed,
    declared: declaredTypes(parsed),
    unknown: unknownNames(parsed),
    resolve: createResolver(parsed),
  };
}

/** One that is declared in several places is the sum of them, which the compiler knows. */
function declaredTypes({ts: compiler, file}: ParsedCell): CellScope["declared"] {
  const types = file.statements.filter(
    (statement) =>
      compiler.isTypeAliasDeclaration(statement) || compiler.isInterfaceDeclaration(statement),
  );
  const names = types.map(({name}) => name.text);
  const isAlone = (name: string) => names.indexOf(name) === names.lastIndexOf(name);
  return new Map(
    types.flatMap((type) => (isAlone(type.name.text) ? [[type.name.text, type]] : [])),
  );
}

/** Names that are imported from where nobody finds any types. */
function unknownNames({ts: compiler, file, folder}: ParsedCell): ReadonlySet<string> {
  const isUnknown = ({moduleSpecifier}: ts.ImportDeclaration) => {
    const from = compiler.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : "";
    return folder === undefined || moduleFile(compiler, from, join(folder, cellFile)) === undefined;
  };
  const imports = file.statements.filter(compiler.isImportDeclaration).filter(isUnknown);
  return new Set(imports.flatMap((one) => namesOf(compiler, one)));
}
