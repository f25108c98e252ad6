import type {Argv, Options} from "yargs";
import {RUN_MODES, type RunMode} from "../../config/system-config.js";
import {ReckonError} from "../../errors.js";
import {NOTEBOOK_KINDS, type NotebookKind} from "../../flows/reconcile/steps/run-notebook.js";
import {
  FOLDER_LAYOUTS,
  type FolderLayout,
} from "../../reconcile/discovery/reconciliation-layout.js";
import {OVERRIDE_FLAGS} from "../run/options.js";
import {STEP_FLAGS, type StepName} from "./step-flags.js";

/** The flags of the steps; undefined: not given, or not one of the step's. */
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
  readonly stage?: string;
  readonly awsProfile?: string;
  readonly marketDataSourceDir?: string;
  readonly universeVersion?: string;
  readonly dataDir?: string;
  readonly layout?: FolderLayout;
  readonly abortIfExists?: boolean;
  readonly backupDirIfExists?: boolean;
  readonly incremental?: boolean;
  readonly preventOverwriting?: boolean;
  readonly interactive?: boolean;
  readonly setConfigValue?: readonly string[];
  readonly setConfigValues?: string | undefined;
  readonly runNotebook?: boolean;
  readonly notebookRunMode?: NotebookKind;
  readonly checkDagOutputSelfConsistency?: boolean;
  readonly markAsLast24HourRun?: boolean;
  readonly allowUpdate?: boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
}

const RUN = "Which run (all of it from --run-dir, or flag by flag):";
const PLACES = "Where things are:";
const EXISTING = "What exists already:";
const PAGE = "Page and verdict:";

/** Each flag, whichever steps take it. */
const FLAGS: Readonly<Record<string, Options>> = {
  "run-dir": {
    group: RUN,
    type: "string",
    describe: "the recorded run's folder; prints the command that it stands for",
  },
  model: {
    group: RUN,
    type: "string",
    alias: ["dag-builder-ctor", "dag-builder-name"],
    describe: "model id, for example C1",
  },
  "run-mode": {group: RUN, choices: RUN_MODES, describe: "how it ran"},
  "start-timestamp": {
    group: RUN,
    type: "string",
    describe: "YYYYMMDD_HHMMSS, UTC; its first bar ends after it",
  },
  "end-timestamp": {
    group: RUN,
    type: "string",
    describe: "YYYYMMDD_HHMMSS, UTC; its last bar ends at it",
  },
  mode: {
    group: RUN,
    type: "string",
    alias: "schedule-mode",
    describe: "scheduled or manual [default: scheduled]",
  },
  tag: {group: RUN, type: "string", describe: "appended to the model's name"},
  "prod-data-source-dir": {
    group: PLACES,
    type: "string",
    describe: "root of the recorded runs: a folder or s3://bucket/prefix",
  },
  stage: {
    group: PLACES,
    type: "string",
    alias: "db-stage",
    describe: "what the run was recorded with, and perhaps a folder between root and runs",
  },
  "aws-profile": {
    group: PLACES,
    type: "string",
    describe: "profile of the AWS files, for a folder in a bucket",
  },
  "dst-root-dir": {
    group: PLACES,
    type: "string",
    describe: "root of the reconciliations [with --run-dir: prod_reconciliation beside its root]",
  },
  "market-data-source-dir": {
    group: PLACES,
    type: "string",
    alias: "source-dir",
    describe: "folder or s3://bucket/prefix with a test_data.csv.gz, used instead of the store",
  },
  "data-dir": {
    group: PLACES,
    type: "string",
    default: "./reckon-data",
    describe: "folder of the market store",
  },
  "universe-version": {
    group: PLACES,
    type: "string",
    describe: "dump all of a universe: NAME, NAME.vN or vN [default: what the run traded]",
  },
  layout: {
    group: PLACES,
    choices: FOLDER_LAYOUTS,
    describe: "legacy: without a folder for the mode [default: as it is, else reckon]",
  },
  "abort-if-exists": {
    group: EXISTING,
    type: "boolean",
    default: true,
    describe: "refuse an existing folder",
  },
  "backup-dir-if-exists": {
    group: EXISTING,
    type: "boolean",
    default: false,
    describe: "rename an existing folder",
  },
  incremental: {
    group: EXISTING,
    type: "boolean",
    default: false,
    describe: "keep what is there and whole, make the rest",
  },
  "prevent-overwriting": {
    group: EXISTING,
    type: "boolean",
    default: true,
    describe: "make the result read-only, and replace no read-only one",
  },
  interactive: {
    group: EXISTING,
    type: "boolean",
    default: false,
    describe: "ask whether the replay file is right before it takes its place",
  },
  ...OVERRIDE_FLAGS,
  "run-notebook": {
    group: PAGE,
    type: "boolean",
    default: false,
    describe: "run and publish the notebooks too",
  },
  "notebook-run-mode": {
    group: PAGE,
    choices: NOTEBOOK_KINDS,
    describe: "fast: the verdict; slow: every node at every bar [default: all: both, else fast]",
  },
  "check-dag-output-self-consistency": {
    group: PAGE,
    type: "boolean",
    describe:
      "does every node stand by what it said; --no-: a node that does not is no failure " +
      "[default: where the slow notebook runs]",
  },
  "mark-as-last-24-hour-run": {
    group: PAGE,
    type: "boolean",
    default: false,
    describe: "publish as the newest day",
  },
  "allow-update": {
    group: PAGE,
    type: "boolean",
    default: false,
    describe: "make everything writable at the end",
  },
  strict: {
    group: PAGE,
    type: "boolean",
    default: false,
    describe: "exit 1 when the runs differ",
  },
  json: {type: "boolean", default: false, describe: "print JSON"},
};

/** Declares the flags of a step, and refuses those of other steps by name. */
export function stepOptions(argv: Argv, step: StepName): Argv {
  const own = Object.fromEntries(STEP_FLAGS[step].map((name) => [name, FLAGS[name] as Options]));
  return argv.options(own).middleware((given) => refuseOthers(step, given), true);
}

function refuseOthers(step: StepName, given: Readonly<Record<string, unknown>>): void {
  for (const [name, {alias = []}] of Object.entries(FLAGS)) {
    const written = [name, alias].flat().find((one) => given[one] !== undefined);
    if (written !== undefined && !STEP_FLAGS[step].includes(name)) {
      const takers = Object.entries(STEP_FLAGS).filter(([, flags]) => flags.includes(name));
      throw new ReckonError("misuse", {
        place: `--${written}`,
        expected: `a flag that ${step} has a use for`,
        found: `one of ${takers.map(([taker]) => taker).join(", ")}`,
        fix: "leave it out",
      });
    }
  }
}
