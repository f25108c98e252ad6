"use strict";
/**
 * Where cells throw and which of their statements runs. What is thrown need not be an error, and
 * an error may have been made elsewhere or lost its stack: then this says where it happened.
 */
const NOTE_THROW = "__reckon_throw__";
const NOTE_STATEMENT = "__reckon_at__";

/** By what was thrown: an error made at its `throw`, and the cell that ran. */
const objects = new WeakMap();
let lastPlain = null;

function isObject(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The stack at the `throw` of this value; the empty string when it was thrown elsewhere. */
exports.throwStackOf = (value) => {
  const found = isObject(value) ? objects.get(value) : lastPlain;
  return found !== undefined && found !== null && Object.is(found.value, value)
    ? found.here.stack
    : "";
};

/** Gives the translated code of cells what it calls. */
exports.watchThrows = (currentCell) => {
  const noteThrow = (value) => {
    const cell = currentCell();
    const known = isObject(value) ? objects.get(value) : undefined;
    // Thrown again in the same cell, it still comes from its first place.
    if (known === undefined || known.cell !== cell) {
      // Its stack becomes text only when it is asked for: a loop may throw a million times.
      const note = {value, cell, here: new Error()};
      if (isObject(value)) {
        objects.set(value, note);
      } else {
        lastPlain = note;
      }
    }
    return value;
  };
  const noteStatement = (line, column) => {
    const cell = currentCell();
    if (cell !== undefined) {
      cell.at = {line, column};
    }
  };
  Object.defineProperty(globalThis, NOTE_THROW, {value: noteThrow});
  Object.defineProperty(globalThis, NOTE_STATEMENT, {value: noteStatement});
};

/** A TypeScript transformer: `throw x` and, in a cell, its outer statements tell of themselves. */
exports.placeTransformer = (ts, isCell) => (context) => {
  const {factory} = context;
  const call = (name, args) =>
    factory.createCallExpression(factory.createIdentifier(name), undefined, args);
  const visit = (node) => {
    const inner = ts.visitEachChild(node, visit, context);
    return ts.isThrowStatement(inner) && inner.expression !== undefined
      ? factory.updateThrowStatement(inner, notedThrow(factory, inner.expression))
      : inner;
  };
  const noteOf = (statement, file) => {
    const start = anchorOf(ts, statement).getStart(file);
    const {line, character} = file.getLineAndCharacterOfPosition(start);
    const place = [line, character].map((n) => factory.createNumericLiteral(n));
    return factory.createExpressionStatement(call(NOTE_STATEMENT, place));
  };
  return (file) => {
    const visited = ts.visitEachChild(file, visit, context);
    if (!isCell) {
      return visited;
    }
    const statements = file.statements.flatMap((statement, i) => {
      const seen = visited.statements[i];
      return runs(ts, statement) ? [noteOf(statement, file), seen] : [seen];
    });
    return factory.updateSourceFile(visited, statements);
  };
};

/** A function may be sent elsewhere as text, to a page or a worker, where nothing listens. */
function notedThrow(factory, thrown) {
  const same = factory.createIdentifier("thrown");
  const parameter = factory.createParameterDeclaration(undefined, undefined, same);
  const identity = factory.createArrowFunction(
    ...[undefined, undefined, [parameter], undefined, undefined],
    same,
  );
  const listener = factory.createPropertyAccessExpression(
    factory.createIdentifier("globalThis"),
    NOTE_THROW,
  );
  return factory.createCallExpression(factory.createLogicalOr(listener, identity), undefined, [
    thrown,
  ]);
}

/** The part of a statement that was in the source: tslab keeps a last value in a variable. */
function anchorOf(ts, statement) {
  return ts.isVariableStatement(statement)
    ? (statement.declarationList.declarations[0]?.initializer ?? statement)
    : statement;
}

/** Whether a statement does something where it stands; a directive must stay the first. */
function runs(ts, statement) {
  const isDirective =
    ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
  return !(
    isDirective ||
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement) ||
    ts.isFunctionDeclaration(statement)
  );
}
