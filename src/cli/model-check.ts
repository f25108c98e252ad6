import process from "node:process";
import type {CommandModule} from "yargs";
import {ReckonError} from "../errors.js";
import {ALL_CHECKS, type CheckResult, runModelChecks} from "../flows/model-check/checks.js";
import {ModelDesk} from "../flows/model-check/model-desk.js";
import {storedTrial, TRIAL_HOURS, trialMarket} from "../flows/model-check/trial-market.js";
import {findModel} from "../models/registry.js";
import {parseStamp} from "../time/epoch.js";
import {overrideOptions, overridesOf} from "./run-options.js";

interface CheckFlags {
  readonly model: string;
  readonly dataDir?: string;
  readonly exchange?: string;
  readonly timeframe?: string;
  readonly symbols?: string;
  readonly hours: number;
  readonly endTimestamp?: string;
  readonly rootDir?: string;
  readonly dstRootDir?: string;
  readonly setConfigValue: readonly string[];
  readonly setConfigValues: string | undefined;
  readonly json: boolean;
}

/** `reckon model check`. */
export const modelCheckCommand: CommandModule = {
  command: "check <model>",
  describe: "the deployment checklist: build it, run it, and say what is missing",
  builder: (argv) =>
    overrideOptions(argv)
      .positional("model", {type: "string", demandOption: true, describe: "model id"})
      .option("data-dir", {
        type: "string",
        describe: "market store to try it on; default: the simulated market",
      })
      .option("exchange", {
        type: "string",
        describe: "exchange in the store; default: its only one",
      })
      .option("timeframe", {type: "string", describe: "bar length; default: the model's"})
      .option("symbols", {
        type: "string",
        describe: "instruments, separated by commas; default: all",
      })
      .option("hours", {type: "number", default: TRIAL_HOURS, describe: "length of the trial runs"})
      .option("end-timestamp", {
        type: "string",
        describe: "YYYYMMDD_HHMMSS, UTC: end of the trial runs; default: the last bar of the store",
      })
      .option("root-dir", {
        type: "string",
        default: "system_reconciliation",
        describe: "where the desk's runs are: {model}/{run_mode}/{mode}/{start}.{end}",
      })
      .option("dst-root-dir", {
        type: "string",
        default: "prod_reconciliation",
        describe: "where the desk's reconciliations are",
      })
      .option("json", {type: "boolean", default: false, describe: "print the checklist as JSON"}),
  handler: async (parsed) => {
    const flags = parsed as unknown as CheckFlags;
    const results = await check(flags);
    const failed = results.filter(({passed}) => !passed);
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({model: findModel(flags.model).id, results}, null, 2)}\n`
        : `${results.length - failed.length} passed, ${failed.length} failed\n`,
    );
    if (failed.length > 0) {
      process.exitCode = 1;
    }
  },
};

async function check(flags: CheckFlags): Promise<CheckResult[]> {
  const {model, rootDir, dstRootDir, json} = flags;
  const desk = await ModelDesk.open({
    model,
    ...(await trialOf(flags)),
    overrides: overridesOf(flags),
    ...(rootDir === undefined ? {} : {runsDir: rootDir}),
    ...(dstRootDir === undefined ? {} : {reconciliationsDir: dstRootDir}),
  });
  try {
    if (!json) {
      process.stdout.write(`${findModel(model).id} on ${desk.options.market.title}\n`);
    }
    return await runModelChecks(ALL_CHECKS, desk, (result) => {
      if (!json) {
        process.stdout.write(`${checkLines(result)}\n`);
      }
    });
  } finally {
    desk.close();
  }
}

/** `pass  look-ahead  what was seen`, what is wanted below where it failed. */
function checkLines({id, title, passed, detail}: CheckResult): string {
  const line = `${passed ? "pass" : "FAIL"}  ${id.padEnd(22)}  ${detail}`;
  return passed ? line : `${line}\n${" ".repeat(30)}wanted: ${title}`;
}

async function trialOf(flags: CheckFlags) {
  const {dataDir, hours, endTimestamp, symbols, exchange, timeframe} = flags;
  if (!(hours > 0)) {
    throw new ReckonError("misuse", {
      place: "--hours",
      expected: "a number above 0",
      found: String(hours),
    });
  }
  if (dataDir === undefined) {
    return trialMarket(hours);
  }
  const choice = {dataDir, exchange, timeframe, symbols: symbols?.split(",")};
  const end = endTimestamp === undefined ? undefined : parseStamp(endTimestamp, "--end-timestamp");
  return await storedTrial(choice, findModel(flags.model), {hours, end});
}
