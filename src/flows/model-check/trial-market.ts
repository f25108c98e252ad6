import {type ConfigTree, mergeConfigs} from "../../config/config-tree.js";
import {DEFAULT_SYSTEM_CONFIG} from "../../config/default-system-config.js";
import {ReckonError} from "../../errors.js";
import type {BarSource} from "../../market/bars.js";
import {inferInstrument} from "../../market/instruments/instrument.js";
import {readInstruments} from "../../market/instruments/instrument-book.js";
import {marketTitle} from "../../market/market-title.js";
import {listMarket} from "../../market/parquet/list-market.js";
import {readBars} from "../../market/parquet/read-bars.js";
import {simulateMarket} from "../../market/simulated/simulated-market.js";
import {canonicalTimeframe} from "../../market/timeframe.js";
import type {Model} from "../../models/model.js";
import {pickInstruments} from "../../system/instrument-rules.js";
import type {RecordedRunMarket} from "../../system/run/run-market.js";
import {floorToBar, parsePeriod} from "../../time/bar-grid.js";
import {DAY_MS, type EpochMs, HOUR_MS} from "../../time/epoch.js";
import {modelTimeframe, onlyExchange, type StoreChoice} from "../market/store-market.js";

/** A market to try a model on, with an interval that leaves it history. */
export interface TrialMarket {
  readonly market: RecordedRunMarket;
  readonly start: EpochMs;
  readonly end: EpochMs;
}

/** Hours of a trial run, unless said otherwise. */
export const TRIAL_HOURS = 6;

/**
 * The simulated market of five-minute bars, and the last hours of its last whole day: enough for a
 * model that has no data yet.
 */
export function trialMarket(hours: number = TRIAL_HOURS): TrialMarket {
  const {fine} = simulateMarket();
  const last = Math.min(...[...fine.bySymbol.values()].map(({barEnd}) => barEnd.at(-1) as number));
  const end = floorToBar(last, DAY_MS);
  const instruments = fine.symbols.map((id) =>
    inferInstrument({
      id,
      venue: "simulated",
      kind: "linear",
      priceDecimals: 6,
      volumeDecimals: 6,
    }),
  );
  const exchange = "simulated";
  const market = {exchange, timeframe: "5m", title: "simulated market 5m", bars: fine, instruments};
  return {market, start: end - hours * HOUR_MS, end};
}

/**
 * A trial on the market store: its last hours, or those before `end`, with twice the model's
 * look-back before them.
 *
 * @throws ReckonError `bad-data` when the store lacks the market, naming what there is
 */
export async function storedTrial(
  choice: StoreChoice,
  model: Model,
  {hours, end: wanted}: {readonly hours: number; readonly end: EpochMs | undefined},
): Promise<TrialMarket> {
  const {dataDir, symbols} = choice;
  const exchange = choice.exchange ?? (await onlyExchange(dataDir));
  const timeframe = canonicalTimeframe(choice.timeframe ?? modelTimeframe(model));
  const end = wanted ?? (await lastBar({dataDir, exchange, timeframe}));
  const start = end - hours * HOUR_MS;
  const config = mergeConfigs(DEFAULT_SYSTEM_CONFIG, model.config);
  const {history_lookback} = config.market_data_config as ConfigTree;
  const from = start - 2 * parsePeriod(String(history_lookback)) - DAY_MS;
  const source = {dataDir, exchange, timeframe};
  const bars = await readBars({
    ...source,
    ...(symbols === undefined ? {} : {symbols}),
    from,
    to: end,
  });
  const book = await readInstruments(source);
  const instruments = pickInstruments([...book.values()], bars.symbols);
  const title = marketTitle(exchange, timeframe);
  return {market: {exchange, timeframe, title, bars, instruments}, start, end};
}

async function lastBar({dataDir, exchange, timeframe}: BarSource): Promise<EpochMs> {
  const series = await listMarket(dataDir);
  const own = series.filter((one) => one.exchange === exchange && one.timeframe === timeframe);
  if (own.length === 0) {
    const there = [...new Set(series.map((one) => `${one.exchange} ${one.timeframe}`))];
    throw new ReckonError("bad-data", {
      place: `${dataDir}/market`,
      expected: `bars of ${exchange} ${timeframe}`,
      found: there.length === 0 ? "none" : there.join(", "),
      fix: "choose with --exchange and --timeframe, or leave --data-dir out",
    });
  }
  return Math.max(...own.map(({last}) => last));
}
