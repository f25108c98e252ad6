import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {basename, extname} from "node:path";
import {PublishError} from "../errors.js";
import {isPassedOver, type TagChoice} from "../notebook/file/cell-tags.js";
import {parseNotebook, readNotebookText} from "../notebook/file/read-notebook.js";
import {prepareRun} from "../notebook/prepare-run.js";
import type {UsedParameter} from "../notebook/run-outcome.js";
import {configFiles} from "../result/record/config-files.js";
import type {RunRecord} from "../result/record/run-record-schema.js";
import {resultPaths} from "../result/result-folder.js";
import {sha256} from "../sha256.js";
import {lookUp} from "./batch-cache.js";
import type {BatchRequest} from "./batch-request.js";
import type {PlannedRun} from "./planned-run.js";

/**
 * Checks everything that can be known before a kernel starts: each config against the types of the
 * notebook's parameters. Changes nothing.
 *
 * @throws PublishError `bad-notebook`, or `bad-parameter` naming the config
 */
export async function planBatch(request: BatchRequest): Promise<PlannedRun[]> {
  const {configs, dstDir, incremental = true, notebookPath} = request;
  const text = await readNotebookText(notebookPath);
  const source = parseNotebook(text, notebookPath);
  const name = request.name ?? basename(notebookPath, extname(notebookPath));
  const plan: PlannedRun[] = [];
  for (const index of selected(request)) {
    const one = withConfig(request, index);
    const {cacheKey, kept} = await lookUp(source, one);
    // What a run in the cache was given was checked for that run.
    const prepared = kept === null ? prepareRun(source, one) : Promise.resolve(usedIn(kept));
    const {parameters} = await prepared.catch((error: unknown) => {
      throw configs.length > 1 ? inConfig(index, error) : error;
    });
    const paths = resultPaths(dstDir, {name, index, startedAt: 0});
    const {json} = configFiles(parameters, {});
    // The cache looks at more than a marker tells.
    const mayBeDone = incremental && request.cache === undefined;
    const isDone =
      mayBeDone && (await isDoneWith({paths, json, notebook: sha256(text), choice: request}));
    const isCached = kept !== null;
    plan.push({index, parameters, folder: paths.folder, isDone, cacheKey, isCached});
  }
  return plan;
}

/** The options of one run: its config goes over files, the environment and what all share. */
export function withConfig<T extends BatchRequest>(request: T, index: number): T {
  const {configs, parameterLayers: layers = [], parameters: values = {}} = request;
  const shared = {origin: "caller", values};
  const config = {origin: `config ${index}`, values: configs[index] ?? {}, isOpen: true};
  return {...request, parameters: {}, parameterLayers: [...layers, shared, config]};
}

function selected({configs, only, startFrom = 0}: BatchRequest): number[] {
  const last = configs.length - 1;
  const isPosition = (at: number) => Number.isInteger(at) && at >= 0 && at <= last;
  for (const [flag, at] of [
    ["index", only ?? 0],
    ["start-from-index", startFrom],
  ] as const) {
    if (!isPosition(at)) {
      const fix = "configs are counted from 0";
      throw new PublishError("bad-parameter", `${flag}: expected 0..${last}, found ${at}; ${fix}`);
    }
  }
  return only === undefined ? [...configs.keys()].slice(startFrom) : [only];
}

function inConfig(index: number, error: unknown): unknown {
  return error instanceof PublishError
    ? new PublishError(error.code, `config ${index}: ${error.message}`, {cause: error})
    : error;
}

interface Wanted {
  readonly paths: ReturnType<typeof resultPaths>;
  /** What `config.json` says of the run. */
  readonly json: string;
  /** SHA-256 of the notebook file. */
  readonly notebook: string;
  readonly choice: TagChoice;
}

/** A marker alone says that something went well; it must be this notebook with these values. */
async function isDoneWith({choice, paths, json, notebook}: Wanted): Promise<boolean> {
  if (!existsSync(paths.success)) {
    return false;
  }
  try {
    const record = JSON.parse(await readFile(paths.record, "utf8")) as RunRecord;
    const config = await readFile(paths.configJson, "utf8");
    const isSame = record.notebook.sha256 === notebook && config === json;
    return record.status === "ok" && isSame && ranCellsOf(choice, record);
  } catch {
    return false; // a record that cannot be read proves nothing
  }
}

/** Whether the run passed over just the cells that are to be passed over now. */
function ranCellsOf(choice: TagChoice, {cells}: RunRecord): boolean {
  const code = cells.filter(({status}) => status !== "not-code");
  return code.every(({status, tags}) => (status === "skipped") === isPassedOver(tags, choice));
}

function usedIn({parameters}: RunRecord): {readonly parameters: readonly UsedParameter[]} {
  return {parameters: parameters.map((parameter) => ({...parameter, value: parameter.value}))};
}
