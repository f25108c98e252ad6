import type {Argv} from "yargs";
import {RUN_MODES} from "../../config/system-config.js";
import {type SiteFlags, siteOptions} from "../site/options.js";

/** The flags of `reckon investor-plots`. */
export interface PlotFlags extends SiteFlags {
  readonly model: string;
  readonly tag: string;
  readonly runMode: string;
  readonly history: string | undefined;
  readonly dataDir: string;
  readonly exchange: string | undefined;
  readonly timeframe: string;
  readonly capital: number;
  readonly runDir: readonly string[];
  readonly prodDataRootDir: string | undefined;
  readonly endDate: string;
  readonly firstYear: number;
  readonly lastYear: number;
  readonly dstDir: string;
  readonly copyTo: string | undefined;
  readonly dryRun: boolean;
  readonly page: boolean;
  readonly json: boolean;
}

/** Declares them. */
export function plotOptions(argv: Argv): Argv<PlotFlags> {
  return targetOptions(siteOptions(liveOptions(dataOptions(argv)))) as unknown as Argv<PlotFlags>;
}

function dataOptions(argv: Argv): Argv {
  return argv
    .option("model", {
      type: "string",
      alias: ["dag-builder-ctor", "dag-builder-name"],
      demandOption: true,
      describe: "model id, for example C1",
    })
    .option("tag", {
      type: "string",
      default: "",
      defaultDescription: "none",
      describe: "appended to the model's name",
    })
    .option("history", {
      type: "string",
      describe: "bar PnL: csv, Parquet, a folder of these, or backtest tiles",
    })
    .option("capital", {
      type: "number",
      default: 0,
      defaultDescription: "the newest run's cash",
      describe: "what that history stands on, $",
    })
    .option("data-dir", {
      type: "string",
      default: "./reckon-data",
      describe: "market store for a backtest, without --history",
    })
    .option("exchange", {type: "string", describe: "exchange of that backtest"})
    .option("timeframe", {type: "string", default: "1h", describe: "bar length of that backtest"});
}

/** Flags that name the runs, and the years that are shown. */
function liveOptions(argv: Argv): Argv {
  return argv
    .option("run-dir", {
      type: "string",
      array: true,
      nargs: 1,
      default: [],
      describe: "a run folder of the live part, the newest last; may be repeated",
    })
    .option("prod-data-root-dir", {
      type: "string",
      describe: "or the root of the runs: all of the model and mode",
    })
    .option("run-mode", {
      choices: RUN_MODES,
      default: "paper_trading" as const,
      describe: "how they were run",
    })
    .option("end-date", {
      type: "string",
      default: "",
      defaultDescription: "none",
      describe: "nothing after this day counts, YYYY-MM-DD, UTC",
    })
    .option("first-year", {
      type: "number",
      default: 0,
      defaultDescription: "of the first bar",
      describe: "first picture: since this year",
    })
    .option("last-year", {
      type: "number",
      default: 0,
      defaultDescription: "of the last bar",
      describe: "second picture: since this year",
    })
    .group(
      ["model", "tag", "history", "capital", "data-dir", "exchange", "timeframe"].concat([
        "run-dir",
        "prod-data-root-dir",
        "run-mode",
        "end-date",
        "first-year",
        "last-year",
      ]),
      "Data:",
    );
}

function targetOptions(argv: Argv): Argv {
  return argv
    .option("dst-dir", {
      type: "string",
      default: "./investor-plots",
      describe: "folder of pictures and page",
    })
    .option("copy-to", {
      type: "string",
      describe: "also replace the pictures there, for example pnl_for_investors",
    })
    .option("dry-run", {
      type: "boolean",
      default: false,
      describe: "show what would replace what, and write nothing",
    })
    .option("page", {
      type: "boolean",
      default: true,
      describe: "also the page with the same numbers, on the site as {model}.historical_pnl.html",
    })
    .option("json", {type: "boolean", default: false, describe: "print the result as JSON"})
    .group(["dst-dir", "copy-to", "dry-run", "page", "json"], "Result:");
}
