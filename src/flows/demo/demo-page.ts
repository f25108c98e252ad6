import {join, relative} from "node:path";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import {renderFrontPage} from "../../../publish/site/front-page.js";
import {marketTitle} from "../../market/market-title.js";
import {formatGain} from "../../report/number-text.js";
import {kpiRow} from "../../report/sentence.js";
import {writeWholeFile} from "../../runlog/whole-file.js";
import {formatMinute} from "../../time/epoch.js";
import type {InvestorPicture} from "../investor/investor-pictures.js";
import {prodRunDir} from "../reconcile/prod-run.js";
import {foldersOf, type ReconciliationRequest} from "../reconcile/request.js";
import {DEMO_TIMEFRAME, type DemoMarket} from "./demo-market.js";

/** The reconciliation notebook's finding. */
export interface DemoVerdict {
  readonly status: string;
  readonly sentence: string;
  /** The same, marked up for a page. */
  readonly html: string;
}

/** The three published notebooks. */
export interface DemoPages {
  readonly reconciliation: PublishResult;
  readonly observer: PublishResult;
  readonly history: PublishResult;
}

/** What the reconciliation notebook handed back. */
export function verdictOf({outcome}: PublishResult): DemoVerdict {
  const verdict = outcome.results.verdict as Partial<DemoVerdict> | undefined;
  const sentence = verdict?.sentence ?? "the notebook gave no verdict";
  return {status: verdict?.status ?? "missing", sentence, html: verdict?.html ?? sentence};
}

/** Writes `index.html`, the page that leads to the others; returns its path. */
export function writeDemoPage(day: {
  readonly dstDir: string;
  readonly market: DemoMarket;
  readonly plan: ReconciliationRequest;
  readonly verdict: DemoVerdict;
  readonly pages: DemoPages;
  readonly pictures: readonly InvestorPicture[];
}): string {
  const {dstDir, market, plan, verdict, pages, pictures} = day;
  const title = marketTitle(market.exchange, DEMO_TIMEFRAME);
  const interval = `${formatMinute(market.start)} to ${formatMinute(market.end)}`;
  const href = (path: string): string => relative(dstDir, path).replaceAll("\\", "/");
  const index = join(dstDir, "index.html");
  const page = renderFrontPage({
    name: "reckon demo",
    title: `Did ${plan.model} do what its simulation says?`,
    byline: `Paper trading on ${withArticle(title)}, ${interval} UTC`,
    verdict: `${verdict.html}${earnedHtml(pages.reconciliation)}`,
    cards: [
      {
        href: href(pages.reconciliation.paths.page),
        title: "Reconciliation",
        question: "Production against simulation and research, layer by layer.",
      },
      {
        href: href(pages.observer.paths.page),
        title: "PnL observer",
        question: "What has the run earned, what does it hold, is it healthy?",
      },
      {
        href: href(pages.history.paths.page),
        title: "History for investors",
        question: "What would the model have earned since the beginning?",
      },
    ],
    pictures: pictures.map(({path, caption}) => ({path, href: href(path), caption})),
    facts: [
      ["Run folder", href(prodRunDir(plan))],
      ["Simulation", href(foldersOf(plan).simRun)],
      ["Replay file", href(foldersOf(plan).marketDump)],
      ["Pages with stable names", href(join(plan.dstRootDir, "pages"))],
    ],
  });
  writeWholeFile(index, page);
  return index;
}

/** The simulated market is one of its kind; a recorded one has a name. */
function withArticle(title: string): string {
  return title.startsWith("simulated market") ? `the ${title}` : title;
}

/** What the run earned, as the reconciliation notebook handed it back. */
function earnedHtml({outcome}: PublishResult): string {
  const {netPnl} = (outcome.results.pnl ?? {}) as {netPnl?: number | null};
  const earned = typeof netPnl === "number" ? formatGain(netPnl) : "not known";
  return kpiRow([{label: "Net PnL of the day", value: earned, note: "after fees"}]).html;
}
