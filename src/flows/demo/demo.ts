import {renameSync, rmSync} from "node:fs";
import {join} from "node:path";
import type {KernelSource} from "../../../publish/kernel/kernel.js";
import {withKernelPool} from "../../../publish/kernel/pool/with-kernel-pool.js";
import {findBrowser} from "../../../publish/render/picture/browser.js";
import {
  type FigurePainter,
  withFigurePainter,
} from "../../../publish/render/picture/figure-painter.js";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import {ReckonError} from "../../errors.js";
import {findModel} from "../../models/registry.js";
import {checkPlace, isOccupied, preserveFolder} from "../../runlog/whole-file.js";
import {runSystem} from "../../system/run/run-system.js";
import {formatMinute} from "../../time/epoch.js";
import {type InvestorPicture, writeInvestorPictures} from "../investor/investor-pictures.js";
import {publishHistory} from "../investor/publish-history.js";
import {storeMarket} from "../market/store-market.js";
import {observationOf, publishObserver} from "../observe/publish-observer.js";
import {reconcileAll} from "../reconcile/all.js";
import {prodRunDir} from "../reconcile/prod-run.js";
import type {ReconciliationRequest} from "../reconcile/request.js";
import {reconciliationKernels} from "../reconcile/steps/run-notebook.js";
import {DEMO_TIMEFRAME, type DemoMarket, prepareDemoMarket} from "./demo-market.js";
import {type DemoPages, type DemoVerdict, verdictOf, writeDemoPage} from "./demo-page.js";

/** What a demo is made of. */
export interface DemoRequest {
  /** Everything goes here; an existing folder is renamed. */
  readonly dstDir: string;
  /** Folder of recorded csv bars; the built-in simulated market when left out. */
  readonly from?: string | undefined;
  /** Name of the recorded market. */
  readonly exchange?: string | undefined;
  readonly signal?: AbortSignal;
  /** Told at the start of each step. */
  readonly onStep?: (step: string) => void;
}

/** What a demo left behind. */
export interface DemoResult {
  /** The front page. */
  readonly index: string;
  /** Where an older folder was moved. */
  readonly preserved?: string;
  readonly verdict: DemoVerdict;
  readonly pages: DemoPages;
  readonly pictures: readonly InvestorPicture[];
}

const MODEL = "C1";

/**
 * A whole recorded day: paper-trades a model for 24 hours on a replayed clock, replays it in
 * simulation, reconciles the two, and publishes three notebooks, four pictures and a front page.
 *
 * @throws ReckonError `bad-data`, with everything as it was, when the given market is wrong;
 *   `failed` when a page could not be published as it should
 */
export async function runDemo(request: DemoRequest): Promise<DemoResult> {
  const {dstDir, signal, onStep = () => {}} = request;
  checkMachine(dstDir);
  onStep(request.from === undefined ? "make the simulated market" : `import ${request.from}`);
  const {market, preserved} = await placeMarket(request);
  const plan = demoPlan(dstDir, market);
  const interval = `${formatMinute(market.start)} to ${formatMinute(market.end)} UTC`;
  onStep(`paper-trade ${MODEL}, ${interval}, ${market.summary}`);
  await runSystem({
    model: MODEL,
    runMode: "paper_trading",
    start: market.start,
    end: market.end,
    dir: prodRunDir(plan),
    ...(await storeMarket(
      {dataDir: plan.dataDir, exchange: market.exchange, timeframe: DEMO_TIMEFRAME},
      findModel(MODEL),
      market,
    )),
    options: signal === undefined ? {} : {signal},
  });
  const published = await withKernelPool({...reconciliationKernels(3), signal}, (kernels) =>
    withFigurePainter((painter) => publishDay({plan, market, kernels, painter, onStep, signal})),
  );
  const index = writeDemoPage({dstDir, market, plan, ...published});
  return {index, ...published, ...(preserved === undefined ? {} : {preserved})};
}

/** What would stop the demo at its end is found before it begins. */
function checkMachine(dstDir: string): void {
  const browser = findBrowser();
  if ("reason" in browser) {
    throw new ReckonError("misuse", `no browser to paint figures with: ${browser.reason}`);
  }
  checkPlace(dstDir, "--dst-dir");
}

/** The market is made aside: only when it is whole does the new folder take its place. */
async function placeMarket({
  dstDir,
  from,
  exchange,
}: DemoRequest): Promise<{market: DemoMarket; preserved: string | undefined}> {
  const aside = `${dstDir}.${process.pid}.tmp`;
  try {
    const market = await prepareDemoMarket({dataDir: join(aside, "data"), from, exchange});
    const preserved = isOccupied(dstDir) ? preserveFolder(dstDir) : undefined;
    rmSync(dstDir, {recursive: true, force: true});
    renameSync(aside, dstDir);
    return {market, preserved};
  } catch (error) {
    rmSync(aside, {recursive: true, force: true});
    throw error;
  }
}

/** The day's reconciliation, in the folders of the demo. */
function demoPlan(dstDir: string, {start, end}: DemoMarket): ReconciliationRequest {
  return {
    model: MODEL,
    runMode: "paper_trading",
    scheduleMode: "scheduled",
    start,
    end,
    dstRootDir: join(dstDir, "prod_reconciliation"),
    prodDataSourceDir: join(dstDir, "system_reconciliation"),
    dataDir: join(dstDir, "data"),
    overrides: [],
    setConfigValues: "",
    abortIfExists: true,
    backupDirIfExists: false,
    incremental: false,
    preventOverwriting: false,
  };
}

interface PublishDay {
  readonly plan: ReconciliationRequest;
  readonly market: DemoMarket;
  readonly kernels: KernelSource;
  readonly painter: FigurePainter;
  readonly onStep: (step: string) => void;
  readonly signal: AbortSignal | undefined;
}

async function publishDay({plan, market, kernels, painter, onStep, signal}: PublishDay) {
  const shared = {kernels, painter, ...(signal === undefined ? {} : {signal})};
  const reconciliation = await reconcileAll(plan, {
    notebook: {isLast24Hours: true, shared},
    allowUpdate: false,
    onStep,
    ...(signal === undefined ? {} : {signal}),
  });
  signal?.throwIfAborted();
  onStep("publish the PnL observer");
  const {page: observer} = await publishObserver(observationOf(plan), shared);
  signal?.throwIfAborted();
  onStep("publish the history for investors");
  const history = await publishHistory(plan, market, shared);
  signal?.throwIfAborted();
  const pages = {reconciliation: reconciliation.pages[0] as PublishResult, observer, history};
  for (const {exitCode, problems, outcome} of Object.values(pages)) {
    if (exitCode !== 0) {
      const found = [outcome.failure?.message ?? "", ...problems].filter(Boolean).join("; ");
      throw Object.assign(new ReckonError("failed", `a notebook failed: ${found}`), {exitCode});
    }
  }
  onStep("paint the four pictures");
  const query = {
    dataDir: plan.dataDir,
    exchange: market.exchange,
    timeframe: market.historyTimeframe,
    model: plan.model,
    runDir: prodRunDir(plan),
  };
  const pictures = await writeInvestorPictures(query, join(plan.dstRootDir, "pages"), painter);
  return {pages, pictures, verdict: verdictOf(pages.reconciliation)};
}
