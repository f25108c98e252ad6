import {recordedResearch} from "../../backtest/recorded-research.js";
import {messageOf} from "../../errors.js";
import type {ValuedHoldings} from "../../finance/pnl/unpriced-bars.js";
import type {ForecastPortfolio} from "../../finance/research/forecast-evaluator.js";
import type {NodeStem} from "../../runlog/layout.js";
import {movedStreams} from "../../runlog/reading/row-times.js";
import {RunFolder} from "../../runlog/reading/run-folder.js";
import {orderExecutionTimes} from "../../runlog/reading/run-timing.js";
import {
  type UsableWindows,
  usableOutput,
  usableWindows,
} from "../../runlog/reading/usable-records.js";
import {type Frame, makeFrame, rowsWithin} from "../../table/frame.js";
import {featureOf, type Panel, slicePanel} from "../../table/panel.js";
import type {EpochMs} from "../../time/epoch.js";
import {formatCount} from "../number-text.js";
import type {RecordedRun} from "../recorded-run.js";
import {type RunFacts, runFacts} from "../run-facts.js";
import {
  salvageOrders,
  salvageOrderTimes,
  salvagePortfolio,
  salvageTargets,
} from "./salvage-portfolio.js";

/** A run as far as it can be read: a page about it is never blank because a part is. */
export interface ObservedRun extends Omit<RecordedRun, "outputs"> {
  /** What could not be read, one sentence each; empty when all could. */
  readonly problems: readonly string[];
  /** Bar metrics of what the run's own forecasts alone would have earned; no rows without. */
  readonly research: Frame;
  /** Holdings of that portfolio; undefined without. */
  readonly researchHoldings: ValuedHoldings | undefined;
  /**
   * Prices as the DAG's last node put them out: where the model carries none over any longer (C1:
   * after three bars), it has none, whereas a portfolio is marked at the last one known.
   * Undefined where no node tells.
   */
  readonly prices: Frame | undefined;
  /** What the DAG's last node put out at its last bar; undefined when it recorded nothing. */
  readonly lastOutput: LastOutput | undefined;
  /** `wall_clock_time` and `execution_time` (seconds after the bar's end) per bar with orders. */
  readonly orderTimes: Frame;
}

/** The newest row of a node. */
export interface LastOutput {
  readonly node: string;
  /** When it was recorded, by the run's clock. */
  readonly wallClock: EpochMs;
  /** One row: the bar; features of instruments. */
  readonly row: Panel;
}

/** What the place of a run folder says where the folder itself does not. */
export interface PlacedRun {
  readonly model?: string | undefined;
  readonly runMode?: string | undefined;
  readonly start?: EpochMs | undefined;
  readonly end?: EpochMs | undefined;
}

/**
 * Reads a run that may be running, part by part: what is missing or damaged is named, the rest is
 * there.
 *
 * @param placed for runs that carry no record of their own, as the reference's
 * @throws ReckonError `bad-data` when the folder is missing or holds no run
 */
export async function loadObservedRun(
  folder: string | RunFolder,
  placed: PlacedRun = {},
): Promise<ObservedRun> {
  const run = typeof folder === "string" ? new RunFolder(folder) : folder;
  const problems: string[] = [];
  const read = async <T>(
    what: string,
    load: () => Promise<T>,
    without: () => T | Promise<T>,
  ): Promise<T> => {
    try {
      return await load();
    } catch (error) {
      problems.push(`${what} cannot be read in full: ${messageOf(error)}.`);
      return await without();
    }
  };
  const portfolio = await run.portfolio().catch(async (error: unknown) => {
    const salvaged = await salvagePortfolio(run);
    problems.push(`The portfolio is not whole: ${messageOf(error)}.`, ...salvaged.problems);
    return salvaged.portfolio;
  });
  const facts = factsOf(run, placed);
  const nothing = (): undefined => undefined;
  const noList = (): never[] => [];
  const output = await read("The last DAG output", () => outputOf(run, problems), nothing);
  const lastOutput = output && (await lastOutputOf(run, output));
  for (const {stream, why} of await movedStreams(run)) {
    problems.push(`Times of rows of ${stream}: ${why}.`);
  }
  if (portfolio.statistics.index.length === 0 && lastOutput !== undefined) {
    problems.push("No portfolio was recorded, though the DAG's output was.");
  }
  return {
    dir: run.dir,
    facts,
    portfolio,
    targets: await read(
      "Target positions",
      () => run.targets(),
      () => salvageTargets(run),
    ),
    orders: await read(
      "Orders",
      () => run.orders(),
      () => salvageOrders(run),
    ),
    timings: await read("Execution times", () => run.timings(), noList),
    ...(await forecastsOf(run, output, {facts, problems})),
    lastOutput,
    orderTimes: await read(
      "Times of orders",
      () => orderExecutionTimes(run),
      () => salvageOrderTimes(run),
    ),
    problems,
  };
}

