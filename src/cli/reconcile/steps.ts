import process from "node:process";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import {ReckonError} from "../../errors.js";
import {reconcileAll} from "../../flows/reconcile/all.js";
import {withLocalMarket, withLocalRun} from "../../flows/reconcile/local-request.js";
import {listReconciliation} from "../../flows/reconcile/ls.js";
import {replayFilePreview} from "../../flows/reconcile/replay-file-preview.js";
import {foldersOf, type ReconciliationRequest} from "../../flows/reconcile/request.js";
import {compareRuns} from "../../flows/reconcile/steps/compare.js";
import {copyProdData} from "../../flows/reconcile/steps/copy-prod-data.js";
import {createReconciliationDirs} from "../../flows/reconcile/steps/create-dirs.js";
import {dumpReplayFile} from "../../flows/reconcile/steps/market-data.js";
import {
  checkPlaceOfPages,
  NOTEBOOK_KINDS,
  runReconciliationNotebooks,
} from "../../flows/reconcile/steps/run-notebook.js";
import {runSimAlone} from "../../flows/reconcile/steps/run-sim-alone.js";
import {checkSelfConsistency} from "../../flows/reconcile/steps/self-consistency.js";
import type {ConsistencySummary} from "../../report/nodes/consistency.js";
import type {VerdictSummary} from "../../report/reconciliation/verdict.js";
import {formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {askerOf} from "../console/ask.js";
import {formatTextTable} from "../console/text-table.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import {tellFailedPage} from "./failed-page.js";
import type {ReconcileFlags} from "./options.js";

/** What a step does with a request, and prints. */
type Step = (request: ReconciliationRequest, flags: ReconcileFlags) => Promise<void>;

/** All steps in order, and what is there at the end. */
export const stepAll: Step = async (request, flags) => {
  checkPageFlags(flags);
  const kinds = flags.notebookRunMode === undefined ? NOTEBOOK_KINDS : [flags.notebookRunMode];
  const isLast24Hours = flags.markAsLast24HourRun === true;
  const {pages, verdict} = await untilInterrupted((signal) =>
    reconcileAll(request, {
      ...(flags.runNotebook ? {notebook: {kinds, isLast24Hours, shared: {signal}}} : {}),
      allowUpdate: flags.allowUpdate === true,
      signal,
      onStep: (name) => process.stdout.write(`${name}\n`),
    }),
  );
  process.stdout.write(`${listing(request)}\n`);
  await tellVerdict({request, verdict, pages}, flags);
};

/** What says something of pages needs pages. */
function checkPageFlags({runNotebook, markAsLast24HourRun, notebookRunMode}: ReconcileFlags): void {
  const named = markAsLast24HourRun ? "mark-as-last-24-hour-run" : "notebook-run-mode";
  if (!runNotebook && (markAsLast24HourRun || notebookRunMode !== undefined)) {
    throw new ReckonError("misuse", {
      place: `--${named}`,
      expected: "--run-notebook beside it",
      found: "no page that it could be about",
      fix: "add --run-notebook, or leave it out",
    });
  }
}

/** Makes the folders. */
export const stepCreateDirs: Step = async (request) => {
  const preserved = createReconciliationDirs(request);
  const kept = preserved === undefined ? "" : `kept the older folder as ${preserved}\n`;
  process.stdout.write(`${kept}${foldersOf(request).dir}\n`);
};

/** Copies the recorded run. */
export const stepCopyProdData: Step = async (request) => {
  const dir = await withLocalRun(request, async (local) => copyProdData(local));
  process.stdout.write(`${dir}\n`);
};

/** Writes the replay file, shows its ends and, where asked for, lets a person judge it. */
export const stepDumpMarketData: Step = async (request, {interactive}) => {
  const ask = interactive ? askerOf("--interactive") : undefined;
  const isAccepted = async (path: string): Promise<boolean> => {
    process.stdout.write(await replayFilePreview(path));
    return ask === undefined || (await ask("Is the file ok?"));
  };
  const path = await withLocalMarket(request, (local) => dumpReplayFile(local, {isAccepted}));
  process.stdout.write(`${path}\n`);
};

/** Simulates the run. */
export const stepRunSim: Step = async (request) => {
  const {dir, preserved, record, preservedReplayFile} = await untilInterrupted((signal) =>
    withLocalMarket(request, (local) => runSimAlone(local, signal)),
  );
  const kept = [
    ...(preservedReplayFile === undefined ? [] : [`replay file as ${preservedReplayFile}`]),
    ...(preserved === undefined ? [] : [`simulation as ${preserved}`]),
  ].map((what) => `kept the older ${what}\n`);
  process.stdout.write(`${kept.join("")}${formatCount(record.bars, "bar")} simulated\n${dir}\n`);
};

/** Compares, then runs and publishes a notebook. */
export const stepRunNotebook: Step = async (request, flags) => {
  const {notebookRunMode: kind = "fast", markAsLast24HourRun: isLast24Hours = false} = flags;
  if (kind === "slow" && isOverridden(flags)) {
    throw new ReckonError("misuse", {
      place: "--set-config-values",
      expected: "none for the slow notebook, which computes no research portfolio",
      found: "some",
      fix: "leave them out, or take --notebook-run-mode fast",
    });
  }
  checkPlaceOfPages(request);
  const verdict = await compareRuns(request);
  const pages = await untilInterrupted((signal) =>
    runReconciliationNotebooks(request, {kinds: [kind], isLast24Hours, shared: {signal}}),
  );
  await tellVerdict({request, verdict, pages}, flags);
};

function isOverridden({setConfigValue = [], setConfigValues}: ReconcileFlags): boolean {
  return setConfigValue.length > 0 || setConfigValues !== undefined;
}

/** Lists what is there. */
export const stepLs: Step = async (request, {json}) => {
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

interface Told {
  readonly request: ReconciliationRequest;
  readonly verdict: VerdictSummary;
  readonly pages: readonly PublishResult[];
}

/** Prints verdict and pages; a failed page, or a difference under --strict, is an error. */
async function tellVerdict({request, verdict, pages}: Told, flags: ReconcileFlags): Promise<void> {
  const checks = await selfConsistencyOf(request, pages, flags.checkDagOutputSelfConsistency);
  const lines = [
    verdict.sentence,
    ...checks.map(({sentence}) => sentence),
    ...pages.map(({link}) => link),
  ];
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  pages.forEach(tellFailedPage);
  if (!flags.strict) {
    return;
  }
  const isSame = verdict.status === "identical" || verdict.status === "within-tolerance";
  const isRevised = checks.some(({status}) => status === "revised");
  const reasons = [
    ...(isSame ? [] : [STRICT_WORDS[verdict.status] ?? "the runs differ"]),
    ...(isRevised && flags.checkDagOutputSelfConsistency !== false
      ? ["a node revised its past"]
      : []),
  ];
  if (reasons.length > 0) {
    throw new ReckonError("failed", `${reasons.join("; ")}, and --strict was asked for`);
  }
}

/** What the slow page found; where it did not run and is asked for, it is found here. */
async function selfConsistencyOf(
  request: ReconciliationRequest,
  pages: readonly PublishResult[],
  isWanted: boolean | undefined,
): Promise<readonly ConsistencySummary[]> {
  const found = pages.flatMap(({outcome: {results}}) =>
    results.self_consistency === undefined ? [] : [results.self_consistency as ConsistencySummary],
  );
  return found.length === 0 && isWanted === true ? [await checkSelfConsistency(request)] : found;
}
