import {nearestName} from "../nearest-name.js";
import type {Parameter} from "./parameter-cell.js";

/** Values from one place; of several layers the last one that names a parameter counts. */
export interface ParameterLayer {
  /** The place, in the words of the record: `params.yaml`, `command line`. */
  readonly origin: string;
  /** JSON values by name. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Text by name: `5` is a number where a number is wanted. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Environment variables `RECKON_PARAM_…`; others are ignored. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Others can read this place, as they can a command line: no secret is taken from it. */
  readonly isOpen?: boolean;
}

/** One value as a layer gives it. */
export interface GivenValue {
  readonly name: string;
  readonly given: {readonly value: unknown} | {readonly text: string} | {readonly file: string};
  readonly origin: string;
  readonly isOpen: boolean;
}

const prefix = "RECKON_PARAM_";

/** The variable that gives a parameter a value: `runDir` is in `RECKON_PARAM_RUN_DIR`. */
export function variableOf(name: string): string {
  return prefix + name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}

/** What a layer gives, in its order; and the variables that name no parameter, as complaints. */
export function readLayer(layer: ParameterLayer, known: readonly Parameter[]) {
  const {isOpen = false, origin} = layer;
  const values = Object.entries(layer.values ?? {}).map(([name, value]): GivenValue => {
    return {name, given: {value}, origin, isOpen};
  });
  const texts = Object.entries(layer.texts ?? {}).map(([name, text]): GivenValue => {
    return {name, given: {text}, origin, isOpen};
  });
  const complaints: string[] = [];
  const variables = Object.entries(layer.variables ?? {}).flatMap(([variable, text]) => {
    if (text === undefined || !variable.startsWith(prefix)) return [];
    const read = readVariable(variable, text, known);
    if (typeof read !== "string") return [{...read, origin: `${origin} ${variable}`, isOpen}];
    complaints.push(read);
    return [];
  });
  return {given: [...values, ...texts, ...variables], complaints};
}

/** Upper and lower case, dashes and underscores are alike: `RUN_DIR` is `runDir`. */
function plainName(name: string): string {
  return name.replaceAll("_", "").toUpperCase();
}

function readVariable(variable: string, text: string, known: readonly Parameter[]) {
  const asked = variable.slice(prefix.length);
  const find = (name: string) => {
    const exact = known.filter((parameter) => parameter.name === name);
    const alike = known.filter((parameter) => plainName(parameter.name) === plainName(name));
    return exact.length > 0 ? exact : alike;
  };
  const found = find(asked);
  const [only] = found;
  if (only !== undefined) {
    const names = found.map(({name}) => prefix + name).join(" and ");
    return found.length === 1
      ? {name: only.name, given: {text}}
      : `environment ${variable}: expected the name of one parameter, found ${names}`;
  }
  const [secret] = asked.endsWith("_FILE") ? find(asked.slice(0, -"_FILE".length)) : [];
  if (secret !== undefined) {
    return {name: secret.name, given: {file: text}};
  }
  const variables = known.map(({name}) => variableOf(name));
  const near = nearestName(variable, variables);
  const hint = near === undefined ? "unset it" : `did you mean ${near}?`;
  const wanted = variables.length === 0 ? "no parameter at all" : `one of ${variables.join(", ")}`;
  return `environment ${variable}: expected ${wanted}, found an unknown name; ${hint}`;
}