function factsOf(run: RunFolder, placed: PlacedRun): RunFacts {
  const facts = runFacts(run);
  const known = (found: string, given: string | undefined): string =>
    found === "unknown" ? (given ?? found) : found;
  return {
    ...facts,
    model: known(facts.model, placed.model),
    runMode: known(facts.runMode, placed.runMode),
    start: facts.start ?? placed.start,
    end: facts.end ?? placed.end,
  };
}

/** What the last node put out, as far as it can be read. */
interface NodeWindows extends UsableWindows {
  readonly node: NodeStem;
}

/** Undefined where no node was recorded; what of it cannot be read is added to the problems. */
async function outputOf(run: RunFolder, problems: string[]): Promise<NodeWindows | undefined> {
  const node = run.lastNode();
  if (node === undefined) {
    return undefined;
  }
  const found = await usableWindows(run, node);
  const [first] = found.lost;
  if (first !== undefined) {
    const bars = formatCount(found.lost.length, "bar");
    const why = messageOf(first.error);
    problems.push(`Node ${node.id} cannot be read at ${bars}, where research lacks it: ${why}.`);
  }
  return {node, ...found};
}

/** What the run's forecasts alone would have earned, and the prices that they were made from. */
async function forecastsOf(
  run: RunFolder,
  output: NodeWindows | undefined,
  {facts, problems}: {readonly facts: RunFacts; readonly problems: string[]},
): Promise<Pick<ObservedRun, "research" | "researchHoldings" | "prices">> {
  const portfolio = await researchOf(run, output, problems);
  const {start = -Infinity, end = Infinity} = facts;
  return {
    research: portfolio ? rowsWithin(portfolio.statistics, start, end) : noFrame(),
    researchHoldings: portfolio,
    prices: output && pricesOf(run, output),
  };
}

/** Configs of the reference system do not say how its forecasts become positions: none. */
async function researchOf(
  run: RunFolder,
  windows: NodeWindows | undefined,
  problems: string[],
): Promise<ForecastPortfolio | undefined> {
  if (run.layout === "reference" || windows === undefined) {
    return undefined;
  }
  const {portfolio, fault} = await recordedResearch({run, windows});
  if (fault !== "") {
    problems.push(`What the forecasts earned cannot be told: ${fault}.`);
  }
  return portfolio;
}

/** The price of the config's name; undefined where the node has none of that name. */
function pricesOf(run: RunFolder, {windows}: NodeWindows): Frame | undefined {
  const node = run.config().process_forecasts_node_dict as {price_col?: unknown} | undefined;
  const name = String(node?.price_col);
  const output = usableOutput({windows, lost: []});
  return output?.features.has(name) ? featureOf(output, name) : undefined;
}

function noFrame(): Frame {
  return makeFrame(new Float64Array(), [], []);
}

/** The newest row that can be read. */
async function lastOutputOf(
  run: RunFolder,
  {node, windows}: NodeWindows,
): Promise<LastOutput | undefined> {
  const last = windows.filter(({panel}) => panel.index.length > 0).at(-1);
  if (last === undefined) {
    return undefined;
  }
  const times = await run.nodeTimes(node);
  return {
    node: node.id,
    wallClock: times.find(({barEnd}) => barEnd === last.barEnd)?.wallClock ?? Number.NaN,
    row: slicePanel(last.panel, last.panel.index.length - 1),
  };
}
