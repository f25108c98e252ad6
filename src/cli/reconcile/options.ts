import type {Argv} from "yargs";
import {RUN_MODES, type RunMode} from "../../config/system-config.js";
import {NOTEBOOK_KINDS, type NotebookKind} from "../../flows/reconcile/steps/run-notebook.js";
import {
  FOLDER_LAYOUTS,
  type FolderLayout,
} from "../../reconcile/discovery/reconciliation-layout.js";
import {overrideOptions} from "../run/options.js";

/** The flags of every step; those that `--run-dir` can tell may be missing. */
export interface ReconcileFlags {
  readonly runDir?: string;
  readonly model?: string;
  readonly runMode?: RunMode;
  readonly startTimestamp?: string;
  readonly endTimestamp?: string;
  readonly mode?: string;
  readonly tag?: string;
  readonly dstRootDir?: string;
  readonly prodDataSourceDir?: string;
  readonly awsProfile?: string;
  readonly marketDataSourceDir?: string;
  readonly dataDir: string;
  readonly stage?: string;
  readonly layout?: FolderLayout;
  readonly abortIfExists: boolean;
  readonly backupDirIfExists: boolean;
  readonly incremental: boolean;
  readonly preventOverwriting: boolean;
  readonly setConfigValue: readonly string[];
  readonly setConfigValues: string | undefined;
}

/** Declares them. */
export function reconcileOptions(argv: Argv): Argv {
  return existingOptions(placeOptions(overrideOptions(runOptions(argv)))) as Argv;
}

const RUN = "Which run (all of it from --run-dir, or flag by flag):";

function runOptions<T>(argv: Argv<T>) {
  return argv
    .option("run-dir", {
      group: RUN,
      type: "string",
      describe: "the recorded run's folder; prints the command that it stands for",
    })
    .option("model", {
      group: RUN,
      type: "string",
      alias: ["dag-builder-ctor", "dag-builder-name"],
      describe: "model id, for example C1",
    })
    .option("run-mode", {group: RUN, choices: RUN_MODES, describe: "how it ran"})
    .option("start-timestamp", {
      group: RUN,
      type: "string",
      describe: "YYYYMMDD_HHMMSS, UTC; its first bar ends after it",
    })
    .option("end-timestamp", {
      group: RUN,
      type: "string",
      describe: "YYYYMMDD_HHMMSS, UTC; its last bar ends at it",
    })
    .option("mode", {
      group: RUN,
      type: "string",
      alias: "schedule-mode",
      describe: "scheduled or manual [default: scheduled]",
    })
    .option("tag", {group: RUN, type: "string", describe: "appended to the model's name"});
}

const PLACES = "Where things are:";

function placeOptions<T>(argv: Argv<T>) {
  return argv
    .option("prod-data-source-dir", {
      group: PLACES,
      type: "string",
      describe: "root of the recorded runs: a folder or s3://bucket/prefix",
    })
    .option("aws-profile", {
      group: PLACES,
      type: "string",
      describe: "profile of the AWS files, for a root in a bucket",
    })
    .option("dst-root-dir", {
      group: PLACES,
      type: "string",
      describe: "root of the reconciliations [with --run-dir: prod_reconciliation beside its root]",
    })
    .option("market-data-source-dir", {
      group: PLACES,
      type: "string",
      describe: "folder with a test_data.csv.gz to use instead of the store",
    })
    .option("data-dir", {
      group: PLACES,
      type: "string",
      default: "./reckon-data",
      describe: "folder of the market store",
    })
    .option("layout", {
      group: PLACES,
      choices: FOLDER_LAYOUTS,
      describe: "legacy: without a folder for the mode [default: as it is, else reckon]",
    })
    .option("stage", {
      group: PLACES,
      type: "string",
      describe: "accepted for the reference's command lines",
    });
}

const EXISTING = "What exists already:";

function existingOptions<T>(argv: Argv<T>) {
  return argv
    .option("abort-if-exists", {
      group: EXISTING,
      type: "boolean",
      default: true,
      describe: "refuse an existing folder",
    })
    .option("backup-dir-if-exists", {
      group: EXISTING,
      type: "boolean",
      default: false,
      describe: "rename an existing folder",
    })
    .option("incremental", {
      group: EXISTING,
      type: "boolean",
      default: false,
      describe: "keep what is there and whole, make the rest",
    })
    .option("prevent-overwriting", {
      group: EXISTING,
      type: "boolean",
      default: true,
      describe: "make what was copied, dumped and simulated read-only",
    });
}

/** The flags of the steps that end with a page or a verdict. */
export interface NotebookFlags {
  readonly allowUpdate: boolean;
  readonly runNotebook: boolean;
  readonly notebookRunMode?: NotebookKind;
  readonly markAsLast24HourRun: boolean;
  readonly strict: boolean;
}

const PAGE = "Page and verdict:";

/** Declares them. */
export function notebookOptions(argv: Argv): Argv {
  return argv
    .option("run-notebook", {
      group: PAGE,
      type: "boolean",
      default: false,
      describe: "all: run and publish the notebooks too",
    })
    .option("notebook-run-mode", {
      group: PAGE,
      choices: NOTEBOOK_KINDS,
      describe: "fast: the verdict; slow: every node at every bar [default: all: both, else fast]",
    })
    .option("check-dag-output-self-consistency", {
      group: PAGE,
      type: "boolean",
      describe: "accepted for the reference's command lines: the slow notebook always checks",
    })
    .option("mark-as-last-24-hour-run", {
      group: PAGE,
      type: "boolean",
      default: false,
      describe: "publish as the newest day",
    })
    .option("allow-update", {
      group: PAGE,
      type: "boolean",
      default: false,
      describe: "make everything writable at the end",
    })
    .option("strict", {
      group: PAGE,
      type: "boolean",
      default: false,
      describe: "exit 1 when the runs differ",
    });
}
