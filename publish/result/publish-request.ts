import type {RunOptions, RunOutcome, RunStatus} from "../notebook/run-outcome.js";
import type {FigurePainter, withFigurePainter} from "../render/picture/figure-painter.js";
import type {PublishedPage} from "../site/publish-page.js";
import type {SiteRequest} from "../site/site.js";
import type {WriteFile} from "../whole-file.js";
import type {RunnerLog} from "./log/runner-log.js";
import type {Provenance} from "./record/provenance.js";
import type {ResultPaths} from "./result-folder.js";

/** What to run and where its result goes; the options of running are those of `runNotebook`. */
export interface PublishRequest extends RunOptions {
  /** The result goes to `{dstDir}/result_{index}/`. */
  readonly dstDir: string;
  /** The position in a list of runs; defaults to 0. */
  readonly index?: number;
  /** Stem of the files; defaults to the notebook's file name. */
  readonly name?: string;
  /** What `config.json` holds; defaults to the parameters and their values. */
  readonly configJson?: unknown;
  /** What `config.txt` holds; defaults to one `name = value` line for each parameter. */
  readonly configText?: string;
  /**
   * The folder that the reader of the page knows: on the page, values that are paths below it are
   * shown from there. The record and the config keep them whole; so does the page without it.
   */
  readonly pathRoot?: string;
  /** How often it may be tried until it goes well; defaults to 1. */
  readonly attempts?: number;
  /** Cells may fail: all run, and the exit code is 0; there is still no success marker. */
  readonly allowErrors?: boolean;
  /** Also puts the page on a site. Where that fails the run counts as failed, with exit code 9. */
  readonly publishTo?: SitePublishing;
  /** A painter that is shared by several runs; without it this run starts a browser of its own. */
  readonly painter?: FigurePainter;
  /** The log of a batch; without it the run keeps one of its own, `{dstDir}/log.{time}.txt`. */
  readonly runnerLog?: RunnerLog;
  /** Epoch milliseconds of the wall clock. */
  readonly now?: () => number;
}

/** Where the page of a run is published, beside its result folder. */
export interface SitePublishing {
  readonly site: SiteRequest;
  /** Part of the page's name; the pages of a tag have a `latest` of their own. */
  readonly tag?: string;
  /** Names under which the newest good page shall stand, for example `C1.last_5minutes.html`. */
  readonly stableNames?: readonly string[];
}

/** `ok` is the only good end: `success.txt` exists then and only then. */
export type PublishStatus = RunStatus | "render-failed" | "publish-failed";

/** What publishing left behind, also where the notebook failed. */
export interface PublishResult {
  readonly status: PublishStatus;
  readonly exitCode: number;
  readonly outcome: RunOutcome;
  readonly paths: ResultPaths;
  /** The page as a `file://` link. */
  readonly link: string;
  /** The page on the site, with the names that lead to it; null where there is none. */
  readonly published: PublishedPage | null;
  /** What the page could not show, or what could not be published; empty for a good end. */
  readonly problems: readonly string[];
}

/** The world as `publishNotebook` sees it; a test gives one in which a step fails. */
export interface PublishEffects {
  readonly runNotebook: (options: RunOptions) => Promise<RunOutcome>;
  readonly writeFile: WriteFile;
  readonly withPainter: typeof withFigurePainter;
  readonly readProvenance: (notebookPath: string) => Promise<Provenance>;
}
