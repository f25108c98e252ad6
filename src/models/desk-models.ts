import {spawnSync} from "node:child_process";
import {existsSync, readdirSync, readFileSync, statSync} from "node:fs";
import {createRequire} from "node:module";
import {basename, dirname, join, relative, resolve} from "node:path";
import process from "node:process";
import {z} from "zod";
import type {Desk, DeskEntry} from "../config/desk-config.js";
import {messageOf, ReckonError} from "../errors.js";
import type {Model} from "./model.js";

/** Reading one file takes Node a moment. */
const CHECK_MS = 10_000;

/** A model of the desk and the module it comes from. */
export interface DeskModel {
  readonly model: Model;
  /** A path from the desk's folder, or the name of a package. */
  readonly source: string;
}

/** What a module may give as a model; what its `dag` returns is checked when it is built. */
const modelSchema = z.object({
  id: z
    .string()
    .regex(/^[A-Za-z]\w*$/, "letters, digits and _, a letter first")
    .refine((id) => !id.includes("_DagBuilder"), "an id without _DagBuilder"),
  aliases: z.array(z.string().min(1)).optional(),
  summary: z.string().min(1),
  fewestInstruments: z.number().int().positive().optional(),
  config: z.record(z.string(), z.json()),
  dag: z.custom<Model["dag"]>((value) => typeof value === "function", "a function"),
});

/** What a desk's file names: models, and what is wrong with the modules that give none. */
export interface DeskModels {
  readonly models: readonly DeskModel[];
  /**
   * `bad-data` each, naming file, line and module: there is none, it does not load, it exports no
   * model, or what it exports is not quite one.
   */
  readonly broken: readonly ReckonError[];
}

/**
 * The models that a desk's file names, in its order. A module gives them as an array `models`, or
 * as exported values; it may be an ES module without top-level `await`, or a CommonJS one. One
 * that is broken does not keep the others from being used.
 */
export function loadDeskModels(desk: Desk): DeskModels {
  const models: DeskModel[] = [];
  const broken: ReckonError[] = [];
  const attempt = (place: string, work: () => void) => {
    try {
      work();
    } catch (error) {
      broken.push(error instanceof ReckonError ? error : unreadable(place, error));
    }
  };
  for (const entry of desk.models) {
    attempt(entry.place, () => {
      for (const source of modulesOf(desk, entry)) {
        attempt(`${entry.place}, ${source}`, () => {
          const found = modelsOf(loadModule(desk, source, entry), `${entry.place}, ${source}`);
          models.push(...found.map((model) => ({model, source})));
        });
      }
    });
  }
  return {models, broken};
}

/** A model's own code may fail while it is looked at: a getter, for example. */
function unreadable(place: string, cause: unknown): ReckonError {
  const complaint = {place, expected: "a model that can be looked at", found: messageOf(cause)};
  return new ReckonError("bad-data", complaint, {cause});
}

/** A file, with or without `./` before it, the files that a `*` fits, or a package. */
function modulesOf({dir}: Desk, {text, place}: DeskEntry): string[] {
  if (!text.includes("*")) {
    const path = resolve(dir, text);
    const isFile = existsSync(path) && statSync(path).isFile();
    return [isFile ? `./${relative(dir, path)}` : text];
  }
  const folder = resolve(dir, dirname(text));
  const [before, after] = basename(text).split("*") as [string, string];
  const isFit = (name: string) =>
    name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
  const found = namesIn(folder).filter(isFit).sort();
  if (found.length === 0) {
    throw new ReckonError("bad-data", {
      place: `${place} models`,
      expected: `files that fit ${text}`,
      found: `none in ${folder}`,
    });
  }
  return found.map((name) => `./${relative(dir, join(folder, name))}`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The exports of a module, found as an import in the desk's folder would find it. */
function loadModule({dir}: Desk, source: string, {place}: DeskEntry): object {
  const load = createRequire(join(dir, "reckon.config.yaml"));
  let path = source;
  try {
    path = load.resolve(source);
    return load(path) as object;
  } catch (cause) {
    const [message = ""] = messageOf(cause).split("\n");
    const line = lineOf(cause, path);
    throw new ReckonError(
      "bad-data",
      {
        place: `${place} models`,
        expected: `a module ${source} that loads`,
        found: line === undefined ? message : `in line ${line}: ${message}`,
        fix: fixOf(message, {dir, line}),
      },
      {cause},
    );
  }
}

function fixOf(
  message: string,
  {dir, line}: {readonly dir: string; readonly line: string | undefined},
): string {
  if (/package 'reckon'/.test(message)) {
    return (
      `\`reckon model new ID --dst-dir ${dir}\` links it there; or install it there, or ` +
      "`npm link` it"
    );
  }
  if (/^Cannot find (module|package)/.test(message)) {
    return "name a file of compiled JavaScript, from this file's folder, or a package";
  }
  return line === undefined ? "mend that file" : "mend that line";
}

/** The line of `path` at which loading stopped, where that is known. */
function lineOf(cause: unknown, path: string): string | undefined {
  if (!(cause instanceof Error)) {
    return undefined;
  }
  return cause.name === "SyntaxError"
    ? syntaxErrorLine(path)
    : cause.stack?.split(`${path}:`)[1]?.match(/^\d+/)?.[0];
}

/** An error of syntax does not say where it is until Node is asked to check the file alone. */
function syntaxErrorLine(path: string): string | undefined {
  const input = readFileSync(path, "utf8");
  const type = /^\s*(import|export)\b/m.test(input) ? "module" : "commonjs";
  const {stderr} = spawnSync(process.execPath, ["--check", `--input-type=${type}`, "-"], {
    input,
    encoding: "utf8",
    timeout: CHECK_MS,
  });
  return /^\[stdin\]:(\d+)/m.exec(stderr)?.[1];
}

function modelsOf(exported: object, place: string): Model[] {
  const {models} = exported as {models?: unknown};
  const values = Array.isArray(models) ? models : Object.values(exported).filter(isModelLike);
  if (values.length === 0) {
    throw new ReckonError("bad-data", {
      place,
      expected: "an exported model, or an array of them named models",
      found: `exports: ${Object.keys(exported).join(", ") || "none"}`,
    });
  }
  return [...new Set(values)].map((value) => checkModel(value, place));
}

/** Anything with a DAG means to be a model; what else a module exports is its own affair. */
function isModelLike(value: unknown): boolean {
  return typeof value === "object" && value !== null && "dag" in value;
}

function checkModel(value: unknown, place: string): Model {
  const result = modelSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0] as z.core.$ZodIssue;
    const {id} = (value ?? {}) as {id?: unknown};
    const part = issue.path.join(".") || "a model";
    throw new ReckonError("bad-data", {
      place: typeof id === "string" ? `${place}, model ${id}` : place,
      expected: `${part}: ${issue.message.replace(/^.*expected /, "")}`,
      found: "something else or nothing",
    });
  }
  return value as Model;
}
