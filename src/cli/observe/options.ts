import process from "node:process";
import type {Argv} from "yargs";
import {RUN_MODES} from "../../config/system-config.js";
import type {SiteFlags} from "../site/options.js";
import {siteOptions} from "../site/options.js";

/** The flags of `reckon observe`. */
export interface ObserveFlags extends SiteFlags {
  readonly model: string;
  readonly tag: string;
  readonly runMode: string;
  readonly prodDataRootDir: string;
  readonly stage: string | undefined;
  readonly startTimestamp: string | undefined;
  readonly endTimestamp: string | undefined;
  readonly mode: string | undefined;
  readonly asOf: string | undefined;
  readonly dstDir: string | undefined;
  readonly storeDir: string | undefined;
  readonly leastBalance: number | undefined;
  readonly leastPnl: number | undefined;
  readonly largestDrawdown: number | undefined;
  readonly leastPnlPercent: number | undefined;
  readonly staleBars: number | undefined;
  readonly markAsLast5minuteRun: boolean;
  readonly savePlotsForInvestors: boolean;
  readonly follow: boolean;
  readonly every: string;
  readonly keep: number;
  readonly strict: boolean;
  readonly json: boolean;
}

/** Declares them, in the reference's spelling too. */
export function observeOptions(argv: Argv): Argv<ObserveFlags> {
  return resultOptions(guardOptions(siteOptions(runChoice(argv)))) as unknown as Argv<ObserveFlags>;
}

/** Flags that say whose run is looked at. */
export function runChoice(argv: Argv): Argv {
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
    .option("run-mode", {
      choices: RUN_MODES,
      default: "paper_trading" as const,
      describe: "how it is run",
    })
    .option("prod-data-root-dir", {
      type: "string",
      demandOption: true,
      describe: "root of the recorded runs, of today's and of older layouts",
    })
    .option("stage", {type: "string", describe: "a folder between the root and the runs"})
    .option("start-timestamp", {
      type: "string",
      describe: "YYYYMMDD_HHMMSS, UTC; with end and mode one run, without all three the newest",
    })
    .option("end-timestamp", {type: "string", describe: "YYYYMMDD_HHMMSS, UTC"})
    .option("mode", {
      type: "string",
      alias: "schedule-mode",
      describe: "scheduled or manual",
    })
    .option("as-of", {
      type: "string",
      describe: "what now is, YYYYMMDD_HHMMSS, UTC [default: the clock of this machine]",
    })
    .group(
      ["model", "tag", "run-mode", "prod-data-root-dir", "stage"].concat([
        "start-timestamp",
        "end-timestamp",
        "mode",
        "as-of",
      ]),
      "Run:",
    );
}

function guardOptions(argv: Argv): Argv {
  return argv
    .option("least-balance", {type: "number", describe: "net wealth, $ [default: 0]"})
    .option("least-pnl", {
      type: "number",
      describe: "cumulative net PnL, $ [default: −10 % of the capital]",
    })
    .option("largest-drawdown", {
      type: "number",
      describe: "of cumulative net PnL, $ [default: 10 % of the capital]",
    })
    .option("least-pnl-percent", {
      type: "number",
      describe: "net PnL, % of mean GMV [default: -10]",
    })
    .option("stale-bars", {
      type: "number",
      describe: "bars without a row before data is stale [default: 3]",
    })
    .option("strict", {type: "boolean", default: false, describe: "exit 1 when there is an alert"})
    .group(
      ["least-balance", "least-pnl", "largest-drawdown", "least-pnl-percent", "stale-bars"].concat(
        "strict",
      ),
      "Guards (an alert beyond them; the page is published all the same):",
    );
}

function resultOptions(argv: Argv): Argv {
  return argv
    .option("dst-dir", {
      type: "string",
      describe: "the dated folder goes here [default: pnl_realtime_observer_notebook in the run]",
    })
    .option("store-dir", {
      type: "string",
      describe: "folder of the SQL store that knows positions and balance [default: the run's own]",
    })
    .option("mark-as-last-5minute-run", {
      type: "boolean",
      default: false,
      describe: "also as {model}.last_5minutes.html on the site [default site: ROOT/pages]",
    })
    .option("save-plots-for-investors", {
      type: "boolean",
      default: true,
      describe: "also the picture cumulative_pnl.last_24hours.png or last_5minutes.png",
    })
    .option("notebook-name", {type: "string", hidden: true})
    .option("follow", {type: "boolean", default: false, describe: "refresh until interrupted"})
    .option("every", {type: "string", default: "5m", describe: "how often, like 30s, 5m, 1h"})
    .option("keep", {
      type: "number",
      default: 12,
      describe: "dated folders that following keeps; pages on the site stay",
    })
    .option("json", {type: "boolean", default: false, describe: "print the result as JSON"})
    .group(
      ["dst-dir", "store-dir", "mark-as-last-5minute-run", "save-plots-for-investors"].concat([
        "follow",
        "every",
        "keep",
        "json",
      ]),
      "Result:",
    );
}

/** One JSON line, or the lines of a text. */
export function tell(isJson: boolean, value: unknown, lines: readonly string[]): void {
  process.stdout.write(isJson ? `${JSON.stringify(value)}\n` : `${lines.join("\n")}\n`);
}
