import type ts from "typescript";
import type {CellScope} from "./declared-type.js";
import {readEnums} from "./enum-type.js";
import type {ParsedCell} from "./literal-value.js";
import {createResolver} from "./resolver.js";

/** What the types of a cell are read with. */
export function createScope({ts: compiler, file}: ParsedCell): CellScope {
  const parsed = {ts: compiler, file, enums: readEnums({ts: compiler, file})};
  return {
    ...parsed,
    declared: declaredTypes(parsed),
    imported: importedNames(parsed),
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

function importedNames({ts: compiler, file}: ParsedCell): ReadonlySet<string> {
  const clauses = file.statements
    .filter(compiler.isImportDeclaration)
    .flatMap(({importClause}) => importClause ?? []);
  const names = clauses.flatMap(({name, namedBindings: bound}): (ts.Identifier | undefined)[] =>
    bound !== undefined && compiler.isNamedImports(bound)
      ? [name, ...bound.elements.map((element) => element.name)]
      : [name, bound?.name],
  );
  return new Set(names.flatMap((name) => name?.text ?? []));
}
