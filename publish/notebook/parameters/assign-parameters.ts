import {readFileSync} from "node:fs";
import {nearestName} from "../nearest-name.js";
import {type Fit, fitText, fitValue} from "./fit-value.js";
import type {Parameter} from "./parameter-cell.js";
import {type GivenValue, type ParameterLayer, readLayer, variableOf} from "./parameter-layer.js";
import {isRequired} from "./parameter-schema.js";
import {formatType, isSecret, type ParameterType} from "./types/parameter-type.js";

/** The value that a run uses for a parameter, in place of its default. */
export interface Assignment {
  readonly parameter: Parameter;
  /** JSON, with dates as `DateValue` and a secret as `SecretValue`. */
  readonly value: unknown;
  readonly origin: string;
}

/** Of several layers the last one counts; each complaint is one line without the notebook. */
export function assignParameters(
  known: readonly Parameter[],
  layers: readonly ParameterLayer[],
  hasCell: boolean,
): {readonly assignments: readonly Assignment[]; readonly complaints: readonly string[]} {
  const byName = new Map(known.map((parameter) => [parameter.name, parameter]));
  const assigned = new Map<string, Assignment>();
  const refused = new Set<string>();
  const complaints: string[] = known.flatMap(complainOfDeclaration);
  for (const layer of layers) {
    const read = readLayer(layer, hasCell ? known : []);
    complaints.push(...read.complaints);
    for (const given of read.given) {
      const parameter = byName.get(given.name);
      if (parameter === undefined) {
        complaints.push(unknownName(given.name, known, hasCell));
        continue;
      }
      const fitted = fit(parameter, given);
      if (typeof fitted === "string") {
        refused.add(parameter.name);
        complaints.push(`parameter ${parameter.name}: ${fitted}`);
      } else {
        assigned.set(parameter.name, {parameter, value: fitted.value, origin: given.origin});
      }
    }
  }
  const assignments = known.flatMap(({name}) => assigned.get(name) ?? []);
  const missing = known.filter(
    (parameter) =>
      isRequired(parameter) && !assigned.has(parameter.name) && !refused.has(parameter.name),
  );
  return {assignments, complaints: [...complaints, ...missing.map(missingValue)]};
}

/** What is wrong with the declaration itself. */
function complainOfDeclaration({name, type, fallback, fault, hasDefault}: Parameter): string[] {
  const place = `parameter ${name}`;
  if (fault !== undefined) {
    return [`${place}: ${fault}`];
  }
  if (!isSecret(type)) {
    const holds = JSON.stringify(type).includes('"kind":"secret"');
    const found = "one inside another value; give it a declaration of its own";
    return holds ? [`${place}: expected a secret to be a parameter, found ${found}`] : [];
  }
  // One that is computed may be the secret itself, which nothing would hide.
  const isBare = !hasDefault || fallback === null || fallback === "";
  const fix = `leave it empty and set ${variableOf(name)}`;
  return isBare ? [] : [`${place}: expected no default for a secret, found one; ${fix}`];
}

function missingValue({name, type}: Parameter): string {
  const fix = isSecret(type) ? howToGiveSecret(name) : `-p ${name}=…`;
  return `parameter ${name}: expected ${formatType(type)}, found nothing; give it: ${fix}`;
}

function howToGiveSecret(name: string): string {
  const variable = variableOf(name);
  return `set ${variable}, or ${variable}_FILE to the path of a file that holds it`;
}

/** The checked value, or the rest of a complaint. */
function fit({name, type}: Parameter, {given, isOpen}: GivenValue): NonNullable<Fit> | string {
  if (isSecret(type) && isOpen) {
    const expected = "expected a secret from the environment or a file";
    return `${expected}, found it where others can read it; ${howToGiveSecret(name)}`;
  }
  if (type.kind === "foreign") {
    return `expected a type that can be given, found ${type.text}; declare ${type.instead}`;
  }
  if ("file" in given) {
    return fitFile(type, given.file);
  }
  const fitted = "text" in given ? fitText(type, given.text) : fitValue(type, given.value);
  const found = "text" in given ? given.text : given.value;
  return fitted ?? `expected ${formatType(type)}, found ${foundIn(type, found)}`;
}

function foundIn(type: ParameterType, found: unknown): string {
  if (isSecret(type)) return typeof found === "string" ? "a shorter text" : `a ${typeof found}`;
  const near = typeof found === "string" ? nearestName(found, literalsOf(type)) : undefined;
  return formatFound(found) + (near === undefined ? "" : `; did you mean "${near}"?`);
}

function literalsOf(type: ParameterType): string[] {
  if (type.kind === "union") return type.members.flatMap(literalsOf);
  if (type.kind === "enum") return type.members.flatMap(({name, value}) => [name, String(value)]);
  return type.kind === "literal" && typeof type.value === "string" ? [type.value] : [];
}

/** A line break at the end of the file does not count. */
function fitFile(type: ParameterType, path: string): NonNullable<Fit> | string {
  if (!isSecret(type)) {
    return "expected a value, found the path of a file; only a secret is read from one";
  }
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    return `expected a readable file with a secret at ${path}, found ${code ?? "none"}`;
  }
  return fitText(type, text) ?? `expected ${formatType(type)} in ${path}, found a shorter text`;
}

function unknownName(name: string, known: readonly Parameter[], hasCell: boolean): string {
  if (!hasCell) {
    const fix = 'tag the cell that declares it "parameters"';
    return `parameter ${name}: expected a cell tagged "parameters", found none; ${fix}`;
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
