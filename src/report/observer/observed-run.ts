import {researchPortfolio} from "../../backtest/research-portfolio.js";
import {messageOf} from "../../errors.js";
import {RunFolder} from "../../runlog/reading/run-folder.js";
import {orderExecutionTimes} from "../../runlog/reading/run-timing.js";
import {usableWindows} from "../../runlog/reading/usable-records.js";
import {type Frame, makeFrame, rowsWithin} from "../../table/frame.js";
import {type Panel, slicePanel} from "../../table/panel.js";
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
  const noFrame = (): Frame => makeFrame(new Float64Array(), [], []);
  // Configs of the reference system do not say how its forecasts become positions.
  const evaluate = run.layout === "reference" ? nothing : () => researchPortfolio(run);
  const research = await read("What the forecasts earned", async () => await evaluate(), nothing);
  const {start = -Infinity, end = Infinity} = facts;
  const lastOutput = await read("The last DAG output", () => lastOutputOf(run, problems), nothing);
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
    research: research === undefined ? noFrame() : rowsWithin(research.statistics, start, end),
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

/** The newest that can be read; what of the node cannot is added to the problems. */
async function lastOutputOf(run: RunFolder, problems: string[]): Promise<LastOutput | undefined> {
  const node = run
    .nodes()
    .filter(({method}) => method === "predict")
    .at(-1);
  if (node === undefined) {
    return undefined;
  }
  const {windows, lost} = await usableWindows(run, node);
  const [first] = lost;
  if (first !== undefined) {
    const bars = formatCount(lost.length, "bar");
    problems.push(`Node ${node.id} cannot be read at ${bars}: ${messageOf(first.error)}.`);
  }
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
