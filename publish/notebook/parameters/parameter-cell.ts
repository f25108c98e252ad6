import type ts from "typescript";
import {loadCompiler} from "../../kernel/load-compiler.js";
import {type CellScope, inferType, readType} from "./types/declared-type.js";
import {readEnums} from "./types/enum-type.js";
import {evaluate} from "./types/literal-value.js";
import type {ParameterType} from "./types/parameter-type.js";

/** What one declaration in the cell tagged `parameters` says. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** As written, or undefined when the type was inferred from the default. */
  readonly annotation: string | undefined;
  readonly keyword: "const" | "let" | "var";
  /** Whether the cell gives it a value, literal or computed. */
  readonly hasDefault: boolean;
  /** The value of a default that is a literal; undefined where it is computed. */
  readonly fallback: unknown;
  /** The comment above or beside it. */
  readonly comment: string;
}

/** Reads the parameters out of the source of their cell; nothing is evaluated. */
export function parseParameters(source: string): Parameter[] {
  // It takes a while to load, which only a notebook with parameters pays.
  const compiler = loadCompiler();
  const file = compiler.createSourceFile(
    "parameters.ts",
    source,
    compiler.ScriptTarget.ES2022,
    true,
  );
  const declared = file.statements.flatMap((statement) => {
    const isType =
      compiler.isTypeAliasDeclaration(statement) || compiler.isInterfaceDeclaration(statement);
    return isType ? [[statement.name.text, statement] as const] : [];
  });
  const enums = readEnums({ts: compiler, file});
  const scope: CellScope = {ts: compiler, file, declared: new Map(declared), enums};
  return file.statements.flatMap((statement) => readStatement(scope, statement));
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
    const read = type === undefined ? inferType(scope, initializer) : readType(scope, type);
    const {meant, text} = readDocTags(read, comment);
    return [
      {
        name: name.text,
        type: meant,
        annotation: type?.getText(scope.file),
        keyword,
        hasDefault: initializer !== undefined,
        fallback: initializer && evaluate(scope, initializer),
        comment: text,
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
  const text = comment.replace(/\s*@(integer|date|secret)\b/g, (_whole, name: string) => {
    const tag = docTags[name];
    meant = tag === undefined ? meant : retype(meant, tag.of, tag.type);
    return "";
  });
  return {meant, text: text.trim()};
}

function retype(type: ParameterType, of: string, to: ParameterType): ParameterType {
  if (type.kind === "union") {
    return {kind: "union", members: type.members.map((member) => retype(member, of, to))};
  }
  return type.kind === of ? to : type;
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
