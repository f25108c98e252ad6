import {existsSync} from "node:fs";
import {basename, extname} from "node:path";
import process from "node:process";
import type {CommandModule} from "yargs";
import {planBatch} from "../../../publish/batch/batch-plan.js";
import type {BatchRequest, BatchResult} from "../../../publish/batch/batch-request.js";
import {toEventLine} from "../../../publish/result/log/event-line.js";
import {messageOf} from "../../errors.js";
import {preserveFolder} from "../../runlog/whole-file.js";
import {systemClock} from "../../time/system-clock.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import {barReporter, followReporter, type RunReporter} from "./progress.js";
import {toBatchRequest} from "./request.js";
import {type NotebookRunFlags, notebookRunOptions} from "./run-options.js";
import {batchJson, formatBatch, formatPlan} from "./run-text.js";

/** `reckon notebook run …`. */
export const notebookRunCommand: CommandModule<object, NotebookRunFlags> = {
  command: "run [notebook]",
  describe: "run a notebook and publish what came of it",
  builder: notebookRunOptions,
  /** What is wrong with the request is told before that is loaded which runs notebooks. */
  handler: async (flags) => {
    const request = toBatchRequest(flags, process.env);
    const plan = await planBatch(request); // what is wrong is told before anything changes
    if (flags.dryRun) {
      process.stdout.write(flags.json ? `${JSON.stringify(plan)}\n` : formatPlan(plan));
      return;
    }
    if (flags.cleanDstDir && existsSync(request.dstDir)) {
      process.stderr.write(`${request.dstDir}: kept as ${preserveFolder(request.dstDir)}\n`);
    }
    const reporter = reporterOf(
      request,
      flags,
      plan.filter(({isCached, isDone}) => !isDone && !isCached).length,
    );
    const {onEvent, onRunEnded} = reporter;
    const {runBatch} = await import("../../../publish/batch/run-batch.js");
    const result = await untilInterrupted((signal) =>
      runBatch({...request, signal, onEvent, onRunEnded}),
    ).finally(() => reporter.end());
    const indexed = await indexSite(request, result);
    process.stdout.write(
      flags.json ? `${JSON.stringify(batchJson(result))}\n` : formatBatch(result),
    );
    process.exitCode = result.exitCode || indexed;
  },
};

/** Puts what was published into the index; the exit code of that. */
async function indexSite({publishTo}: BatchRequest, {runs}: BatchResult): Promise<number> {
  const isNew = runs.some((run) => run.state === "published" && run.result.published !== null);
  if (publishTo === undefined || !isNew) return 0;
  try {
    const {withSite} = await import("../../../publish/site/site.js");
    const {buildSite} = await import("../../../publish/site/index/build-site.js");
    await withSite(publishTo.site, buildSite);
    return 0;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 9;
  }
}

function reporterOf(
  {notebookPath, threads = 1}: BatchRequest,
  {follow, json}: NotebookRunFlags,
  runs: number,
): RunReporter {
  if (json) {
    return {
      onEvent: (index, event) => {
        const line = toEventLine(event, systemClock.now());
        process.stdout.write(runs === 1 ? line : line.replace("{", `{"index":${index},`));
      },
      onRunEnded: () => {},
      end: () => {},
    };
  }
  const title = basename(notebookPath, extname(notebookPath));
  return follow
    ? followReporter(process.stdout, runs)
    : barReporter({title, runs, threads, out: process.stderr});
}
