import {existsSync, readFileSync} from "node:fs";
import {basename, dirname, join, resolve} from "node:path";
import type {Foreseen} from "../../../../publish/kernel/kernel.js";
import {importFolder} from "../../../../publish/kernel/package-root.js";
import {foreseeRun} from "../../../../publish/notebook/foresee-run.js";
import type {PublishResult} from "../../../../publish/result/publish-request.js";
import {currentDesk, type Desk} from "../../../config/desk-config.js";
import {taggedModel} from "../../../reconcile/discovery/reconciliation-layout.js";
import {writeWholeFile} from "../../../runlog/whole-file.js";
import {packageRoot} from "../../../system/run/run-record.js";
import {formatStamp} from "../../../time/epoch.js";
import {publishWithIndex} from "../../publish-with-index.js";
import {type SharedPublishing, withBrowserAhead} from "../../shared-publishing.js";
import {madeRun} from "../made-run.js";
import {openFolder, removeTree} from "../replace-folder.js";
import {foldersOf, type ReconciliationRequest} from "../request.js";
import {lockTree} from "../write-permission.js";

/** `fast`: the verdict and what it cost; `slow`: every node at every bar. */
export const NOTEBOOK_KINDS = ["fast", "slow"] as const;
/** One of {@link NOTEBOOK_KINDS}. */
export type NotebookKind = (typeof NOTEBOOK_KINDS)[number];

/** How the reconciliation pages are published. */
export interface NotebookPublishing {
  /** Which, in this order; only the fast one where left out. */
  readonly kinds?: readonly NotebookKind[];
  /** Folder of the pages with stable names; default `{dstRootDir}/pages`. */
  readonly pagesDir?: string;
  /** Also publish as the newest whole day. */
  readonly isLast24Hours: boolean;
  /** What it shares with the publishing of other notebooks. */
  readonly shared?: SharedPublishing;
}

/** Path of a notebook by its name: the desk's own, else the one that comes with this package. */
export function notebookPath(name: string, desk: Desk = currentDesk()): string {
  const dirs = [...desk.notebookDirs, join(packageRoot(), "notebooks")];
  const paths = dirs.map((dir) => join(dir, `${name}.ipynb`));
  return paths.find((path) => existsSync(path)) ?? (paths.at(-1) as string);
}

/** Options of a pool whose kernels serve the reconciliation notebook and those beside it. */
export function reconciliationKernels(runs: number): {readonly cwd: string; readonly runs: number} {
  return {cwd: importFolder(dirname(notebookPath("reconciliation-fast"))), runs};
}

/** What the kernel of one reconciliation page will be asked for. */
export function foreseePage(kind: NotebookKind, request: ReconciliationRequest): Promise<Foreseen> {
  const run = {notebookPath: pagePath(kind), parameters: parametersOf(request)};
  return foreseeRun(run, ["reckon"]);
}

/**
 * Refuses a reconciliation whose pages could not be written, before anything is made.
 *
 * @throws ReckonError `bad-data` when the run or its simulation is not there; `misuse` where
 *   nothing can be written
 */
export function checkPlaceOfPages(request: ReconciliationRequest): void {
  const {dir, notebooks} = foldersOf(request);
  madeRun(request, "prod");
  madeRun(request, "simulation");
  openFolder(dir);
  openFolder(notebooks);
}

/**
 * Runs and publishes the reconciliation notebooks, and puts `reconciliation.json` beside each page.
 *
 * @throws ReckonError `bad-data` when the run or its simulation is not there
 */
export async function runReconciliationNotebooks(
  request: ReconciliationRequest,
  publishing: NotebookPublishing,
): Promise<PublishResult[]> {
  checkPlaceOfPages(request);
  return await withBrowserAhead(publishing.shared, async (shared) => {
    const pages: PublishResult[] = [];
    for (const kind of publishing.kinds ?? ["fast"]) {
      pages.push(await runNotebook(kind, request, {...publishing, shared}));
    }
    return pages;
  });
}

async function runNotebook(
  kind: NotebookKind,
  request: ReconciliationRequest,
  publishing: NotebookPublishing,
): Promise<PublishResult> {
  const {fastNotebook, slowNotebook, json} = foldersOf(request);
  const dstDir = kind === "fast" ? fastNotebook : slowNotebook;
  removeTree(dstDir);
  const page = await publishWithIndex({
    notebookPath: pagePath(kind),
    dstDir,
    parameters: parametersOf(request),
    pathRoot: dirname(resolve(request.dstRootDir)),
    timeouts: {notebookMs: NOTEBOOK_LIMIT_MS},
    ...publishing.shared,
    ...(publishing.isLast24Hours
      ? {
          publishTo: {
            site: {place: publishing.pagesDir ?? join(request.dstRootDir, "pages")},
            stableNames: [`${taggedModel(request)}.${request.runMode}.${kind}.last_24hours.html`],
          },
        }
      : {}),
  });
  if (existsSync(json)) {
    writeWholeFile(join(dstDir, "result_0", basename(json)), readFileSync(json));
  }
  if (request.preventOverwriting) {
    lockTree(dstDir);
  }
  return page;
}

function pagePath(kind: NotebookKind): string {
  return notebookPath(`reconciliation-${kind}`);
}

/** What the notebooks are told. */
function parametersOf(request: ReconciliationRequest): Readonly<Record<string, string>> {
  return {
    dstRootDir: resolve(request.dstRootDir),
    model: request.model,
    runMode: request.runMode,
    scheduleMode: request.scheduleMode,
    startTimestamp: formatStamp(request.start),
    endTimestamp: formatStamp(request.end),
    tag: request.tag ?? "",
    setConfigValues: request.setConfigValues,
  };
}

/** A notebook of these takes seconds; one that takes this long hangs. */
export const NOTEBOOK_LIMIT_MS = 10 * 60 * 1_000;
