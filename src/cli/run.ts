import process from "node:process";
import type {CommandModule} from "yargs";
import {type StoreChoice, storeMarket} from "../flows/store-market.js";
import {findModel} from "../models/registry.js";
import type {RunRecord} from "../system/run-record.js";
import {runSystem} from "../system/run-system.js";
import {formatMinute, parseStamp} from "../time/epoch.js";
import {intervalOptions, marketOptions, overrideOptions, overridesOf} from "./run-options.js";
import {untilInterrupted} from "./until-interrupted.js";

/** `reckon run`. */
export const runCommand: CommandModule = {
  command: "run",
  describe: "run a model over recorded bars and leave a run folder",
  builder: (argv) =>
    overrideOptions(marketOptions(intervalOptions(argv)))
      .option("dst-dir", {
        type: "string",
        demandOption: true,
        describe: "the run folder; an existing one is renamed",
      })
      .option("files", {
        choices: ["per-bar", "per-stream"] as const,
        describe: "a file per bar, or per stream; default: per stream in a simulation",
      })
      .option("pace", {
        choices: ["jump", "real-time"] as const,
        default: "jump" as const,
        describe: "replay at once, or as slowly as it was recorded",
      })
      .option("json", {type: "boolean", default: false, describe: "print the run record as JSON"}),
  handler: async (parsed) => {
    const args = parsed as unknown as RunArgs;
    const start = parseStamp(args.startTimestamp, "--start-timestamp");
    const end = parseStamp(args.endTimestamp, "--end-timestamp");
    const model = findModel(args.model);
    const overrides = overridesOf(args);
    const choice: StoreChoice = {...args, symbols: args.symbols?.split(",")};
    const market = await storeMarket(choice, model, {start, end});
    const {dir, preserved, record} = await untilInterrupted((signal) =>
      runSystem({
        model: model.id,
        runMode: args.runMode,
        start,
        end,
        dir: args.dstDir,
        overrides,
        ...market,
        pace: args.pace,
        ...(args.files === undefined ? {} : {files: args.files}),
        options: {signal},
      }),
    );
    if (args.json) {
      process.stdout.write(`${JSON.stringify({dir, preserved, record}, null, 2)}\n`);
      return;
    }
    if (preserved !== undefined) {
      process.stdout.write(`kept the older folder as ${preserved}\n`);
    }
    const interval = `${formatMinute(start)} to ${formatMinute(end)} UTC`;
    process.stdout.write(
      `${record.model} ${record.run_mode} on ${record.market}: ` +
        `${record.bars} bars, ${interval}\n${notTraded(record)}${dir}\n`,
    );
  },
};

/** What a reader should not have to look for: bars without trading, by reason. */
function notTraded({not_traded}: RunRecord): string {
  const reasons = Object.entries(not_traded).map(([reason, bars]) => `${bars} ${reason}`);
  return reasons.length === 0 ? "" : `not traded: ${reasons.join(", ")}; see log.txt\n`;
}

interface RunArgs {
  readonly model: string;
  readonly runMode: "prod" | "paper_trading" | "simulation";
  readonly startTimestamp: string;
  readonly endTimestamp: string;
  readonly dataDir: string;
  readonly exchange?: string;
  readonly timeframe?: string;
  readonly symbols?: string;
  readonly setConfigValue: readonly string[];
  readonly setConfigValues: string | undefined;
  readonly dstDir: string;
  readonly files?: "per-bar" | "per-stream";
  readonly pace: "jump" | "real-time";
  readonly json: boolean;
}
