import process from "node:process";
import yargs, {type Argv} from "yargs";
import {PublishError} from "../../publish/errors.js";
import {type ErrorCode, messageOf, ReckonError} from "../errors.js";
import {packageVersion} from "../system/run-record.js";
import {configCommand} from "./config.js";
import {demoCommand} from "./demo.js";
import {deskDataDir, inDeskSession} from "./desk-session.js";
import {doctorCommand} from "./doctor.js";
import {marketCommand} from "./market.js";
import {modelCommand} from "./model.js";
import {notebookCommand} from "./notebook.js";
import {publishCommand} from "./publish.js";
import {reconcileCommand} from "./reconcile.js";
import {runCommand} from "./run.js";
import {singleValues} from "./single-values.js";
import {siteCommand} from "./site.js";
import {storeCommand} from "./store.js";

/** The exit code of an error; every other code belongs to running a notebook. */
const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  misuse: 2,
  "bad-data": 2,
  failed: 1,
  interrupted: 130,
};

/**
 * Runs one command line and returns the exit code; an error is one readable message on stderr,
 * with its stack only under `--verbose`.
 */
export async function runCli(args: readonly string[]): Promise<number> {
  const isVerbose = args.includes("--verbose");
  try {
    await inDeskSession(async () => await commandLine(args).parseAsync());
    return typeof process.exitCode === "number" ? process.exitCode : 0;
  } catch (error) {
    process.stderr.write(`reckon: ${messageOf(error)}\n`);
    if (isVerbose && error instanceof Error) {
      process.stderr.write(`${error.stack}\n`);
    }
    return exitCodeOf(error);
  }
}

/** An error carries its exit code itself (running a notebook) or names its code. */
function exitCodeOf(error: unknown): number {
  const own = (error as {exitCode?: unknown}).exitCode;
  if (typeof own === "number") {
    return own;
  }
  return error instanceof ReckonError ? EXIT_CODES[error.code] : publishExitCode(error);
}

/** What running a notebook refused to do is misuse; what it could not do failed. */
function publishExitCode(error: unknown): number {
  if (error instanceof PublishError && error.code === "upload-failed") return 9;
  const isMisuse =
    error instanceof PublishError && ["bad-notebook", "bad-parameter"].includes(error.code);
  return isMisuse ? 2 : 1;
}

function commandLine(args: readonly string[]): Argv {
  const flags = normaliseFlags(args);
  const parser: Argv = yargs(flags);
  return parser
    .scriptName("reckon")
    .usage(
      "$0 <command>\n\nRuns a trading system, records it, and publishes what it did and earned.",
    )
    .command(demoCommand)
    .command(configCommand)
    .command(marketCommand)
    .command(modelCommand)
    .command(runCommand)
    .command(reconcileCommand)
    .command(storeCommand)
    .command(notebookCommand)
    .command(publishCommand)
    .command(siteCommand)
    .command(doctorCommand)
    .option("verbose", {
      type: "boolean",
      default: false,
      global: true,
      describe: "print stacks of errors",
    })
    .option("log-level", {
      alias: "v",
      choices: ["TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
      default: "INFO",
      global: true,
      describe: "DEBUG and TRACE print every bar of a run",
    })
    .middleware(
      singleValues(flags, () => parser),
      true,
    )
    .middleware(deskDataDir(flags))
    .demandCommand(1, "a command is needed; `reckon --help` lists them")
    .strict()
    .recommendCommands()
    .version(packageVersion())
    .help()
    .wrap(100)
    .fail((message, error) => {
      throw error ?? new ReckonError("misuse", `${message}; see --help`);
    });
}

/** Flags that mean something without a value; alone, they shall not take the next word. */
const plainMeanings: Readonly<Record<string, string>> = {"--cache": "--cache=on"};

/** The reference's spellings: underscores equal dashes, and `_as_str` at the end says nothing. */
function normaliseFlags(args: readonly string[]): string[] {
  return args.map((given) => {
    const arg = plainMeanings[given] ?? given;
    const [, name, rest = ""] = /^--([A-Za-z][\w-]*)(=.*)?$/s.exec(arg) ?? [];
    return name === undefined
      ? arg
      : `--${name.replaceAll("_", "-").replace(/-as-str$/, "")}${rest}`;
  });
}
