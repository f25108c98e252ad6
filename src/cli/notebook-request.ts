import {readFileSync} from "node:fs";
import {availableParallelism} from "node:os";
import {basename, extname, join} from "node:path";
import {parse} from "yaml";
import type {BatchRequest} from "../../publish/batch/batch-request.js";
import {messageOf, ReckonError} from "../errors.js";
import type {NotebookRunFlags} from "./notebook-run-options.js";

type Values = Readonly<Record<string, unknown>>;

/**
 * What the flags ask for.
 *
 * @throws ReckonError `misuse`
 */
export function toBatchRequest(flags: NotebookRunFlags): BatchRequest {
  const {configs, index, notebook, startFromIndex} = flags;
  if (notebook === undefined) {
    throw new ReckonError("misuse", "notebook: expected a path, found none; see --help");
  }
  const {dstDir = join("results", basename(notebook, extname(notebook)))} = flags;
  return {
    notebookPath: notebook,
    dstDir,
    configs: configs === undefined ? [{}] : readConfigs(configs),
    parameterTexts: assignments(flags.parameter),
    threads: threadCount(flags.numThreads),
    skipOnError: flags.skipOnError,
    attempts: atLeastOne("--num-attempts", flags.numAttempts),
    incremental: flags.incremental ?? (configs !== undefined && !flags.force),
    allowErrors: flags.allowErrors,
    timeouts: {
      ...(flags.cellTimeout !== undefined && {
        cellMs: seconds("--cell-timeout", flags.cellTimeout),
      }),
      ...(flags.timeout !== undefined && {notebookMs: seconds("--timeout", flags.timeout)}),
    },
    ...(index !== undefined && {only: index}),
    ...(startFromIndex !== undefined && {startFrom: startFromIndex}),
  };
}

/** A list of maps from parameter names to values. */
function readConfigs(path: string): Values[] {
  const fix = "write a list with one map of parameters for each run";
  let list: unknown;
  try {
    list = parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const found = messageOf(cause).split("\n")[0] as string;
    const expected = "a JSON or YAML file";
    throw new ReckonError("misuse", {place: path, expected, found, fix}, {cause});
  }
  if (!Array.isArray(list) || list.length === 0) {
    const found = Array.isArray(list) ? "an empty list" : typeName(list);
    throw new ReckonError("misuse", {place: path, expected: "a list of configs", found, fix});
  }
  return list.map((config: unknown, i) => {
    if (typeof config !== "object" || config === null || Array.isArray(config)) {
      const place = `${path}: config ${i}`;
      throw new ReckonError("misuse", {place, expected: "a map", found: typeName(config), fix});
    }
    return config as Values;
  });
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return value === null ? "nothing" : `${typeof value === "object" ? "a map" : typeof value}`;
}

/** `name=value` each; the value is what follows the first `=`, as it is. */
function assignments(texts: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const text of texts) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      const expected = "name=value";
      throw new ReckonError("misuse", {place: "-p", expected, found: `"${text}"`});
    }
    if (Object.hasOwn(values, name)) {
      const found = `it given twice: ${values[name]}, ${value}`;
      throw new ReckonError("misuse", {place: `-p ${name}`, expected: "one value", found});
    }
    values[name] = value;
  }
  return values;
}

function threadCount(text: string): number {
  if (text === "serial") return 1;
  const count = Number(text);
  if (count === -1) return availableParallelism();
  if (Number.isInteger(count) && count >= 1) return count;
  const expected = "serial, a number from 1 on, or -1 for one per core";
  throw new ReckonError("misuse", {place: "--num-threads", expected, found: `"${text}"`});
}

function atLeastOne(place: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new ReckonError("misuse", {place, expected: "a number from 1 on", found: String(value)});
}

function seconds(place: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value * 1_000;
  throw new ReckonError("misuse", {place, expected: "seconds above 0", found: String(value)});
}
