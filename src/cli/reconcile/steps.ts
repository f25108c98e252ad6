import process from "node:process";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import {ReckonError} from "../../errors.js";
import {reconcileAll} from "../../flows/reconcile/all.js";
import {copyProdData} from "../../flows/reconcile/copy-prod-data.js";
import {createReconciliationDirs} from "../../flows/reconcile/create-dirs.js";
import {listReconciliation} from "../../flows/reconcile/ls.js";
import {dumpReplayFile} from "../../flows/reconcile/market-data.js";
import {withLocalRun} from "../../flows/reconcile/prod-run.js";
import {foldersOf, type ReconciliationRequest} from "../../flows/reconcile/request.js";
import {runReconciliationNotebook} from "../../flows/reconcile/run-notebook.js";
import {runReconciliationSim} from "../../flows/reconcile/run-sim.js";
import type {VerdictSummary} from "../../report/reconciliation/verdict.js";
import {formatMinute} from "../../time/epoch.js";
import {formatTextTable} from "../console/text-table.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import type {NotebookFlags} from "./options.js";

/** What a step does with a request, and prints. */
type Step<Flags> = (request: ReconciliationRequest, flags: Flags) => Promise<void>;

/** All steps in order, and what is there at the end. */
export const stepAll: Step<NotebookFlags> = async (request, flags) => {
  const {page, verdict} = await untilInterrupted((signal) =>
    reconcileAll(request, {
      ...(flags.runNotebook
        ? {notebook: {isLast24Hours: flags.markAsLast24HourRun, shared: {signal}}}
        : {}),
      allowUpdate: flags.allowUpdate,
      signal,
      onStep: (name) => process.stdout.write(`${name}\n`),
    }),
  );
  process.stdout.write(`${listing(request)}\n`);
  tellVerdict(verdict, page, flags);
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

/** Runs and publishes the notebook. */
export const stepRunNotebook: Step<NotebookFlags> = async (request, flags) => {
  const page = await untilInterrupted((signal) =>
    runReconciliationNotebook(request, {
      isLast24Hours: flags.markAsLast24HourRun,
      shared: {signal},
    }),
  );
  tellVerdict(page.outcome.results.verdict as VerdictSummary | undefined, page, flags);
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

/** Prints verdict and page; a failed page, or a difference under --strict, is an error. */
function tellVerdict(
  verdict: VerdictSummary | undefined,
  page: PublishResult | undefined,
  {strict}: NotebookFlags,
): void {
  const lines = [verdict?.sentence, page?.link].filter((line) => line !== undefined);
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  if (page !== undefined && page.exitCode !== 0) {
    const reasons = [page.outcome.failure?.message ?? page.status, ...page.problems];
    const message = `the notebook was published, but ${reasons.join("; ")}`;
    throw Object.assign(new ReckonError("failed", message), {exitCode: page.exitCode});
  }
  if (strict && verdict?.status !== "identical" && verdict?.status !== "within-tolerance") {
    throw new ReckonError("failed", "the runs differ, and --strict was asked for");
  }
}
