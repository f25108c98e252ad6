import {readFileSync} from "node:fs";
import {parse} from "yaml";
import {messageOf, ReckonError} from "../../errors.js";

type Values = Readonly<Record<string, unknown>>;

/**
 * The list in a file: for each run a map from parameter names to values.
 *
 * @throws ReckonError `misuse`
 */
export function readConfigs(path: string): Values[] {
  const fix = "write a list with one map of parameters for each run";
  const list = readYaml(path, fix);
  if (!Array.isArray(list) || list.length === 0) {
    const found = Array.isArray(list) ? "an empty list" : typeName(list);
    throw new ReckonError("misuse", {place: path, expected: "a list of configs", found, fix});
  }
  return list.map((config: unknown, i) => mapAt(config, `${path}: config ${i}`, fix));
}

/**
 * The map from parameter names to values in a file.
 *
 * @throws ReckonError `misuse`
 */
export function readParameterFile(path: string): Values {
  const fix = "write one map from parameter names to values";
  return mapAt(readYaml(path, fix), path, fix);
}

function readYaml(path: string, fix: string): unknown {
  try {
    return parse(readFileSync(path, "utf8")) as unknown;
  } catch (cause) {
    const found = messageOf(cause).split("\n")[0] as string;
    const expected = "a JSON or YAML file";
    throw new ReckonError("misuse", {place: path, expected, found, fix}, {cause});
  }
}

function mapAt(value: unknown, place: string, fix: string): Values {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Values;
  }
  throw new ReckonError("misuse", {place, expected: "a map", found: typeName(value), fix});
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return value === null ? "nothing" : `${typeof value === "object" ? "a map" : typeof value}`;
}

/** `name=value` each; the value is what follows the first `=`, as it is. */
export function assignments(texts: readonly string[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const text of texts) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      const expected = "name=value";
      throw new ReckonError("misuse", {place: "-p", expected, found: `"${text}"`});
    }
    if (values.has(name)) {
      const found = `it given twice: ${values.get(name)}, ${value}`;
      throw new ReckonError("misuse", {place: `-p ${name}`, expected: "one value", found});
    }
    values.set(name, value);
  }
  return Object.fromEntries(values);
}
