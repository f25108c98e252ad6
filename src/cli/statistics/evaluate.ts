import process from "node:process";
import type {CommandModule, InferredOptionTypes} from "yargs";
import {ReckonError} from "../../errors.js";
import type {EvaluationQuery} from "../../report/forecasts/forecast-evaluation.js";
import {observationsPerYear} from "../../stats/series/observations-per-year.js";
import {openInBrowser} from "../console/open-in-browser.js";

const EVALUATE = {
  "price-col": {type: "string", default: "price", describe: "name of the column"},
  "volatility-col": {type: "string", default: "volatility", describe: "name of the column"},
  "prediction-col": {type: "string", default: "prediction", describe: "name of the column"},
  style: {
    choices: ["cross_sectional", "longitudinal"],
    default: "cross_sectional",
    describe: "rank the assets of a bar against each other, or take each by itself",
  },
  "target-gmv": {type: "number", default: 1e6, describe: "cross_sectional: gross market value"},
  "dollar-risk-per-name": {
    type: "number",
    default: 100,
    describe: "longitudinal: money at risk for each asset",
  },
  quantization: {type: "number", describe: "decimals of share counts; not rounded when left out"},
  "liquidate-at-end-of-day": {
    type: "boolean",
    default: false,
    describe: "hold nothing over midnight UTC",
  },
  "burn-in-bars": {type: "number", default: 3, describe: "leading bars that are left out"},
  "fee-bps": {type: "number", default: 0, describe: "fee on the value traded"},
  frequency: {type: "string", describe: "of the portfolio table: 5T, 1H, D, B; days by default"},
  "periods-per-year": {type: "number", default: 365, describe: "days of a year"},
  seed: {type: "number", default: 1, describe: "of the bootstrap"},
  "dst-dir": {type: "string", describe: "publish a page there as well"},
  open: {
    type: "boolean",
    default: false,
    describe: "open the page in a browser; without --dst-dir it is in ./reckon-evaluation",
  },
  json: {type: "boolean", default: false, describe: "print one JSON document"},
} as const;

type Flags = InferredOptionTypes<typeof EVALUATE> & {file: string};

/** `reckon evaluate`: what forecasts alone would have earned. */
export const evaluateCommand: CommandModule<object, Flags> = {
  builder: (flags) =>
    flags
      .usage(
        [
          "$0 evaluate FILE",
          "",
          "What the forecasts of a csv or Parquet file would have earned had each bar's targets",
          "been met by the end of the next: the research portfolio, its statistics, and how well",
          "predictions foretold returns. The file has a time, an asset, price, volatility and",
          "prediction in each row, or features over assets in two levels of heads, as pandas",
          "writes them.",
        ].join("\n"),
      )
      .positional("file", {
        type: "string",
        demandOption: true,
        describe: "csv or Parquet: timestamp,asset,price,volatility,prediction",
      })
      .options(EVALUATE)
      .example("$0 evaluate forecasts.parquet --fee-bps 2", "")
      .example("$0 evaluate forecasts.csv --dst-dir results --open", ""),
  async handler(args) {
    const query = queryOf(args);
    const {evaluateForecastFile} = await import("../../report/forecasts/forecast-evaluation.js");
    const {evaluationJson, evaluationText} = await import(
      "../../report/forecasts/evaluation-text.js"
    );
    const found = await evaluateForecastFile(query);
    process.stdout.write(
      args.json
        ? `${JSON.stringify(evaluationJson(found), undefined, 2)}\n`
        : evaluationText(found),
    );
    if (args.open || args["dst-dir"] !== undefined) {
      await publish(query, args);
    }
  },
};

/** The link goes to stderr, so that the answer on stdout stays one document. */
async function publish(query: EvaluationQuery, args: Flags): Promise<void> {
  const {publishEvaluation} = await import("../../flows/evaluate/publish-evaluation.js");
  const {link, exitCode, published} = await publishEvaluation(
    query,
    args["dst-dir"] ?? "reckon-evaluation",
  );
  const page = published?.link ?? link;
  process.stderr.write(`page: ${page}\n`);
  if (exitCode !== 0) {
    process.exitCode = exitCode;
  } else if (args.open) {
    openInBrowser(page);
  }
}

function queryOf(args: Flags): EvaluationQuery {
  if (args.frequency !== undefined) {
    observationsPerYear(args.frequency, "--frequency");
  }
  const least = (flag: keyof Flags & string, lowest: number, isWhole = false): number => {
    const value = args[flag] as number;
    if (!(value >= lowest && value < Infinity) || (isWhole && !Number.isInteger(value))) {
      const expected = `${isWhole ? "a whole number" : "a number"} from ${lowest}`;
      throw new ReckonError("misuse", {place: `--${flag}`, expected, found: String(value)});
    }
    return value;
  };
  return {
    path: args.file,
    columns: {
      price: args["price-col"],
      volatility: args["volatility-col"],
      prediction: args["prediction-col"],
    },
    style: args.style,
    targetGmv: least("target-gmv", 1),
    dollarRiskPerName: least("dollar-risk-per-name", 0.01),
    quantization: args.quantization === undefined ? null : least("quantization", -15, true),
    liquidateAtEndOfDay: args["liquidate-at-end-of-day"],
    burnInBars: least("burn-in-bars", 0, true),
    feeBps: least("fee-bps", 0),
    daysPerYear: least("periods-per-year", 1),
    seed: least("seed", 0, true),
    ...(args.frequency === undefined ? {} : {frequency: args.frequency}),
  };
}
