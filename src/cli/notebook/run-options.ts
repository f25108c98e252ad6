import type {Argv} from "yargs";
import {overrideOptions} from "../run/options.js";
import {pageOptions, type SiteFlags, siteOptions} from "../site/options.js";

/** The flags of `reckon notebook run`, as yargs parsed them. */
export interface NotebookRunFlags extends SiteFlags {
  readonly notebook: string | undefined;
  readonly dstDir: string | undefined;
  readonly parameter: readonly string[];
  readonly parametersFile: readonly string[];
  readonly setConfigValue: readonly string[];
  readonly setConfigValues: string | undefined;
  readonly configs: string | undefined;
  readonly index: number | undefined;
  readonly startFromIndex: number | undefined;
  readonly numThreads: string;
  readonly skipOnError: boolean;
  readonly numAttempts: number;
  readonly incremental: boolean | undefined;
  readonly force: boolean;
  readonly allowErrors: boolean;
  readonly cache: "on" | "refresh" | undefined;
  readonly cacheDir: string | undefined;
  readonly dryRun: boolean;
  readonly cleanDstDir: boolean;
  readonly skipTag: readonly string[];
  readonly onlyTag: readonly string[];
  readonly cellTimeout: string | undefined;
  readonly timeout: string | undefined;
  readonly follow: boolean;
  readonly json: boolean;
  readonly tag: string | undefined;
  readonly stableName: readonly string[];
}

const valueSources = [
  "Values: the notebook's own, else a file (-f), else the environment (RECKON_PARAM_RUN_DIR for",
  "runDir), else --configs, else -p; the last that names it counts. A secret is never on the",
  "command line: set RECKON_PARAM_NAME, or RECKON_PARAM_NAME_FILE to the path of a file.",
].join(" ");

const exitCodes = [
  "Exit codes: 0 done; 1 a cell failed; 2 misuse or bad parameter, nothing started; 3 no kernel",
  "started; 4 cell timeout; 5 notebook timeout; 6 kernel died; 7 output incomplete; 8 could not",
  "be shown; 9 could not be published; 130 interrupted.",
].join(" ");

/** Declares them, grouped as the help shows them. */
export function notebookRunOptions(argv: Argv): Argv<NotebookRunFlags> {
  return pageOptions(siteOptions(outputOptions(batchOptions(overrideOptions(inputOptions(argv))))))
    .example("$0 notebook run pnl.ipynb -p model=C1", "one run, into results/pnl/result_0")
    .example("$0 notebook run pnl.ipynb --configs c.yaml", "a run for each of a list")
    .epilogue(`${valueSources}\n\n${exitCodes}`) as unknown as Argv<NotebookRunFlags>;
}

/** A flag that may be repeated. */
const list = {type: "string", array: true, nargs: 1, default: []} as const;

function inputOptions(argv: Argv): Argv {
  return argv
    .positional("notebook", {
      type: "string",
      describe: "the notebook, also as --notebook; only read",
    })
    .option("parameter", {
      ...list,
      alias: "p",
      describe: "a value, name=value; `reckon notebook help` lists names and types",
    })
    .option("parameters-file", {
      ...list,
      alias: "f",
      describe: "JSON or YAML file with a map of values; a later file goes over an earlier one",
    })
    .option("skip-tag", {
      ...list,
      describe: "pass over cells with this tag; they are kept, and marked as skipped",
    })
    .option("only-tag", {
      ...list,
      describe: "run only cells with this tag, and those that set parameters",
    })
    .option("cell-timeout", {type: "string", describe: "for each cell, like 90, 30s or 5m"})
    .option("timeout", {type: "string", describe: "for all cells together, like 1h"})
    .option("allow-errors", {
      type: "boolean",
      default: false,
      describe: "run on after a failing cell and exit 0; there is no success marker",
    })
    .group(
      [
        "parameter",
        "parameters-file",
        "skip-tag",
        "only-tag",
        "cell-timeout",
        "timeout",
        "allow-errors",
      ],
      "Run",
    );
}

function batchOptions(argv: Argv): Argv {
  return argv
    .option("configs", {
      type: "string",
      describe: "JSON or YAML file with a list: the parameters of each run",
    })
    .option("index", {type: "number", describe: "only this config, counted from 0"})
    .option("start-from-index", {type: "number", describe: "only this config and those after it"})
    .option("num-threads", {
      type: "string",
      default: "serial",
      describe: "how many run at once: serial, a number, or -1 for one per core",
    })
    .option("skip-on-error", {
      type: "boolean",
      default: false,
      describe: "a failed run does not stop the others",
    })
    .option("num-attempts", {type: "number", default: 1, describe: "tries of each run"})
    .option("incremental", {
      type: "boolean",
      describe: "leave out runs that are done, same notebook and values [default with --configs]",
    })
    .option("cache", {
      type: "string",
      choices: ["on", "refresh"],
      describe: "take an earlier result if nothing changed since; =refresh: run and keep anew",
    })
    .option("cache-dir", {type: "string", describe: "where kept results are listed"})
    .option("force", {type: "boolean", default: false, describe: "the same as --no-incremental"})
    .option("dry-run", {
      type: "boolean",
      default: false,
      describe: "check everything, print what would run, and stop",
    })
    .group(
      [
        "configs",
        "index",
        "start-from-index",
        "num-threads",
        "skip-on-error",
        "num-attempts",
        "incremental",
        "force",
        "cache",
        "cache-dir",
        "dry-run",
      ],
      "Many runs",
    );
}

function outputOptions(argv: Argv): Argv {
  return argv
    .option("dst-dir", {
      type: "string",
      describe: "folder of the results, result_0 and so on [default: results/NOTEBOOK]",
    })
    .option("clean-dst-dir", {
      type: "boolean",
      default: false,
      describe: "begin with an empty folder; the old one is kept under another name",
    })
    .option("follow", {
      alias: "tee",
      type: "boolean",
      default: false,
      describe: "print what the cells print, as they print it",
    })
    .option("json", {
      type: "boolean",
      default: false,
      describe: "print events as JSON lines, the result last",
    })
    .group(["dst-dir", "clean-dst-dir", "follow", "json"], "Output");
}
