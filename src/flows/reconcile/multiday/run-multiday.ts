import {dirname, join, resolve} from "node:path";
import type {PublishResult} from "../../../../publish/result/publish-request.js";
import {taggedModel} from "../../../reconcile/discovery/reconciliation-layout.js";
import {observationsPerYear} from "../../../stats/series/observations-per-year.js";
import {formatStamp} from "../../../time/epoch.js";
import {publishWithIndex} from "../../publish-with-index.js";
import type {SharedPublishing} from "../../shared-publishing.js";
import {openFolder} from "../replace-folder.js";
import {NOTEBOOK_LIMIT_MS, notebookPath} from "../steps/run-notebook.js";
import {runsOfPeriod} from "./load-multiday.js";
import type {MultidayConfig} from "./multiday-config.js";

/** How the page of a period is made and published. */
export interface MultidayPublishing {
  /** Bars of the figure of twelve panels: `5T`, `H`, `D`. */
  readonly resampling: string;
  /** The page is published as `{model}[.{tag}].{htmlTag}.html` too; undefined leaves it out. */
  readonly htmlTag?: string | undefined;
  readonly shared?: SharedPublishing;
}

/**
 * Runs and publishes the notebook of a period into
 * `{dstRootDir}/{model}[.{tag}]/{run_mode}/multiday/{start}.{end}/`.
 *
 * @throws ReckonError before anything is made: `bad-data` when the period has no reconciliation,
 *   `misuse` for a frequency that is none and where nothing can be written
 */
export async function runMultidayNotebook(
  config: MultidayConfig,
  {resampling, htmlTag, shared}: MultidayPublishing,
): Promise<PublishResult> {
  const {dstRootDir, model, runMode, tag, start, end, tolerance} = config;
  runsOfPeriod(config);
  observationsPerYear(resampling);
  const dir = join(dstRootDir, taggedModel(config), runMode, "multiday");
  openFolder(dir);
  const interval = `${formatStamp(start)}.${formatStamp(end)}`;
  const place = {place: join(dstRootDir, "pages")};
  return await publishWithIndex({
    notebookPath: notebookPath("reconciliation-multiday"),
    dstDir: join(dir, interval),
    parameters: {
      dstRootDir: resolve(dstRootDir),
      model,
      runMode,
      startTimestamp: formatStamp(start),
      endTimestamp: formatStamp(end),
      tag,
      tolerance,
      pnlResamplingFrequency: resampling,
    },
    pathRoot: dirname(resolve(dstRootDir)),
    timeouts: {notebookMs: NOTEBOOK_LIMIT_MS},
    ...shared,
    ...(htmlTag === undefined
      ? {}
      : {publishTo: {site: place, stableNames: [`${taggedModel(config)}.${htmlTag}.html`]}}),
  });
}
