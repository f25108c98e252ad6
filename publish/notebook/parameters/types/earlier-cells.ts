import type ts from "typescript";

/** The names that a statement declares or imports. */
export function namesOf(compiler: typeof ts, statement: ts.Statement): readonly string[] {
  if (compiler.isImportDeclaration(statement)) {
    const {name, namedBindings: bound} = statement.importClause ?? {};
    const isList = bound !== undefined && compiler.isNamedImports(bound);
    const names = isList ? bound.elements.map((element) => element.name) : [bound?.name];
    return [name, ...names].flatMap((one) => one?.text ?? []);
  }
  const names = compiler.isVariableStatement(statement)
    ? statement.declarationList.declarations.map(({name}) => name)
    : [(statement as ts.DeclarationStatement).name];
  return names.flatMap((name) => (name && compiler.isIdentifier(name) ? [name.text] : []));
}

/**
 * What cells before one declare and it does not, as text: a later cell sees the newest of each.
 *
 * @param earlier the sources of those cells, one after another
 */
export function declaredBefore(compiler: typeof ts, source: string, earlier: string): string {
  const statementsOf = (text: string) =>
    compiler.createSourceFile("cells.ts", text, compiler.ScriptTarget.ES2022).statements;
  const taken = new Set(statementsOf(source).flatMap((one) => namesOf(compiler, one)));
  const found: string[] = [];
  for (const statement of [...statementsOf(earlier)].reverse()) {
    const names = namesOf(compiler, statement);
    if (names.length > 0 && !names.some((name) => taken.has(name))) {
      found.unshift(earlier.slice(statement.pos, statement.end));
    }
    for (const name of names) taken.add(name);
  }
  return found.join("\n");
}
