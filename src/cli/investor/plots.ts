import type {CommandModule} from "yargs";
import {ReckonError} from "../../errors.js";
import {type InvestorPlotsRequest, makeInvestorPlots} from "../../flows/investor/investor-plots.js";
import {findLiveRuns} from "../../flows/observe/find-observed-run.js";
import {folderModelName} from "../../flows/observe/model-name.js";
import {checkTag} from "../../reconcile/discovery/reconciliation-layout.js";
import {parseEndDate} from "../../report/investor/end-date.js";
import {systemClock} from "../../time/system-clock.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import {siteOf} from "../site/options.js";
import {type PlotFlags, plotOptions} from "./options.js";
import {tellPlots} from "./text.js";

/** `reckon investor-plots`. */
export const investorPlotsCommand: CommandModule<object, PlotFlags> = {
  builder: (argv) =>
    plotOptions(argv).epilogue(
      "Exit codes: 0 done; 1 nothing was replaced, because the run failed, is stale or older " +
        "than what stands there, or the page failed; 2 misuse or data that cannot be used.",
    ),
  handler: async (flags) => {
    const plots = await untilInterrupted((signal) => makeInvestorPlots(requestOf(flags, signal)));
    tellPlots(flags, plots);
    const {page} = plots;
    if (page !== undefined && page.exitCode !== 0) {
      const why = [page.outcome.failure?.message ?? page.status, ...page.problems].join("; ");
      const error = new ReckonError("failed", `the page failed, no picture was replaced: ${why}`);
      throw Object.assign(error, {exitCode: page.exitCode});
    }
  },
};

function requestOf(flags: PlotFlags, signal: AbortSignal): InvestorPlotsRequest {
  const {history = "", dataDir, exchange = "", timeframe, endDate, firstYear, lastYear} = flags;
  const model = folderModelName(flags.model);
  parseEndDate(endDate, "--end-date");
  if (history === "" && exchange === "") {
    throw new ReckonError("misuse", {
      place: "--history",
      expected: "files with bar PnL, or --exchange of the market store for a backtest",
      found: "neither",
    });
  }
  const dirs = runDirsOf(flags, model);
  return {
    query: {
      model,
      historyDir: history,
      dataDir,
      exchange,
      timeframe,
      capital: numberOf(flags.capital, "--capital"),
      runDir: dirs.at(-1) ?? "",
      olderRunDirs: dirs.slice(0, -1),
      endDate,
      firstYear: yearOf(firstYear, "--first-year"),
      lastYear: yearOf(lastYear, "--last-year"),
    },
    tag: checkTag(flags.tag),
    dstDir: flags.dstDir,
    copyTo: flags.copyTo,
    isDryRun: flags.dryRun,
    now: systemClock.now(),
    hasPage: flags.page,
    site: siteOf(flags),
    signal,
  };
}

function numberOf(value: number, place: string): number {
  if (!(value >= 0)) {
    throw new ReckonError("misuse", {place, expected: "a number from 0 on", found: String(value)});
  }
  return value;
}

/** Four digits, or the default 0. */
function yearOf(value: number, place: string): number {
  if (value !== 0 && !(Number.isInteger(value) && value >= 1970 && value <= 9999)) {
    const expected = "a year such as 2019";
    throw new ReckonError("misuse", {place, expected, found: String(value)});
  }
  return value;
}

function runDirsOf(flags: PlotFlags, model: string): readonly string[] {
  const {runDir, prodDataRootDir: root, tag, runMode, endDate} = flags;
  if (root === undefined) {
    return runDir;
  }
  if (runDir.length > 0) {
    const expected = "one of --run-dir and --prod-data-root-dir";
    throw new ReckonError("misuse", {place: "--run-dir", expected, found: "both"});
  }
  const runs = findLiveRuns({root, model, tag, runMode, until: parseEndDate(endDate)});
  return runs.map(({logDir}) => logDir);
}
