import process from "node:process";
import type {CommandModule, InferredOptionTypes} from "yargs";
import {ReckonError} from "../../errors.js";
import {CONVENTIONS} from "../../stats/convention.js";

const STATS = {
  "periods-per-year": {
    type: "number",
    default: 365,
    describe: "rows of a year after they are days: 365 around the clock, 252 business days",
  },
  benchmark: {type: "string", describe: "csv of the benchmark's date,return"},
  capital: {type: "number", describe: "net wealth before the first pnl; it grows by the pnl"},
  gmv: {type: "number", describe: "divide every pnl by this gross market value instead"},
  timezone: {type: "string", default: "UTC", describe: "where days begin at midnight"},
  "risk-free-rate": {type: "number", default: 0, describe: "annual, 0.02 for 2 %"},
  convention: {
    choices: CONVENTIONS,
    default: "empyrical",
    describe: "whose answer counts where libraries disagree",
  },
  seed: {type: "number", default: 1, describe: "of the bootstrap"},
  resamples: {type: "number", default: 1_000, describe: "of the bootstrap"},
  json: {type: "boolean", default: false, describe: "print one JSON document"},
} as const;

type Flags = InferredOptionTypes<typeof STATS> & {file: string};

/** `reckon stats`: every statistic of a file of returns or PnL. */
export const statsCommand: CommandModule<object, Flags> = {
  builder: (flags) =>
    flags
      .usage(
        [
          "$0 stats FILE.csv",
          "",
          "More than sixty statistics of a csv of date,return or date,pnl, the headline numbers",
          "with a bootstrap interval, and the deepest drawdowns. Rows of less than a day are",
          "compounded into days. Fewer than 90 days are not annualised.",
        ].join("\n"),
      )
      .positional("file", {
        type: "string",
        demandOption: true,
        describe: "csv with the heads date,return or date,pnl",
      })
      .options(STATS)
      .conflicts("capital", "gmv")
      .example("$0 stats returns.csv --benchmark btc.csv", "")
      .example("$0 stats pnl.csv --capital 1000000 --json", ""),
  async handler(args) {
    requireSettings(args);
    const {loadReturns} = await import("../../report/tear-sheet/return-series.js");
    const report = await import("../../report/tear-sheet/statistics-report.js");
    const series = loadReturns({
      path: args.file,
      benchmarkPath: args.benchmark,
      zone: args.timezone,
      capital: args.capital,
      gmv: args.gmv,
    });
    const found = report.statisticsReport(series, {
      periodsPerYear: args["periods-per-year"],
      convention: args.convention,
      riskFreeRate: args["risk-free-rate"],
      seed: args.seed,
      resamples: args.resamples,
    });
    process.stdout.write(
      args.json
        ? `${JSON.stringify(report.statisticsJson(found), undefined, 2)}\n`
        : report.statisticsText(found),
    );
  },
};

function requireSettings(args: Flags): void {
  const limits: [flag: string, value: number, isRight: boolean, expected: string][] = [
    ["periods-per-year", args["periods-per-year"], args["periods-per-year"] > 0, "above 0"],
    ["risk-free-rate", args["risk-free-rate"], args["risk-free-rate"] > -1, "above -1"],
    ["seed", args.seed, Number.isSafeInteger(args.seed), "a whole number"],
    [
      "resamples",
      args.resamples,
      Number.isInteger(args.resamples) && args.resamples >= 100 && args.resamples <= 100_000,
      "a whole number from 100 to 100000",
    ],
  ];
  for (const [flag, value, isRight, expected] of limits) {
    if (!isRight || !Number.isFinite(value)) {
      throw new ReckonError("misuse", {place: `--${flag}`, expected, found: String(value)});
    }
  }
}
