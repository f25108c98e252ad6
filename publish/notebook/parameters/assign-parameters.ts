import {readFileSync} from "node:fs";
import {nearestName} from "../nearest-name.js";
import {type Fit, fitText, fitValue} from "./fit-value.js";
import {type Misfit, misfitsOf, misfitsOfText} from "./misfit.js";
import type {Parameter} from "./parameter-cell.js";
import {type GivenValue, type ParameterLayer, readLayer, variableOf} from "./parameter-layer.js";
import {isRequired} from "./parameter-schema.js";
import {formatType, holdsSecret, isSecret, type ParameterType} from "./types/parameter-type.js";

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
      const {name} = parameter;
      const fitted = fit(parameter, given);
      if ("misfits" in fitted) {
        refused.add(name);
        complaints.push(
          ...fitted.misfits.map(({path, text}) => `parameter ${name}${path}: ${text}`),
        );
      } else {
        assigned.set(name, {parameter, value: fitted.value, origin: given.origin});
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
    const found = "one inside another value; give it a declaration of its own";
    return holdsSecret(type)
      ? [`${place}: expected a secret to be a parameter, found ${found}`]
      : [];
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

type Fitted = NonNullable<Fit> | {readonly misfits: readonly Misfit[]};

/** The checked value, or what is wrong with it. */
function fit({name, type}: Parameter, {given, isOpen}: GivenValue): Fitted {
  if (isSecret(type) && isOpen) {
    const expected = "expected a secret from the environment or a file";
    return refuse(`${expected}, found it where others can read it; ${howToGiveSecret(name)}`);
  }
  if (type.kind === "foreign") {
    const expected = "expected a type that can be given";
    return refuse(`${expected}, found ${type.text}; declare ${type.instead}`);
  }
  if ("file" in given) {
    return fitFile(type, given.file);
  }
  return "text" in given
    ? (fitText(type, given.text) ?? {misfits: misfitsOfText(type, given.text)})
    : (fitValue(type, given.value) ?? {misfits: misfitsOf(type, given.value)});
}

function refuse(text: string): Fitted {
  return {misfits: [{path: "", text}]};
}

/** A line break at the end of the file does not count. */
function fitFile(type: ParameterType, path: string): Fitted {
  if (!isSecret(type)) {
    return refuse("expected a value, found the path of a file; only a secret is read from one");
  }
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    return refuse(`expected a readable file with a secret at ${path}, found ${code ?? "none"}`);
  }
  const found = `expected ${formatType(type)} in ${path}, found a shorter text`;
  return fitText(type, text) ?? refuse(found);
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
