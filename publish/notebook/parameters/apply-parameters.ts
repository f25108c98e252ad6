import {PublishError} from "../../errors.js";
import {type CodeCell, hasTag, type Notebook} from "../nbformat.js";
import {nearestName} from "../nearest-name.js";
import type {UsedParameter} from "../run-outcome.js";
import {type Parameter, parseParameters} from "./parameter-cell.js";
import {toSource} from "./parameter-source.js";
import {DateValue, type Fit, fitText, fitValue, formatType} from "./parameter-type.js";

const parametersTag = "parameters";
const injectedTag = "injected-parameters";

export interface GivenParameters {
  /** JSON values by name. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Text by name, from a command line. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface ParametrizedNotebook {
  /** With a cell that sets the given values; the notebook itself when none were given. */
  readonly notebook: Notebook;
  readonly parameters: readonly UsedParameter[];
}

interface Assignment {
  readonly parameter: Parameter;
  readonly value: unknown;
}

/** The parameters that the cell tagged `parameters` declares; none without such a cell. */
export async function readParameters(notebook: Notebook): Promise<Parameter[]> {
  const cell = parametersCell(notebook);
  return cell === undefined ? [] : parseParameters(cell.source);
}

/**
 * Checks the given values against the notebook's parameters and puts a cell that sets them right
 * after the one that declares them, in place of an older such cell.
 *
 * @param path names the notebook in complaints
 * @throws PublishError `bad-parameter` with one line for each value that is refused
 */
export async function applyParameters(
  notebook: Notebook,
  given: GivenParameters,
  path: string,
): Promise<ParametrizedNotebook> {
  const known = await readParameters(notebook);
  const {assignments, complaints} = assign(known, given, parametersCell(notebook) !== undefined);
  if (complaints.length > 0) {
    const message = complaints.map((complaint) => `${path}: ${complaint}`).join("\n");
    throw new PublishError("bad-parameter", message);
  }
  const byName = new Map(assignments.map(({parameter, value}) => [parameter.name, value]));
  return {
    notebook: assignments.length === 0 ? notebook : inject(notebook, assignments),
    parameters: known.map((parameter) => toUsed(parameter, byName)),
  };
}

function parametersCell(notebook: Notebook): CodeCell | undefined {
  return notebook.cells.find((cell): cell is CodeCell => isTagged(cell, parametersTag));
}

function isTagged(cell: Notebook["cells"][number], tag: string): boolean {
  return cell.cell_type === "code" && hasTag(cell, tag);
}

function assign(known: readonly Parameter[], given: GivenParameters, hasCell: boolean) {
  const byName = new Map(known.map((parameter) => [parameter.name, parameter]));
  const assignments: Assignment[] = [];
  const complaints: string[] = [];
  const take = (name: string, found: unknown, fit: (parameter: Parameter) => Fit) => {
    const parameter = byName.get(name);
    const fitted = parameter === undefined ? null : fit(parameter);
    if (parameter === undefined) {
      complaints.push(unknownName(name, known, hasCell));
    } else if (fitted === null) {
      const type = formatType(parameter.type);
      complaints.push(`parameter ${name}: expected ${type}, found ${formatFound(found)}`);
    } else {
      assignments.push({parameter, value: fitted.value});
    }
  };
  for (const [name, value] of Object.entries(given.values)) {
    take(name, value, ({type}) => fitValue(type, value));
  }
  for (const [name, text] of Object.entries(given.texts)) {
    if (Object.hasOwn(given.values, name)) {
      complaints.push(`parameter ${name}: expected one value, found two; give it once`);
    } else {
      take(name, text, ({type}) => fitText(type, text));
    }
  }
  return {assignments, complaints};
}

function unknownName(name: string, known: readonly Parameter[], hasCell: boolean): string {
  if (!hasCell) {
    const fix = `tag the cell that declares it "${parametersTag}"`;
    return `parameter ${name}: expected a cell tagged "${parametersTag}", found none; ${fix}`;
  }
  const names = known.map((parameter) => parameter.name);
  const near = nearestName(name, names);
  const list = names.length === 0 ? "no parameter at all" : `one of ${names.join(", ")}`;
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return `parameter ${name}: expected ${list}, found an unknown name${hint}`;
}

/** A value as JSON shows it, shortened, with the type that JSON would lose. */
function formatFound(value: unknown): string {
  if (typeof value === "number" || value === undefined) {
    return Object.is(value, -0) ? "-0" : String(value);
  }
  if (typeof value === "bigint" || typeof value === "function" || typeof value === "symbol") {
    return `a ${typeof value}`;
  }
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Each value as a declaration anew, which a later cell may make again, with its annotation. */
function inject(notebook: Notebook, assignments: readonly Assignment[]): Notebook {
  const lines = assignments.map(({parameter: {annotation, keyword, name}, value}) => {
    const type = annotation === undefined ? "" : `: ${annotation}`;
    return `${keyword} ${name}${type} = ${toSource(value)};`;
  });
  const kept = notebook.cells.filter((cell) => !isTagged(cell, injectedTag));
  const at = kept.findIndex((cell) => isTagged(cell, parametersTag)) + 1;
  const cell: CodeCell = {
    cell_type: "code",
    id: freshId(kept.map(({id}) => id)),
    metadata: {tags: [injectedTag]},
    source: ["// Parameters of this run", ...lines].join("\n"),
    execution_count: null,
    outputs: [],
  };
  return {...notebook, cells: [...kept.slice(0, at), cell, ...kept.slice(at)]};
}

function freshId(taken: readonly string[]): string {
  let id = injectedTag;
  for (let n = 2; taken.includes(id); ++n) {
    id = `${injectedTag}-${n}`;
  }
  return id;
}

function toUsed(parameter: Parameter, values: ReadonlyMap<string, unknown>): UsedParameter {
  const {annotation, comment, fallback, name, type} = parameter;
  const given = values.has(name);
  const value = plain(given ? values.get(name) : fallback);
  return {name, type: annotation ?? formatType(type), comment, value, given};
}

/** Dates as the text they were given as. */
function plain(value: unknown): unknown {
  if (value instanceof DateValue) {
    return value.iso;
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
    : value;
}
