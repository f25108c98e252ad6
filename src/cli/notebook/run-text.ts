import {relative} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import type {BatchResult, BatchRun} from "../../../publish/batch/batch-request.js";
import type {PlannedRun} from "../../../publish/batch/planned-run.js";
import type {ReusedResult} from "../../../publish/cache/result-cache.js";
import type {UsedParameter} from "../../../publish/notebook/run-outcome.js";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import {readableDuration, readableTime} from "../../../publish/result/result-folder.js";
import {withheldNotes} from "../../../publish/site/publish-page.js";

/** What would run, for people. */
export function formatPlan(plan: readonly PlannedRun[]): string {
  const lines = plan.map(({folder, isCached, isDone, parameters}) => {
    const given = parameters.filter((parameter) => parameter.given).map(formatGiven);
    const state = isDone ? "done before" : isCached ? "kept from before" : "would run";
    return `${shown(folder)}: ${state}${given.length === 0 ? "" : `: ${given.join(" ")}`}`;
  });
  return `${lines.join("\n")}\n`;
}

function formatGiven({name, value, isSecret}: UsedParameter): string {
  return `${name}=${isSecret === true ? "[secret]" : JSON.stringify(value)}`;
}

/** What became of the runs, for people: a line each, more where something went wrong. */
export function formatBatch({cacheNotes, runs, failed}: BatchResult): string {
  const lines = [...cacheNotes, ...runs.flatMap(linesOf)];
  if (runs.length > 1) {
    const left = runs.filter(({state}) => state === "not-run").map(({index}) => index);
    const done = runs.length - failed.length - left.length;
    const list = listed("failed", failed) + listed("not run", left);
    lines.push(`${done} of ${runs.length} runs without failure${list}`);
  }
  return `${lines.join("\n")}\n`;
}

function listed(what: string, indices: readonly number[]): string {
  return indices.length === 0 ? "" : `; ${what}: ${indices.join(", ")}`;
}

function linesOf(run: BatchRun): string[] {
  switch (run.state) {
    case "published":
      return publishedLines(run.result);
    case "done-before":
      return [`done before: ${shown(run.folder)}; --no-incremental runs it again`];
    case "cached":
      return cachedLines(run.reused);
    case "broken":
      return [`result_${run.index}: ${run.error.message}`];
    case "not-run":
      return [`result_${run.index}: not run`];
  }
}

function publishedLines({status, exitCode, outcome, link, published, problems}: PublishResult) {
  const time = readableDuration(outcome.durationMs);
  const code = exitCode === 0 ? "" : ` (exit code ${exitCode})`;
  return [
    `${status} in ${time}${code}`,
    ...(outcome.failure === null ? [] : [`  ${outcome.failure.message}`]),
    ...problems.map((problem) => `  ${problem}`),
    `  ${shown(fileURLToPath(link))}`,
    ...(published === null ? [] : [published.link, ...published.pointers]).map((to) => `  ${to}`),
    ...withheldNotes(published).map((note) => `  ${note}`),
  ];
}

function cachedLines({link, startedAt}: ReusedResult): string[] {
  const when = readableTime(Date.parse(startedAt));
  return [
    `cached: nothing changed since the run of ${when}; --cache=refresh runs it again`,
    `  ${shown(fileURLToPath(link))}`,
  ];
}

/** As a person in this folder would type it. */
function shown(path: string): string {
  const local = relative(process.cwd(), path);
  return local.startsWith("..") ? path : local;
}

/** The same as one JSON value: the last line under `--json`. */
export function batchJson({runs, failed, exitCode}: BatchResult): Record<string, unknown> {
  return {
    type: "batch-ended",
    exitCode,
    failed,
    runs: runs.map((run) => {
      const {index, state} = run;
      if (run.state === "published") {
        const {status, exitCode: code, link, paths, problems, outcome} = run.result;
        const {failure, results} = outcome;
        return {
          index,
          state,
          status,
          exitCode: code,
          folder: paths.folder,
          link,
          problems,
          failure,
          results,
        };
      }
      return run.state === "broken" ? {index, state, message: run.error.message} : run;
    }),
  };
}
