import process from "node:process";
import type {Argv, CommandModule} from "yargs";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import {parseOverride} from "../../config/override.js";
import {ReckonError} from "../../errors.js";
import {reconcileAll} from "../../flows/reconcile/all.js";
import {copyProdData} from "../../flows/reconcile/copy-prod-data.js";
import {createReconciliationDirs} from "../../flows/reconcile/create-dirs.js";
import {dumpReplayFile} from "../../flows/reconcile/market-data.js";
import {foldersOf, type ReconciliationRequest} from "../../flows/reconcile/request.js";
import {runReconciliationNotebook} from "../../flows/reconcile/run-notebook.js";
import {runReconciliationSim} from "../../flows/reconcile/run-sim.js";
import {findModel} from "../../models/registry.js";
import {checkTag, parseScheduleMode} from "../../reconcile/discovery/reconciliation-layout.js";
import type {VerdictSummary} from "../../report/reconciliation/verdict.js";
import {parseStamp} from "../../time/epoch.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import {intervalOptions, overrideOptions, overridesOf} from "../run/options.js";

/** `reckon reconcile …`: each step of a reconciliation, and all of them. */
export const reconcileCommand: CommandModule = {
  command: "reconcile <step>",
  describe: "compare a recorded run with its simulation, layer by layer, and publish the page",
  builder: (argv) =>
    argv
      .command(
        step("all", "all the steps below, in order", async (request, args) => {
          const {page, verdict} = await untilInterrupted((signal) =>
            reconcileAll(request, {
              ...(args.runNotebook
                ? {notebook: {isLast24Hours: args.markAsLast24HourRun, shared: {signal}}}
                : {}),
              allowUpdate: args.allowUpdate,
              signal,
              onStep: (name) => process.stdout.write(`${name}\n`),
            }),
          );
          process.stdout.write(`${foldersOf(request).dir}\n`);
          tellVerdict(verdict, page, args);
        }),
      )
      .command(
        step("create-dirs", "make the folders", async (request) => {
          const preserved = createReconciliationDirs(request);
          const kept = preserved === undefined ? "" : `kept the older folder as ${preserved}\n`;
          process.stdout.write(`${kept}${foldersOf(request).dir}\n`);
        }),
      )
      .command(
        step("copy-prod-data", "copy the recorded run", async (request) => {
          process.stdout.write(`${copyProdData(request)}\n`);
        }),
      )
      .command(
        step("dump-market-data", "write the replay file", async (request) => {
          process.stdout.write(`${await dumpReplayFile(request)}\n`);
        }),
      )
      .command(
        step("run-sim", "simulate the run from the replay file", async (request) => {
          const {dir, record} = await untilInterrupted((signal) =>
            runReconciliationSim(request, signal),
          );
          process.stdout.write(`${record.bars} bars simulated\n${dir}\n`);
        }),
      )
      .command(
        step("run-notebook", "run and publish the notebook", async (request, args) => {
          const page = await untilInterrupted((signal) =>
            runReconciliationNotebook(request, {
              isLast24Hours: args.markAsLast24HourRun,
              shared: {signal},
            }),
          );
          tellVerdict(page.outcome.results.verdict as VerdictSummary | undefined, page, args);
        }),
      )
      .demandCommand(1, "a step is needed: all, or one of those that --help lists"),
  handler: () => {},
};

interface ReconcileArgs {
  readonly model: string;
  readonly runMode: ReconciliationRequest["runMode"];
  readonly startTimestamp: string;
  readonly endTimestamp: string;
  readonly dstRootDir: string;
  readonly prodDataSourceDir: string;
  readonly marketDataSourceDir?: string;
  readonly dataDir: string;
  readonly mode: string;
  readonly tag: string;
  readonly abortIfExists: boolean;
  readonly backupDirIfExists: boolean;
  readonly incremental: boolean;
  readonly preventOverwriting: boolean;
  readonly allowUpdate: boolean;
  readonly runNotebook: boolean;
  readonly markAsLast24HourRun: boolean;
  readonly strict: boolean;
  readonly setConfigValue: readonly string[];
  readonly setConfigValues: string | undefined;
}

