import process from "node:process";
import type {Argv, CommandModule} from "yargs";
import {RUN_MODES} from "../../config/system-config.js";
import {ReckonError} from "../../errors.js";
import {buildMultidayConfig} from "../../flows/reconcile/multiday/multiday-config.js";
import {runMultidayNotebook} from "../../flows/reconcile/multiday/run-multiday.js";
import {checkTag} from "../../reconcile/discovery/reconciliation-layout.js";
import type {MultidaySummary} from "../../report/multiday/days-report.js";
import {observationsPerYear} from "../../stats/series/observations-per-year.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import {flagName} from "../flag-name.js";
import {tellFailedPage} from "./failed-page.js";

interface MultidayFlags {
  readonly dstRootDir: string;
  readonly model: string;
  readonly runMode: string;
  readonly startTimestamp: string;
  readonly endTimestamp: string;
  readonly tag: string;
  readonly htmlNotebookTag?: string;
  readonly pnlResamplingFrequency: string;
  readonly strict: boolean;
}

/** `reckon reconcile multiday`. */
export const multidayCommand: CommandModule<object, MultidayFlags> = {
  command: "multiday",
  describe: "publish one page over all reconciliations of a period",
  builder: multidayOptions as (argv: Argv) => Argv<MultidayFlags>,
  handler: async (flags) => {
    const config = buildMultidayConfig(flags, flagName);
    checkFlags(flags);
    const page = await untilInterrupted((signal) =>
      runMultidayNotebook(config, {
        resampling: flags.pnlResamplingFrequency,
        htmlTag: flags.htmlNotebookTag,
        shared: {signal},
      }),
    );
    const verdict = page.outcome.results.verdict as MultidaySummary | undefined;
    const lines = [verdict?.sentence, page.link].filter((line) => line !== undefined);
    process.stdout.write(lines.map((line) => `${line}\n`).join(""));
    tellFailedPage(page);
    if (flags.strict && verdict?.agree !== verdict?.runs) {
      throw new ReckonError("failed", "not all runs agree, and --strict was asked for");
    }
  },
};

/** What only the notebook and its publisher would refuse, after much was done. */
function checkFlags({pnlResamplingFrequency, htmlNotebookTag}: MultidayFlags): void {
  observationsPerYear(pnlResamplingFrequency, "--pnl-resampling-frequency");
  if (htmlNotebookTag !== undefined) {
    checkTag(htmlNotebookTag, "--html-notebook-tag");
  }
}

function multidayOptions(argv: Argv): Argv {
  return argv
    .option("dst-root-dir", {
      type: "string",
      demandOption: true,
      describe: "root of the reconciliations",
    })
    .option("model", {
      type: "string",
      alias: ["dag-builder-ctor", "dag-builder-name"],
      demandOption: true,
      describe: "model id, for example C1",
    })
    .option("run-mode", {choices: RUN_MODES, demandOption: true, describe: "how the runs ran"})
    .option("start-timestamp", {
      type: "string",
      demandOption: true,
      describe: "YYYYMMDD_HHMMSS, UTC: runs that start from then on",
    })
    .option("end-timestamp", {
      type: "string",
      demandOption: true,
      describe: "YYYYMMDD_HHMMSS, UTC: runs that start up to then",
    })
    .option("tag", {type: "string", default: "", describe: "appended to the model's name"})
    .option("html-notebook-tag", {
      type: "string",
      describe: "also publish as pages/{model}[.{tag}].{this}.html, for example last_week",
    })
    .option("pnl-resampling-frequency", {
      type: "string",
      default: "H",
      describe: "bars of the figure of twelve panels: 5T, H, D",
    })
    .option("strict", {
      type: "boolean",
      default: false,
      describe: "exit 1 unless every run did what its simulation says",
    });
}
