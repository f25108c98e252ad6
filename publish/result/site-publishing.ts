import {messageOf} from "../errors.js";
import type {RunOutcome} from "../notebook/run-outcome.js";
import type {Page} from "../render/page.js";
import type {Pictures} from "../render/picture/figures.js";
import {assetsFolder, pictureFile} from "../site/picture-file.js";
import {type PublishedPage, publishPage, type SharedFile} from "../site/publish-page.js";
import {withSite} from "../site/site.js";
import type {PublishStatus} from "./publish-request.js";
import {parameterValues} from "./record/config-files.js";
import {runningRecord} from "./record/run-record.js";
import type {EndedContext} from "./result-context.js";
import {shownValues} from "./result-page.js";

/** What became of it: the page, or why there is none; both null where none was asked for. */
export interface SitePublication {
  readonly published: PublishedPage | null;
  readonly problem: string | null;
}

const none: SitePublication = {published: null, problem: null};

/** A run whose page is to be published. */
export interface ShownRun {
  readonly outcome: RunOutcome;
  readonly status: PublishStatus;
  /** The page with its large parts in files below this folder. */
  readonly share: (base: string) => Page;
  readonly pictures: Pictures["pictures"];
}

/**
 * Publishes the page of a run, be it of a failure; of several attempts only the last. A run that
 * was interrupted has no page to show. Where the site cannot be reached that is told, not thrown:
 * the result folder is to be finished.
 */
export async function publishShown(
  context: EndedContext,
  {outcome, status, share, pictures}: ShownRun,
): Promise<SitePublication> {
  const {attempt, name, request, startedAt, writeFile} = context;
  const {attempts = 1, notebookPath, publishTo} = request;
  const isLast = status === "ok" || attempt >= attempts;
  if (publishTo === undefined || !isLast || status === "interrupted") return none;
  const {site: place, tag, stableNames} = publishTo;
  const page = share(assetsFolder);
  const files = page.files.map((file) => ({
    key: `${assetsFolder}${file.name}`,
    content: file.bytes,
  }));
  const [thumbnail] = [...pictures].map(([figure, bytes]) => pictureFile(figure, bytes));
  try {
    const published = await withSite({writeFile, ...place}, (site) =>
      publishPage(site, {
        html: page.html,
        assets:
          thumbnail === undefined || isAmong(files, thumbnail) ? files : [...files, thumbnail],
        thumbnail: thumbnail?.key,
        facts: {
          notebook: name,
          title: page.title,
          status,
          failure: outcome.failure?.message ?? null,
          runId: runningRecord({...context, notebookPath}).runId,
          startedAt,
          durationMs: Math.round(outcome.durationMs),
          parameters: shownParameters(outcome, request.pathRoot),
        },
        tag,
        at: startedAt,
        stableNames,
      }),
    );
    return {published, problem: null};
  } catch (error) {
    return {published: null, problem: messageOf(error)};
  }
}

function isAmong(files: readonly SharedFile[], {key}: SharedFile): boolean {
  return files.some((file) => file.key === key);
}

/** As the page shows them. */
function shownParameters(
  {parameters}: RunOutcome,
  pathRoot: string | undefined,
): [string, string][] {
  const shown = shownValues(parameterValues(parameters), pathRoot);
  return Object.entries(shown).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
}