function step(
  command: string,
  describe: string,
  run: (request: ReconciliationRequest, args: ReconcileArgs) => Promise<void>,
): CommandModule {
  return {
    command,
    describe,
    builder: reconcileOptions as (argv: Argv) => Argv,
    handler: async (parsed) => {
      const args = parsed as unknown as ReconcileArgs;
      await run(requestOf(args), args);
    },
  };
}

function reconcileOptions(argv: Argv) {
  return existingOptions(placeOptions(overrideOptions(intervalOptions(argv))));
}

/** Where things are. */
function placeOptions<T>(argv: Argv<T>) {
  return argv
    .option("dst-root-dir", {
      type: "string",
      demandOption: true,
      describe: "root of the reconciliations",
    })
    .option("prod-data-source-dir", {
      type: "string",
      demandOption: true,
      describe: "root of the recorded runs",
    })
    .option("market-data-source-dir", {
      type: "string",
      describe: "folder with a test_data.csv.gz to use",
    })
    .option("data-dir", {
      type: "string",
      default: "./reckon-data",
      describe: "folder of the market store",
    })
    .option("mode", {
      type: "string",
      alias: "schedule-mode",
      default: "scheduled",
      describe: "scheduled or manual",
    })
    .option("stage", {type: "string", describe: "accepted for the reference's command lines"})
    .option("tag", {type: "string", default: "", describe: "appended to the model's name"});
}

/** How existing folders are treated, and what is done besides. */
function existingOptions<T>(argv: Argv<T>) {
  return argv
    .option("abort-if-exists", {
      type: "boolean",
      default: true,
      describe: "refuse an existing folder",
    })
    .option("backup-dir-if-exists", {
      type: "boolean",
      default: false,
      describe: "rename an existing folder",
    })
    .option("incremental", {
      type: "boolean",
      default: false,
      describe: "keep what is there already",
    })
    .option("prevent-overwriting", {
      type: "boolean",
      default: true,
      describe: "make what is copied read-only",
    })
    .option("allow-update", {
      type: "boolean",
      default: false,
      describe: "make everything writable at the end",
    })
    .option("run-notebook", {
      type: "boolean",
      default: false,
      describe: "run and publish the notebook too",
    })
    .option("mark-as-last-24-hour-run", {
      type: "boolean",
      default: false,
      describe: "publish as the newest day",
    })
    .option("strict", {type: "boolean", default: false, describe: "exit 1 when the runs differ"});
}

function requestOf(args: ReconcileArgs): ReconciliationRequest {
  const start = parseStamp(args.startTimestamp, "--start-timestamp");
  const end = parseStamp(args.endTimestamp, "--end-timestamp");
  return {
    ...args,
    model: findModel(args.model).id,
    scheduleMode: parseScheduleMode(args.mode),
    tag: checkTag(args.tag),
    start,
    end,
    overrides: overridesOf(args),
    setConfigValues: joinOverrides(args),
  };
}

/** What the notebook shows and can be given again by hand. */
function joinOverrides({setConfigValue, setConfigValues}: ReconcileArgs): string {
  setConfigValue.forEach(parseOverride);
  return [...setConfigValue, setConfigValues ?? ""].filter((text) => text !== "").join(";");
}

/** Prints verdict and page; a failed page, or a difference under --strict, is an error. */
function tellVerdict(
  verdict: VerdictSummary | undefined,
  page: PublishResult | undefined,
  {strict}: ReconcileArgs,
): void {
  const lines = [verdict?.sentence, page?.link].filter((line) => line !== undefined);
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  if (page !== undefined && page.exitCode !== 0) {
    const reasons = [page.outcome.failure?.message ?? page.status, ...page.problems];
    const message = `the notebook was published, but ${reasons.join("; ")}`;
    throw Object.assign(new ReckonError("failed", message), {exitCode: page.exitCode});
  }
  if (strict && verdict?.status !== "identical" && verdict?.status !== "within-tolerance") {
    throw new ReckonError("failed", "the runs differ, and --strict was asked for");
  }
}
