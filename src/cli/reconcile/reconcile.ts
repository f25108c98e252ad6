import process from "node:process";
import type {CommandModule} from "yargs";
import type {ReconciliationRequest} from "../../flows/reconcile/request.js";
import {multidayCommand} from "./multiday.js";
import {type ReconcileFlags, stepOptions} from "./options.js";
import {fullCommand, requestOf} from "./request.js";
import type {StepName} from "./step-flags.js";
import {
  stepAll,
  stepCopyProdData,
  stepCreateDirs,
  stepDumpMarketData,
  stepLs,
  stepRunNotebook,
  stepRunSim,
} from "./steps.js";

interface StepCommand {
  readonly command: StepName;
  readonly describe: string;
  readonly run: (request: ReconciliationRequest, flags: ReconcileFlags) => Promise<void>;
}

/** In the order of the work. */
const STEPS: readonly StepCommand[] = [
  {command: "all", describe: "all the steps below, in order", run: stepAll},
  {command: "create-dirs", describe: "make the folders", run: stepCreateDirs},
  {command: "copy-prod-data", describe: "copy the recorded run", run: stepCopyProdData},
  {command: "dump-market-data", describe: "write the replay file", run: stepDumpMarketData},
  {command: "run-sim", describe: "simulate the run from the replay file", run: stepRunSim},
  {command: "run-notebook", describe: "run and publish the notebook", run: stepRunNotebook},
  {command: "ls", describe: "list what is there, with sizes", run: stepLs},
];

/** `reckon reconcile …`: each step of a reconciliation, and all of them. */
export const reconcileCommand: CommandModule = {
  builder: (argv) =>
    argv
      .command(STEPS.map(stepCommand))
      .command(multidayCommand)
      .demandCommand(1, "a step is needed: all, or one of those that --help lists"),
  handler: () => {},
};

function stepCommand({command, describe, run}: StepCommand): CommandModule {
  return {
    command,
    describe,
    builder: (argv) => stepOptions(argv, command),
    handler: async (parsed) => {
      const flags = parsed as unknown as ReconcileFlags;
      const request = requestOf(flags, command);
      if (flags.runDir !== undefined && flags.json !== true) {
        process.stdout.write(`${fullCommand(command, flags)}\n`);
      }
      await run(request, flags);
    },
  };
}
