import ts from "typescript";
import {nodeRule, type Rule, type SourceText} from "./project.js";

const LONGEST_FILE = 300;
const LONGEST_FUNCTION = 60;
const WIDEST_LINE = 100;
const MOST_PARAMETERS = 3;

/** No file is longer than 300 lines. */
export const shortFiles: Rule = (files) =>
  files.flatMap(({path, text}) => {
    const count = text.replace(/\n$/, "").split("\n").length;
    return count > LONGEST_FILE
      ? [`${path}:${count}: has ${count} lines, at most ${LONGEST_FILE}; split it by meaning`]
      : [];
  });

/** No line is wider than 100 columns, save one that is a single unbreakable address. */
export const narrowLines: Rule = (files) =>
  files.flatMap(({path, text}) =>
    text.split("\n").flatMap((line, i) => {
      const width = [...line].length;
      return width > WIDEST_LINE && !/^[\s/*]*\S*https?:\/\/\S+$/.test(line)
        ? [`${path}:${i + 1}: ${width} columns, at most ${WIDEST_LINE}; break the line`]
        : [];
    }),
  );

/** No function spans more than 60 lines; the callback of `describe` is a chapter, not one. */
export const shortFunctions: Rule = nodeRule((node, file) => {
  if (!isFunctionWithBody(node) || isDescribeCallback(node)) {
    return undefined;
  }
  const count = lineCount(file, node);
  return count > LONGEST_FUNCTION
    ? `${nameOf(node)} spans ${count} lines, at most ${LONGEST_FUNCTION}; take steps out of it`
    : undefined;
});

function lineCount(file: SourceText, node: ts.Node): number {
  const lineAt = (position: number) => file.tree.getLineAndCharacterOfPosition(position).line;
  return lineAt(node.getEnd()) - lineAt(node.getStart(file.tree)) + 1;
}

/**
 * No function takes more than 3 positional parameters.
 *
 * A function written in the place of an argument is exempt: its callee decides what it takes.
 */
export const fewParameters: Rule = nodeRule((node) => {
  if (!isFunctionWithBody(node) || ts.isCallExpression(node.parent)) {
    return undefined;
  }
  const names = node.parameters.map((parameter) => parameter.name.getText());
  const count = names.filter((name) => name !== "this").length;
  return count > MOST_PARAMETERS
    ? `${nameOf(node)} takes ${count} positional parameters (${names.join(", ")}), ` +
        `at most ${MOST_PARAMETERS}; pass one object`
    : undefined;
});

function isFunctionWithBody(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && (node as ts.FunctionLikeDeclaration).body !== undefined;
}

function isDescribeCallback(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node.parent) &&
    /^describe(EachStore)?\b/.test(node.parent.expression.getText())
  );
}

function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (ts.isConstructorDeclaration(node)) {
    return "the constructor";
  }
  if (node.name) {
    return node.name.getText();
  }
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : "a function";
}
