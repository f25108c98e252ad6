import {existsSync, statSync} from "node:fs";
import {dirname, resolve} from "node:path";
import process from "node:process";
import {ReckonError} from "../errors.js";
import {readDeskFile, shownPathOf, treeOverrides} from "./desk-file.js";
import {environmentOverrides} from "./environment-config.js";
import type {Override} from "./override.js";
import {type Environment, readGivenSecret, readSecretFile, type Secret} from "./secrets.js";

/** The file in which a desk keeps its own settings. */
export const DESK_FILE_NAME = "reckon.config.yaml";

/** Something the desk's file names, and where: `reckon.config.yaml:3`. */
export interface DeskEntry {
  readonly text: string;
  readonly place: string;
}

/** What a desk adds to this kit and sets in it, from its file and from the environment. */
export interface Desk {
  /** Of the file; undefined when there is none. */
  readonly path: string | undefined;
  /** The file's folder, else the working directory: what its paths are relative to. */
  readonly dir: string;
  /** Paths (a `*` in the last part stands for anything) and package names with models. */
  readonly models: readonly DeskEntry[];
  /** Folders with notebooks of the desk, full paths. */
  readonly notebookDirs: readonly string[];
  /** The folder of the stores; undefined when neither file nor environment says. */
  readonly dataDir: string | undefined;
  readonly databaseUrlFile: DeskEntry | undefined;
  /** Config values for every model, from the file. */
  readonly defaults: readonly Override[];
  /** Config values for one model by its id, from the file. */
  readonly modelConfig: ReadonlyMap<
    string,
    {readonly place: string; readonly overrides: readonly Override[]}
  >;
  /** Config values from `RECKON_CONFIG__…`. */
  readonly environment: readonly Override[];
}

/**
 * The path of the desk's file: in the folder that `RECKON_CONFIG_DIR` names, else in the working
 * directory; undefined when that has none.
 *
 * @throws ReckonError `misuse` when `RECKON_CONFIG_DIR` names a folder without it
 */
export function findDeskFile(env: Environment, cwd: string): string | undefined {
  const given = env.RECKON_CONFIG_DIR ?? "";
  const path = resolve(cwd, given, DESK_FILE_NAME);
  if (existsSync(path) && statSync(path).isFile()) {
    return path;
  }
  if (given !== "") {
    throw new ReckonError("misuse", {
      place: "environment RECKON_CONFIG_DIR",
      expected: `a folder with a ${DESK_FILE_NAME}`,
      found: given,
    });
  }
  return undefined;
}

/**
 * The desk as file and environment say now; a desk without either adds and sets nothing.
 *
 * @throws ReckonError `misuse` or `bad-data`, with file and line
 */
export function readDesk(env: Environment, cwd: string): Desk {
  const path = findDeskFile(env, cwd);
  const dir = path === undefined ? cwd : dirname(path);
  const own = path === undefined ? NOTHING : readOwn(path, {dir, cwd});
  const dataDir = env.RECKON_DATA_DIR;
  return {
    ...own,
    path,
    dir,
    dataDir: dataDir === undefined || dataDir === "" ? own.dataDir : resolve(cwd, dataDir),
    environment: environmentOverrides(env),
  };
}

/** The desk this process works for. */
export function currentDesk(): Desk {
  return readDesk(process.env, process.cwd());
}

/** What the desk sets for a model, weakest first: file, file for this model, environment. */
export function deskOverrides(desk: Desk, modelId: string | undefined): Override[] {
  const own = modelId === undefined ? undefined : desk.modelConfig.get(modelId);
  return [...desk.defaults, ...(own?.overrides ?? []), ...desk.environment];
}

/**
 * The URL of the database server: `RECKON_DATABASE_URL`, else the file that the variable
 * `RECKON_DATABASE_URL_FILE` or the desk's `database_url_file` names; undefined when none is set.
 *
 * @throws ReckonError `misuse` when it is empty; `bad-data` when the file cannot be read
 */
export function databaseUrlOf(desk: Desk, env: Environment): Secret | undefined {
  const given = readGivenSecret("RECKON_DATABASE_URL", env);
  if (given !== undefined || desk.databaseUrlFile === undefined) {
    return given;
  }
  const {text, place} = desk.databaseUrlFile;
  return readSecretFile(resolve(desk.dir, text), `${place} database_url_file`);
}

type OwnSettings = Omit<Desk, "path" | "dir" | "environment">;

const NOTHING: OwnSettings = {
  models: [],
  notebookDirs: [],
  dataDir: undefined,
  databaseUrlFile: undefined,
  defaults: [],
  modelConfig: new Map(),
};

function readOwn(
  path: string,
  {dir, cwd}: {readonly dir: string; readonly cwd: string},
): OwnSettings {
  const file = readDeskFile(path, shownPathOf(path, cwd));
  const {models, notebooks, data_dir, database_url_file, defaults, model_config} = file.settings;
  return {
    models: (models ?? []).map((text, i) => ({text, place: file.placeOf(["models", String(i)])})),
    notebookDirs: (notebooks ?? []).map((folder, i) =>
      checkFolder(resolve(dir, folder), file.placeOf(["notebooks", String(i)])),
    ),
    dataDir: data_dir ? resolve(dir, data_dir) : undefined,
    databaseUrlFile: database_url_file
      ? {text: database_url_file, place: file.placeOf(["database_url_file"])}
      : undefined,
    defaults: treeOverrides(file, defaults ?? {}, ["defaults"]),
    modelConfig: new Map(
      Object.entries(model_config ?? {}).map(([id, tree]) => {
        const above = ["model_config", id];
        const overrides = treeOverrides(file, tree ?? {}, above);
        return [id, {place: file.placeOf(above), overrides}];
      }),
    ),
  };
}

function checkFolder(path: string, place: string): string {
  if (existsSync(path) && statSync(path).isDirectory()) {
    return path;
  }
  throw new ReckonError("misuse", {
    place: `${place} notebooks`,
    expected: "a folder with notebooks",
    found: `none at ${path}`,
  });
}
