import type {ConfigTree} from "../../src/config/config-tree.js";
import {DEFAULT_SYSTEM_CONFIG} from "../../src/config/default-system-config.js";
import type {ProcessForecastsConfig} from "../../src/config/system-config.js";
import {positionValue} from "../../src/finance/account/holdings-value.js";
import {RecordedMarket} from "../../src/market/recorded-market.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import {paperBroker} from "../../src/trading/brokers/paper-broker.js";
import {Portfolio} from "../../src/trading/portfolio.js";
import {closedForms} from "../../src/trading/targets/optimizer.js";
import {
  ForecastProcessor,
  type ForecastProcessorOptions,
} from "../../src/trading/targets/process-forecasts.js";
import type {SizingRules} from "../../src/trading/targets/targets.js";

export const BAR = 5 * MINUTE_MS;

/** What is special about a toy; the rest is plain contracts at the prices given. */
export interface ToyOptions {
  /** When the first bar ends, and the prices of each instrument, one per bar; NaN: no bar. */
  readonly start: number;
  readonly prices: Readonly<Record<string, readonly number[]>>;
  readonly config?: Partial<ProcessForecastsConfig>;
  readonly rules?: Partial<SizingRules>;
  readonly processor?: Partial<ForecastProcessorOptions>;
}

/** A processor whose target of each name is 100 times its prediction, in money. */
export function toyProcessor({start, prices, config = {}, rules = {}, processor}: ToyOptions) {
  const instrumentIds = Object.keys(prices);
  const clock = new SimulatedClock(start - BAR);
  const bySymbol = new Map(
    Object.entries(prices).map(([id, values]) => {
      const rows = Array.from(values.keys()).filter((t) => !Number.isNaN(values[t]));
      const barEnd = Float64Array.from(rows, (t) => start + t * BAR);
      const close = Float64Array.from(rows, (t) => values[t] as number);
      return [id, {barEnd, knowledgeTime: barEnd, columns: new Map([["close", close]])}];
    }),
  );
  const bars = {barMs: BAR, symbols: instrumentIds, bySymbol};
  const market = new RecordedMarket({bars, clock, delayMs: 0});
  const value = (_id: string, shares: number, price: number) => positionValue(shares, price);
  const broker = paperBroker({clock, market, marketBarMs: BAR, value});
  const portfolio = new Portfolio({
    instrumentIds,
    initialCash: 1_000,
    clock,
    market,
    broker,
    markColumn: "close",
    pricing: {kind: "last"},
    value,
    roundShares: (_id, shares) => shares,
  });
  const defaults = DEFAULT_SYSTEM_CONFIG.process_forecasts_node_dict as ConfigTree;
  const made = new ForecastProcessor({
    config: {...(defaults.process_forecasts_dict as unknown as ProcessForecastsConfig), ...config},
    barMs: BAR,
    instrumentIds,
    clock,
    portfolio,
    broker,
    rules: {
      optimizer: closedForms(({prediction}, positions) => {
        positions.set(prediction.map((x) => 100 * x));
      }),
      value: (_i, shares, price) => positionValue(shares, price),
      sharesOf: (_i, notional, price) => notional / price,
      roundShares: (_i, shares) => shares,
      wholeShares: (_i, shares) => shares,
      unitCost: (_i, price) => price,
      minNotional: () => 0,
      ...rules,
    },
    ...processor,
  });
  return {processor: made, clock, market};
}

/** One bar's forecasts; the volatility is 1 where none is given. */
export function forecastsOf(barEnd: number, prediction: readonly number[], volatility?: number[]) {
  return {
    barEnd,
    prediction: Float64Array.from(prediction),
    volatility: Float64Array.from(volatility ?? prediction.map(() => 1)),
  };
}
