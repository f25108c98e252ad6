import {dirname, resolve} from "node:path";
import {PublishError} from "../../errors.js";
import {importFolder} from "../../kernel/package-root.js";
import {cellNames} from "../file/cell-title.js";
import {type CodeCell, hasTag, type Notebook} from "../file/nbformat.js";
import type {UsedParameter} from "../run-outcome.js";
import {type Assignment, assignParameters} from "./assign-parameters.js";
import {injectParameters, secretVariables} from "./inject-parameters.js";
import {type Parameter, parseParameters} from "./parameter-cell.js";
import type {ParameterLayer} from "./parameter-layer.js";
import {DateValue, EnumValue, formatType, isSecret, SecretValue} from "./types/parameter-type.js";

export interface ParametrizedNotebook {
  /** With a cell that sets the given values; the notebook itself when none were given. */
  readonly notebook: Notebook;
  readonly parameters: readonly UsedParameter[];
  /** By the variable of the kernel's environment that must hold it. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Where a notebook lies, and the folder its kernel runs in if that is not the usual one. */
export interface NotebookPlace {
  readonly path: string;
  readonly cwd?: string | undefined;
}

/**
 * The parameters that the cell tagged `parameters` declares; none without such a cell.
 *
 * @param place tells what its imports mean; without it their types are not known
 */
export async function readParameters(
  notebook: Notebook,
  place?: NotebookPlace,
): Promise<Parameter[]> {
  const cell = parametersCell(notebook);
  if (cell === undefined) return [];
  const before = notebook.cells.slice(0, notebook.cells.indexOf(cell));
  const code = before.filter(({cell_type}) => cell_type === "code");
  const folder = place && (place.cwd ?? importFolder(dirname(resolve(place.path))));
  const earlier = code.map(({source}) => source).join("\n");
  return parseParameters(cell.source, undefined, {earlier, folder});
}

/**
 * Checks the given values against the notebook's parameters and puts a cell that sets them right
 * after the one that declares them, in place of an older such cell.
 *
 * @param layers the first one is the weakest
 * @param place its path names the notebook in complaints
 * @throws PublishError `bad-parameter` with one line for each value that is refused
 */
export async function applyParameters(
  notebook: Notebook,
  layers: readonly ParameterLayer[],
  place: string | NotebookPlace,
): Promise<ParametrizedNotebook> {
  const where = typeof place === "string" ? {path: place} : place;
  const known = await readParameters(notebook, where);
  const hasCell = parametersCell(notebook) !== undefined;
  const {assignments, complaints} = assignParameters(known, layers, hasCell);
  const secrets = secretVariables(assignments);
  const all = [...complaints, ...exposures(notebook, assignments, Object.values(secrets))];
  if (all.length > 0) {
    const message = all.map((complaint) => `${where.path}: ${complaint}`).join("\n");
    throw new PublishError("bad-parameter", message);
  }
  const byName = new Map(assignments.map((assignment) => [assignment.parameter.name, assignment]));
  return {
    notebook: assignments.length === 0 ? notebook : injectParameters(notebook, assignments),
    parameters: known.map((parameter) => toUsed(parameter, byName.get(parameter.name))),
    secrets,
  };
}

function parametersCell(notebook: Notebook): CodeCell | undefined {
  return notebook.cells.find(
    (cell): cell is CodeCell => cell.cell_type === "code" && hasTag(cell, "parameters"),
  );
}

/** Places that are published as they stand and hold what must not be seen. */
function exposures(
  notebook: Notebook,
  assignments: readonly Assignment[],
  secrets: readonly string[],
): string[] {
  const holds = (value: unknown) => {
    const text = JSON.stringify(value) ?? "";
    return secrets.some((secret) => text.includes(JSON.stringify(secret).slice(1, -1)));
  };
  const fix = "take it out and read the secret's own parameter";
  const values = assignments
    .filter(({value}) => holds(value))
    .map(({parameter: {name}}) => `parameter ${name}: expected no secret in it, found one; ${fix}`);
  const names = cellNames(notebook);
  const cells = notebook.cells.flatMap(({source, metadata}, index) =>
    holds([source, metadata]) ? [`${names[index]}: expected no secret, found one; ${fix}`] : [],
  );
  return [...values, ...cells];
}

function toUsed(parameter: Parameter, assignment: Assignment | undefined): UsedParameter {
  const {annotation, comment, fallback, name, type} = parameter;
  const used = {name, type: annotation ?? formatType(type), comment};
  const given = {given: assignment !== undefined, origin: assignment?.origin ?? "default"};
  return isSecret(type)
    ? {...used, value: undefined, ...given, isSecret: true}
    : {...used, value: plain(assignment === undefined ? fallback : assignment.value), ...given};
}

/** Dates and members of enums as what they are in JSON. */
function plain(value: unknown): unknown {
  if (value instanceof DateValue || value instanceof EnumValue || value instanceof SecretValue) {
    return value.toJSON();
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
    : value;
}
