import process from "node:process";
import type {Argv, CommandModule} from "yargs";
import type {ReconciliationRequest} from "../../flows/reconcile/request.js";
import {multidayCommand} from "./multiday.js";
import {notebookOptions, type ReconcileFlags, reconcileOptions} from "./options.js";
import {fullCommand, requestOf} from "./request.js";
import {
  stepAll,
  stepCopyProdData,
  stepCreateDirs,
  stepDumpMarketData,
  stepLs,
  stepRunNotebook,
  stepRunSim,
} from "./steps.js";

/** `reckon reconcile …`: each step of a reconciliation, and all of them. */
export const reconcileCommand: CommandModule = {
  command: "reconcile <step>",
  describe: "compare a recorded run with its simulation, layer by layer, and publish the page",
  builder: (argv) =>
    argv
      .command(step({command: "all", describe: "all the steps below, in order", run: stepAll}))
      .command(step({command: "create-dirs", describe: "make the folders", run: stepCreateDirs}))
      .command(
        step({command: "copy-prod-data", describe: "copy the recorded run", run: stepCopyProdData}),
      )
      .command(
        step({
          command: "dump-market-data",
          describe: "write the replay file",
          run: stepDumpMarketData,
        }),
      )
      .command(
        step({
          command: "run-sim",
          describe: "simulate the run from the replay file",
          run: stepRunSim,
        }),
      )
      .command(
        step({
          command: "run-notebook",
          describe: "run and publish the notebook",
          run: stepRunNotebook,
        }),
      )
      .command(
        step({
          command: "ls",
          describe: "list what is there, with sizes",
          run: stepLs,
          more: jsonOption,
        }),
      )
      .command(multidayCommand)
      .demandCommand(1, "a step is needed: all, or one of those that --help lists"),
  handler: () => {},
};

interface StepCommand<Flags> {
  readonly command: string;
  readonly describe: string;
  readonly run: (request: ReconciliationRequest, flags: Flags) => Promise<void>;
  /** Declares what it takes beside the flags of all steps. */
  readonly more?: (argv: Argv) => Argv;
}

/** Every step takes the flags of all, so that one set of them does for each. */
function step<Flags>(of: StepCommand<Flags>): CommandModule {
  const {command, describe, run, more = (argv) => argv} = of;
  return {
    command,
    describe,
    builder: (argv) => more(notebookOptions(reconcileOptions(argv))),
    handler: async (parsed) => {
      const flags = parsed as unknown as ReconcileFlags & Flags;
      const request = requestOf(flags);
      if (flags.runDir !== undefined && !isJson(parsed)) {
        process.stdout.write(`${fullCommand(command, flags)}\n`);
      }
      await run(request, flags);
    },
  };
}

/** Only JSON is printed then. */
function isJson({json}: Readonly<Record<string, unknown>>): boolean {
  return json === true;
}

function jsonOption(argv: Argv): Argv {
  return argv.option("json", {
    type: "boolean",
    default: false,
    describe: "print JSON",
  });
}
