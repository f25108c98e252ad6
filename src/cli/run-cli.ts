import process from "node:process";
import yargs, {type Argv, type CommandModule} from "yargs";
import {exitCodeOfError, PublishError} from "../../publish/errors.js";
import {type ErrorCode, messageOf, ReckonError} from "../errors.js";
import {packageVersion} from "../system/run/run-record.js";
import {commandsOf} from "./commands.js";
import {deskDataDir, inDeskSession, tellBrokenModels} from "./desk-session.js";
import {numberValues} from "./number-values.js";
import {singleValues} from "./single-values.js";

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
    const commands = await commandsOf(args);
    await inDeskSession(async () => {
      await tellBrokenModels(await commandLine(args, commands).parseAsync());
    });
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
  if (error instanceof PublishError) {
    return exitCodeOfError[error.code];
  }
  return error instanceof ReckonError ? EXIT_CODES[error.code] : 1;
}

function commandLine(args: readonly string[], commands: CommandModule[]): Argv {
  const flags = normaliseFlags(args);
  const parser: Argv = yargs(flags);
  return parser
    .scriptName("reckon")
    .usage(
      "$0 <command>\n\nRuns a trading system, records it, and publishes what it did and earned.",
    )
    .command(commands)
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
    .middleware([singleValues(flags, () => parser), numberValues(flags, () => parser)], true)
    .middleware(deskDataDir(flags))
    .demandCommand(1, "a command is needed; `reckon --help` lists them")
    .strict()
    .recommendCommands()
    .version(packageVersion())
    .help()
    .wrap(Math.min(100, process.stdout.columns || 100))
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
