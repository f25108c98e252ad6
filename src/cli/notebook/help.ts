import {basename, extname} from "node:path";
import process from "node:process";
import type {CommandModule} from "yargs";
import {checkTags, knownTags} from "../../../publish/notebook/file/cell-tags.js";
import {cellNumbers, cellTitles} from "../../../publish/notebook/file/cell-title.js";
import type {Notebook} from "../../../publish/notebook/file/nbformat.js";
import {readNotebook} from "../../../publish/notebook/file/read-notebook.js";
import {readParameters} from "../../../publish/notebook/parameters/apply-parameters.js";
import type {Parameter} from "../../../publish/notebook/parameters/parameter-cell.js";
import {variableOf} from "../../../publish/notebook/parameters/parameter-layer.js";
import {
  isRequired,
  parameterSchema,
} from "../../../publish/notebook/parameters/parameter-schema.js";
import {
  formatType,
  isSecret,
  type ParameterType,
} from "../../../publish/notebook/parameters/types/parameter-type.js";
import {formatTextTable} from "../console/text-table.js";

interface HelpFlags {
  readonly notebook: string;
  readonly json: boolean;
}

/** `reckon notebook help NOTEBOOK`. */
export const notebookHelpCommand: CommandModule<object, HelpFlags> = {
  command: "help <notebook>",
  describe: "what a notebook asks, its parameters and its tags",
  builder: (argv) =>
    argv
      .positional("notebook", {type: "string", demandOption: true, describe: "a notebook file"})
      .option("json", {
        type: "boolean",
        default: false,
        describe: "print the parameters as JSON Schema",
      }) as never,
  handler: async ({notebook: path, json}) => {
    const notebook = await readNotebook(path);
    checkTags(notebook, path);
    const parameters = await readParameters(notebook, {path});
    const title = titleOf(notebook) ?? basename(path, extname(path));
    const schema = () => `${JSON.stringify(parameterSchema(title, parameters), null, 2)}\n`;
    process.stdout.write(
      json ? schema() : `${title}\n\n${parametersText(parameters)}${tagsText(notebook)}`,
    );
  },
};

function titleOf({cells}: Notebook): string | undefined {
  const [first] = cells;
  return first?.cell_type === "markdown"
    ? /^#+ +(.*)$/m.exec(first.source)?.[1]?.trim()
    : undefined;
}

function parametersText(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return "It has no parameters.\n";
  const rows = parameters.map((parameter) => ({
    ...parameter,
    variable: variableOf(parameter.name),
  }));
  const table = formatTextTable(rows, [
    {title: "PARAMETER", cell: ({name}) => name},
    {title: "TYPE", cell: ({type}) => formatType(type)},
    {title: "DEFAULT", cell: defaultText},
    {title: "VARIABLE", cell: ({variable}) => variable},
    {title: "", cell: ({comment}) => comment.replace(/\s+/g, " ")},
  ]);
  const plain = parameters.find(({type}) => !isSecret(type))?.name;
  const flag = plain === undefined ? "" : `-p ${plain}=…, `;
  const secret = parameters.some(({type}) => isSecret(type))
    ? "A secret comes from its variable, from the file that VARIABLE_FILE names, or from -f.\n"
    : "";
  const give = `Give them with ${flag}-f values.yaml or their variables.\n`;
  return `${table}\n${give}${nothingText(parameters)}${secret}${unknownText(parameters)}`;
}

/** How to give nothing where the type has a word for it. */
function nothingText(parameters: readonly Parameter[]): string {
  const takers = parameters.filter(({type}) => takesNull(type));
  const [first] = takers;
  if (first === undefined) return "";
  const plain = takers.find(({type}) => !isSecret(type));
  const give = plain === undefined ? `${variableOf(first.name)}=null` : `-p ${plain.name}=null`;
  return `Where the type has null or undefined, null gives it: ${give}, or null in a file.\n`;
}

/** What becomes of values whose types only the kernel's compiler knows. */
function unknownText(parameters: readonly Parameter[]): string {
  const holdsUnknown = parameters.some(({type}) =>
    /"kind":"unknown","text"/.test(JSON.stringify(type)),
  );
  return holdsUnknown
    ? "Of a type that is not known here any JSON is taken; the notebook's cells check it.\n"
    : "";
}

function takesNull(type: ParameterType): boolean {
  return type.kind === "union"
    ? type.members.some(takesNull)
    : type.kind === "null" || type.kind === "undefined";
}

const longestDefault = 50;

function defaultText(parameter: Parameter): string {
  if (isRequired(parameter)) return "(must be given)";
  if (isSecret(parameter.type)) return "(none)";
  if (!parameter.hasDefault) return "(none)";
  const text = parameter.fallback === undefined ? "(computed)" : JSON.stringify(parameter.fallback);
  return text.length > longestDefault ? `${text.slice(0, longestDefault)}…` : text;
}

function tagsText(notebook: Notebook): string {
  const [numbers, titles] = [cellNumbers(notebook), cellTitles(notebook)];
  const rows = notebook.cells.flatMap(({metadata}, index) =>
    (metadata.tags ?? []).map((tag) => ({
      cell: numbers[index] ?? "–",
      tag,
      title: titles[index] ?? "",
    })),
  );
  if (rows.length === 0) return "";
  const meanings: Readonly<Record<string, string>> = knownTags;
  const table = formatTextTable(rows, [
    {title: "CELL", cell: ({cell}) => cell},
    {title: "UNDER", cell: ({title}) => title},
    {title: "TAG", cell: ({tag}) => tag},
    {title: "", cell: ({tag}) => meanings[tag.replace(/^timeout=.*/, "timeout=5s")] ?? ""},
  ]);
  return `\n${table}`;
}
