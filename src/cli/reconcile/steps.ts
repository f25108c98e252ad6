import process from "node:process";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import {ReckonError} from "../../errors.js";
import {reconcileAll} from "../../flows/reconcile/all.js";
import {listReconciliation} from "../../flows/reconcile/ls.js";
import {withLocalRun} from "../../flows/reconcile/prod-run.js";
import {foldersOf, type ReconciliationRequest} from "../../flows/reconcile/request.js";
import {compareRuns} from "../../flows/reconcile/steps/compare.js";
import {copyProdData} from "../../flows/reconcile/steps/copy-prod-data.js";
import {createReconciliationDirs} from "../../flows/reconcile/steps/create-dirs.js";
import {dumpReplayFile} from "../../flows/reconcile/steps/market-data.js";
import {
  NOTEBOOK_KINDS,
  runReconciliationNotebooks,
} from "../../flows/reconcile/steps/run-notebook.js";
import {runReconciliationSim} from "../../flows/reconcile/steps/run-sim.js";
import type {ConsistencySummary} from "../../report/nodes/consistency.js";
import type {VerdictSummary} from "../../report/reconciliation/verdict.js";
import {formatMinute} from "../../time/epoch.js";
import {formatTextTable} from "../console/text-table.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import {tellFailedPage} from "./failed-page.js";
import type {NotebookFlags} from "./options.js";

/** What a step does with a request, and prints. */
type Step<Flags> = (request: ReconciliationRequest, flags: Flags) => Promise<void>;

/** All steps in order, and what is there at the end. */
export const stepAll: Step<NotebookFlags> = async (request, flags) => {
  const kinds = flags.notebookRunMode === undefined ? NOTEBOOK_KINDS : [flags.notebookRunMode];
  const {pages, verdict} = await untilInterrupted((signal) =>
    reconcileAll(request, {
      ...(flags.runNotebook
        ? {notebook: {kinds, isLast24Hours: flags.markAsLast24HourRun, shared: {signal}}}
        : {}),
      allowUpdate: flags.allowUpdate,
      signal,
      onStep: (name) => process.stdout.write(`${name}\n`),
    }),
  );
  process.stdout.write(`${listing(request)}\n`);
  tellVerdict(verdict, pages, flags);
};

/** Makes the folders. */
export const stepCreateDirs: Step<object> = async (request) => {
  const preserved = createReconciliationDirs(request);
  const kept = preserved === undefined ? "" : `kept the older folder as ${preserved}\n`;
  process.stdout.write(`${kept}${foldersOf(request).dir}\n`);
};

/** Copies the recorded run. */
export const stepCopyProdData: Step<object> = async (request) => {
  const dir = await withLocalRun(request, async (local) => copyProdData(local));
  process.stdout.write(`${dir}\n`);
};

/** Writes the replay file. */
export const stepDumpMarketData: Step<object> = async (request) => {
  process.stdout.write(`${await dumpReplayFile(request)}\n`);
};

/** Simulates the run. */
export const stepRunSim: Step<object> = async (request) => {
  const {dir, preserved, record} = await untilInterrupted((signal) =>
    runReconciliationSim(request, signal),
  );
  const kept = preserved === undefined ? "" : `kept the older simulation as ${preserved}\n`;
  process.stdout.write(`${kept}${record.bars} bars simulated\n${dir}\n`);
};

/** Compares, then runs and publishes a notebook. */
export const stepRunNotebook: Step<NotebookFlags> = async (request, flags) => {
  const verdict = await compareRuns(request);
  const pages = await untilInterrupted((signal) =>
    runReconciliationNotebooks(request, {
      kinds: [flags.notebookRunMode ?? "fast"],
      isLast24Hours: flags.markAsLast24HourRun,
      shared: {signal},
    }),
  );
  tellVerdict(verdict, pages, flags);
};

/** Lists what is there. */
export const stepLs: Step<{readonly json: boolean}> = async (request, {json}) => {
  const {dir} = foldersOf(request);
  process.stdout.write(
    json ? `${JSON.stringify({dir, entries: listReconciliation(dir)})}\n` : listing(request),
  );
};

function listing(request: ReconciliationRequest): string {
  const {dir} = foldersOf(request);
  const table = formatTextTable(listReconciliation(dir), [
    {title: "kB", cell: ({bytes}) => Math.ceil(bytes / 1_000)},
    {title: "files", cell: ({files}) => files},
    {title: "changed (UTC)", cell: ({modified}) => formatMinute(modified)},
    {title: "path", cell: ({path}) => path},
  ]);
  return `${dir}\n${table}`;
}

/** What a status that is no difference means to `--strict`. */
const STRICT_WORDS: Readonly<Record<string, string>> = {
  incomplete: "not everything could be compared",
  missing: "nothing could be compared",
};

/** Prints verdict and pages; a failed page, or a difference under --strict, is an error. */
function tellVerdict(
  verdict: VerdictSummary,
  pages: readonly PublishResult[],
  {strict}: NotebookFlags,
): void {
  const checks = pages.flatMap(({outcome: {results}}) =>
    results.self_consistency === undefined ? [] : [results.self_consistency as ConsistencySummary],
  );
  const lines = [
    verdict.sentence,
    ...checks.map(({sentence}) => sentence),
    ...pages.map(({link}) => link),
  ];
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  pages.forEach(tellFailedPage);
  if (!strict) {
    return;
  }
  if (verdict.status !== "identical" && verdict.status !== "within-tolerance") {
    const why = STRICT_WORDS[verdict.status] ?? "the runs differ";
    throw new ReckonError("failed", `${why}, and --strict was asked for`);
  }
  if (checks.some(({status}) => status === "revised")) {
    throw new ReckonError("failed", "a node revised its past, and --strict was asked for");
  }
}
