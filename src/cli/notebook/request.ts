import {availableParallelism} from "node:os";
import {basename, extname, join} from "node:path";
import type {BatchRequest} from "../../../publish/batch/batch-request.js";
import {cacheFolder} from "../../../publish/cache/result-cache.js";
import {checkPublishing} from "../../../publish/result/check-publishing.js";
import {formatOverride} from "../../config/override.js";
import {ReckonError} from "../../errors.js";
import {overridesOf} from "../run/options.js";
import {requiredSite, siteOf} from "../site/options.js";
import {timeSpanMs} from "../time-span.js";
import {assignments, readConfigs, readParameterFile} from "./parameters.js";
import type {NotebookRunFlags} from "./run-options.js";

/**
 * What the flags ask for. A parameter is taken from the notebook's own cell, else a file, else the
 * environment, else its config, else `-p`: the last of these that names it counts.
 *
 * @throws ReckonError `misuse`
 */
export function toBatchRequest(
  flags: NotebookRunFlags,
  env: Readonly<Record<string, string | undefined>>,
): BatchRequest {
  const {configs, index, notebook, startFromIndex} = flags;
  if (notebook === undefined) {
    throw new ReckonError("misuse", "notebook: expected a path, found none; see --help");
  }
  const {dstDir = join("results", basename(notebook, extname(notebook)))} = flags;
  return {
    notebookPath: notebook,
    dstDir,
    configs: configs === undefined ? [{}] : readConfigs(configs),
    parameterLayers: [
      ...flags.parametersFile.map((path) => ({origin: path, values: readParameterFile(path)})),
      {origin: "environment", variables: env},
    ],
    parameterTexts: {...assignments(flags.parameter), ...configTexts(flags)},
    threads: threadCount(flags.numThreads),
    skipOnError: flags.skipOnError,
    attempts: atLeastOne("--num-attempts", flags.numAttempts),
    incremental: flags.incremental ?? (configs !== undefined && !flags.force),
    allowErrors: flags.allowErrors,
    skipTags: flags.skipTag,
    onlyTags: flags.onlyTag,
    timeouts: {
      ...(flags.cellTimeout !== undefined && {
        cellMs: timeSpanMs("--cell-timeout", flags.cellTimeout),
      }),
      ...(flags.timeout !== undefined && {notebookMs: timeSpanMs("--timeout", flags.timeout)}),
    },
    ...(flags.cache !== undefined && {
      cache: {dir: flags.cacheDir ?? cacheFolder(env), refresh: flags.cache === "refresh"},
    }),
    ...publishTo(flags, env),
    ...(index !== undefined && {only: index}),
    ...(startFromIndex !== undefined && {startFrom: startFromIndex}),
  };
}

/** Overrides of a system's config, as the parameter `setConfigValues` of a notebook takes them. */
function configTexts(flags: NotebookRunFlags): Record<string, string> {
  const overrides = overridesOf(flags);
  return overrides.length === 0 ? {} : {setConfigValues: overrides.map(formatOverride).join(";")};
}

function publishTo(
  flags: NotebookRunFlags,
  env: Readonly<Record<string, string | undefined>>,
): Pick<BatchRequest, "publishTo"> {
  const {stableName: stableNames, tag} = flags;
  const site = siteOf(flags, env);
  if (site !== undefined) {
    const publishing = {site, stableNames, ...(tag !== undefined && {tag})};
    checkPublishing(publishing);
    return {publishTo: publishing};
  }
  if (stableNames.length === 0 && tag === undefined) return {};
  requiredSite(flags);
  return {};
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
