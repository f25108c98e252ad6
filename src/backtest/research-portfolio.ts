import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {mergeConfigs} from "../config/config-tree.js";
import {applyOverrides, type Override} from "../config/override.js";
import {parseSystemConfig} from "../config/parse-system-config.js";
import type {SystemConfig} from "../config/system-config.js";
import {ReckonError} from "../errors.js";
import {PLAIN_TERMS, positionValue} from "../finance/account/holdings-value.js";
import {evaluateForecasts, type ForecastPortfolio} from "../finance/research/forecast-evaluator.js";
import {type Instrument, parseInstruments} from "../market/instruments/instrument.js";
import type {RunFolder} from "../runlog/reading/run-folder.js";
import {instrumentRules} from "../system/instrument-rules.js";
import {researchParams} from "../system/research-params.js";
import {type Frame, mapColumns} from "../table/frame.js";
import {featureOf, type Panel} from "../table/panel.js";

/**
 * The checked config of a recorded run.
 *
 * @throws ReckonError `bad-data` for a run of the reference system: its config does not say how
 *   forecasts become holdings in the keys of ours; what the overrides or the parser refuse
 */
export function recordedConfig(run: RunFolder, overrides: readonly Override[] = []): SystemConfig {
  if (run.layout === "reference") {
    throw new ReckonError("bad-data", {
      place: run.dir,
      expected: "a run of reckon, whose config can be run again",
      found: "one of the reference system: its config and instruments are not recorded in full",
      fix: "read what it recorded (RunFolder: config, portfolio, targets, orders)",
    });
  }
  const config = applyOverrides(mergeConfigs({}, run.config()), overrides);
  return parseSystemConfig(config, `${run.dir}/system_config.output.json`);
}

/**
 * The instruments a run traded.
 *
 * @throws ReckonError `bad-data` when the run folder does not say
 */
export function recordedInstruments(run: RunFolder): Instrument[] {
  const path = join(run.dir, "instruments.json");
  if (!existsSync(path)) {
    throw new ReckonError("bad-data", {place: path, expected: "the instruments", found: "no file"});
  }
  return parseInstruments(JSON.parse(readFileSync(path, "utf8")), path);
}

/**
 * What a run's own forecasts alone would have earned, from its recorded model output.
 *
 * @param overrides laid over the run's config, for example another sizing
 * @returns undefined when the run recorded no model output
 */
export async function researchPortfolio(
  run: RunFolder,
  overrides: readonly Override[] = [],
): Promise<ForecastPortfolio | undefined> {
  const output = await run.nodeOutput();
  if (output === undefined) {
    return undefined;
  }
  return evaluatePanel(output, recordedConfig(run, overrides), recordedInstruments(run));
}

/**
 * The research portfolio of a model's output under a config.
 *
 * @throws ReckonError `bad-data` when the output lacks a column that the config names
 */
export function evaluatePanel(
  output: Panel,
  config: SystemConfig,
  instruments: readonly Instrument[],
): ForecastPortfolio {
  const {price_col, prediction_col, volatility_col, spread_col} =
    config.process_forecasts_node_dict;
  requireColumns(output, [price_col, volatility_col, prediction_col, spread_col]);
  const {shareDecimals} = instrumentRules(instruments, config);
  return evaluateForecasts(
    {
      price: contractValues(featureOf(output, price_col), instruments),
      volatility: featureOf(output, volatility_col),
      prediction: featureOf(output, prediction_col),
      ...(spread_col === null ? {} : {spread: featureOf(output, spread_col)}),
    },
    researchParams(config, shareDecimals),
  );
}

function requireColumns({features}: Panel, names: readonly (string | null)[]): void {
  const lacking = names.find((name) => name !== null && !features.has(name));
  if (lacking !== undefined) {
    throw new ReckonError("bad-data", {
      place: "output of the last node",
      expected: `the column ${lacking}, which process_forecasts_node_dict names`,
      found: [...features.keys()].join(", ") || "no column",
    });
  }
}

/**
 * The value of one contract, which is all that sizing and value need: price times multiplier, and
 * −multiplier / price for an inverse one.
 */
function contractValues(price: Frame, instruments: readonly Instrument[]): Frame {
  const terms = new Map(instruments.map((instrument) => [instrument.id, instrument]));
  return mapColumns(price, (column, j) => {
    const {kind, multiplier} = terms.get(price.columns[j] as string) ?? PLAIN_TERMS;
    const isPlain = kind !== "inverse" && multiplier === 1;
    return isPlain ? column : column.map((value) => positionValue(1, value, {kind, multiplier}));
  });
}
