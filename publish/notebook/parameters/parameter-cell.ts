import type ts from "typescript";
import {loadCompiler} from "../../kernel/load-compiler.js";
import {createScope} from "./types/cell-scope.js";
import {type CellScope, readType} from "./types/declared-type.js";
import {declaredBefore} from "./types/earlier-cells.js";
import {inferType} from "./types/inferred-type.js";
import {evaluate} from "./types/literal-value.js";
import {formatType, type ParameterType} from "./types/parameter-type.js";

/** What one declaration in the cell tagged `parameters` says. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** As written, or undefined when the type was inferred from the default. */
  readonly annotation: string | undefined;
  readonly keyword: "const" | "let" | "var";
  /** Whether the cell gives it a value, literal or computed; `undefined` is none. */
  readonly hasDefault: boolean;
  /** The value of a default that is a literal; undefined where it is computed. */
  readonly fallback: unknown;
  /** The comment above or beside it. */
  readonly comment: string;
  /** What is wrong with a tag of the comment, as the rest of a complaint. */
  readonly fault?: string;
}

/** What else a cell may take its types from. */
export interface CellSurroundings {
  /** Where its imports resolve from. */
  readonly folder?: string | undefined;
  /** The sources of the cells before it. */
  readonly earlier?: string;
}

/**
 * Reads the parameters out of the source of their cell; nothing is evaluated.
 *
 * @param compiler takes a while to load, which only a notebook with parameters pays
 */
export function parseParameters(
  source: string,
  compiler = loadCompiler(),
  {earlier = "", folder}: CellSurroundings = {},
): Parameter[] {
  const before = earlier === "" ? "" : declaredBefore(compiler, source, earlier);
  const target = compiler.ScriptTarget.ES2022;
  const file = compiler.createSourceFile("parameters.ts", `${source}\n${before}`, target, true);
  const scope = createScope({ts: compiler, file, folder, ownLength: source.length});
  return file.statements
    .filter(({pos}) => pos < source.length)
    .flatMap((statement) => readStatement(scope, statement));
}

function readStatement(scope: CellScope, statement: ts.Statement): Parameter[] {
  if (!scope.ts.isVariableStatement(statement)) {
    return [];
  }
  const {flags} = statement.declarationList;
  const {NodeFlags} = scope.ts;
  const keyword = flags & NodeFlags.Const ? "const" : flags & NodeFlags.Let ? "let" : "var";
  const comment = commentOf(scope, statement);
  return statement.declarationList.declarations.flatMap(({name, type, initializer}) => {
    if (!scope.ts.isIdentifier(name)) {
      return [];
    }
    const read = type === undefined ? inferType(scope, {name, initializer}) : readType(scope, type);
    const {meant, text, fault} = readDocTags(read, comment);
    // The text does not tell the members of an enum that the compiler was asked for.
    const enums = new Map(scope.enums);
    if (read.kind === "enum") enums.set(read.name, read);
    return [
      {
        name: name.text,
        type: meant,
        annotation: type?.getText(scope.file),
        keyword,
        hasDefault: initializer !== undefined && initializer.getText(scope.file) !== "undefined",
        fallback: initializer && evaluate({...scope, enums}, initializer),
        comment: text,
        ...(fault !== undefined && {fault}),
      },
    ];
  });
}

/** What `@integer`, `@date` and `@secret` in a comment make of a type that TypeScript has. */
const docTags: Readonly<Record<string, {readonly of: string; readonly type: ParameterType}>> = {
  integer: {of: "number", type: {kind: "integer"}},
  date: {of: "string", type: {kind: "dateText"}},
  secret: {of: "string", type: {kind: "secret"}},
};

function readDocTags(type: ParameterType, comment: string) {
  let meant = type;
  let fault: string | undefined;
  const text = comment.replace(/\s*@(integer|date|secret)\b/g, (_whole, name: string) => {
    const {of, type: to} = docTags[name] as NonNullable<(typeof docTags)[string]>;
    meant = retype(meant, of, to);
    if (!JSON.stringify(meant).includes(`"kind":"${to.kind}"`)) {
      fault = `expected a ${of} for @${name}, found ${formatType(type)}`;
    }
    return "";
  });
  return {meant, text: text.trim(), fault};
}

/** Of a type that is not known the tag tells all there is. */
function retype(type: ParameterType, of: string, to: ParameterType): ParameterType {
  if (type.kind === "union") {
    return {kind: "union", members: type.members.map((member) => retype(member, of, to))};
  }
  return type.kind === of || type.kind === "unknown" ? to : type;
}

/** The text of the comments right above a statement and at the end of its line. */
function commentOf({ts: compiler, file}: CellScope, statement: ts.Statement): string {
  const {text} = file;
  const above = compiler.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  const beside = compiler.getTrailingCommentRanges(text, statement.getEnd()) ?? [];
  const isNear = ({end}: ts.CommentRange) =>
    !/\n\s*\n/.test(text.slice(end, statement.getStart(file)));
  return [...above.filter(isNear), ...beside]
    .map(({pos, end}) => text.slice(pos, end))
    .map((comment) => comment.replace(/^\/\*+|\*+\/$|^\/\/+/g, "").replace(/^[ \t]*\*+ ?/gm, ""))
    .map((comment) => comment.trim())
    .join(" ");
}
