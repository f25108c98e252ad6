import process from "node:process";
import type {CommandModule} from "yargs";
import {ALL_CHECKS, type CheckResult, runModelChecks} from "../../flows/model-check/checks.js";
import {DESK_CHECKS} from "../../flows/model-check/desk-checks.js";
import {ModelDesk} from "../../flows/model-check/model-desk.js";
import {storedTrial, TRIAL_HOURS, trialMarket} from "../../flows/model-check/trial-market.js";
import {findModel} from "../../models/registry.js";
import {formatMinute, parseStamp} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {positiveNumber} from "../console/positive-number.js";
import {overrideOptions, overridesOf} from "../run/options.js";

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
        default: ".",
        describe: "root of the desk's runs, as `reckon run --root-dir` has it",
      })
      .option("dst-root-dir", {
        type: "string",
        default: "prod_reconciliation",
        describe: "root of the desk's reconciliations, as `reckon reconcile` has it",
      })
      .option("json", {type: "boolean", default: false, describe: "print the checklist as JSON"}),
  handler: async (parsed) => {
    const flags = parsed as unknown as CheckFlags;
    const results = await check(flags);
    const counts = countsOf(results);
    const {passed, failed, leftOut} = counts;
    const model = findModel(flags.model).id;
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({model, ...counts, results}, null, 2)}\n`
        : `\n${passed} passed, ${failed} failed, ${leftOut} left out\n`,
    );
    if (failed > 0) {
      process.exitCode = 1;
    }
  },
};

function countsOf(results: readonly CheckResult[]) {
  const count = (wanted: CheckResult["status"]) =>
    results.filter(({status}) => status === wanted).length;
  return {passed: count("pass"), failed: count("fail"), leftOut: count("left-out")};
}

async function check(flags: CheckFlags): Promise<CheckResult[]> {
  const {rootDir, dstRootDir, json} = flags;
  const {id: model} = findModel(flags.model);
  const desk = await ModelDesk.open({
    model,
    ...(await trialOf(flags)),
    overrides: overridesOf(flags),
    ...(rootDir === undefined ? {} : {runsDir: rootDir}),
    ...(dstRootDir === undefined ? {} : {reconciliationsDir: dstRootDir}),
  });
  try {
    if (!json) {
      process.stdout.write(`${heading(desk)}\n\n`);
    }
    return await runModelChecks(ALL_CHECKS, desk, (result) => {
      if (!json) {
        const isDesks = result.id === DESK_CHECKS[0]?.id;
        process.stdout.write(`${isDesks ? "\n" : ""}${checkLines(result)}\n`);
      }
    });
  } finally {
    desk.close();
  }
}

/** `C1 on simulated market 5m, 16 instruments, 2025-09-01 18:00 to 2025-09-02 00:00 UTC`. */
function heading({options: {model, market, start, end}}: ModelDesk): string {
  const count = formatCount(market.instruments.length, "instrument");
  const interval = `${formatMinute(start)} to ${formatMinute(end)} UTC`;
  return `${findModel(model).id} on ${market.title}, ${count}, ${interval}`;
}

const MARKS = {pass: "pass", fail: "FAIL", "left-out": "  - "} as const;
const ID_WIDTH = Math.max(...ALL_CHECKS.map(({id}) => id.length));

/** `pass  look-ahead  what was seen`; below a failure, what was wanted and what to do next. */
function checkLines({id, title, status, detail, next}: CheckResult): string {
  const indent = " ".repeat(ID_WIDTH + 8);
  const more = status === "fail" ? [`wanted: ${title}`, `next: ${next}`] : [];
  return [
    `${MARKS[status]}  ${id.padEnd(ID_WIDTH)}  ${detail}`,
    ...more.map((line) => indent + line),
  ].join("\n");
}

async function trialOf(flags: CheckFlags) {
  const {dataDir, hours, endTimestamp, symbols, exchange, timeframe} = flags;
  positiveNumber(hours, "--hours");
  if (dataDir === undefined) {
    return trialMarket(hours);
  }
  const choice = {dataDir, exchange, timeframe, symbols: symbols?.split(",")};
  const end = endTimestamp === undefined ? undefined : parseStamp(endTimestamp, "--end-timestamp");
  return await storedTrial(choice, findModel(flags.model), {hours, end});
}
