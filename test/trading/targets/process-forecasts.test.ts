import {describe, expect, it} from "vitest";
import {parseOverride} from "../../../src/config/override.js";
import type {ProcessForecastsConfig, SystemConfig} from "../../../src/config/system-config.js";
import {inferInstrument} from "../../../src/market/instruments/instrument.js";
import {RecordedMarket} from "../../../src/market/recorded-market.js";
import {findModel} from "../../../src/models/registry.js";
import {instrumentRules, sizingRules} from "../../../src/system/instrument-rules.js";
import {systemConfigOf} from "../../../src/system/run/system-config-of.js";
import {MINUTE_MS} from "../../../src/time/epoch.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {paperBroker} from "../../../src/trading/brokers/paper-broker.js";
import {Portfolio, type PortfolioState} from "../../../src/trading/portfolio.js";
import {ForecastProcessor} from "../../../src/trading/targets/process-forecasts.js";
import {processPanel} from "../../../src/trading/targets/process-panel.js";
import {
  HAS_SHARED,
  NEEDS_SHARED,
  type OracleTable,
  readOracle,
  readOracleBars,
  toFrame,
} from "../../oracles/shared.js";

interface ProcessForecastsOracle {
  readonly predictions: OracleTable;
  readonly volatility: OracleTable;
  readonly initial_cash: number;
  readonly process_forecasts_dict: Partial<ProcessForecastsConfig>;
  readonly A: {
    readonly order_type: string;
    readonly mark_to_market_col: string;
    readonly pricing_method: string;
    readonly expected: Record<string, OracleTable>;
  };
}

describe.skipIf(!HAS_SHARED)(`the order loop as the reference ran it${NEEDS_SHARED}`, () => {
  it("oracle 09 A, in batch: three bars, two names, price@twap", async () => {
    const oracle = readOracle<ProcessForecastsOracle>("09_process_forecasts.json");
    const prediction = toFrame(oracle.predictions);
    const states = await run(oracle);
    for (const [i, name] of prediction.columns.entries()) {
      const columns = {
        holdings_shares: (state: PortfolioState) => state.holdingsShares[i],
        holdings_notional: (state: PortfolioState) => state.holdingsNotional[i],
        executed_trades_shares: (state: PortfolioState) => state.executedTradesShares[i],
        executed_trades_notional: (state: PortfolioState) => state.executedTradesNotional[i],
        pnl: (state: PortfolioState) => state.pnl[i],
      };
      for (const [stream, of] of Object.entries(columns)) {
        expectColumn(states, `${stream} ${name}`, {wanted: oracle.A.expected[stream], name, of});
      }
    }
    for (const name of (oracle.A.expected.statistics as OracleTable).columns as string[]) {
      const of = (state: PortfolioState) =>
        state.statistics[name as keyof PortfolioState["statistics"]];
      expectColumn(states, name, {wanted: oracle.A.expected.statistics, name, of});
    }
  });

  it("oracle 09 A: the file's whole dictionary stands in the config", () => {
    const oracle = readOracle<ProcessForecastsOracle>("09_process_forecasts.json");
    const config = configOf(oracle);
    expect(config.process_forecasts_node_dict.process_forecasts_dict).toMatchObject(
      oracle.process_forecasts_dict,
    );
    expect(oracle.process_forecasts_dict.execution_mode).toBe("batch");
  });
});

/** The product's config with what the oracle's file says, each leaf as an override. */
function configOf(oracle: ProcessForecastsOracle): SystemConfig {
  const {order_type, mark_to_market_col, pricing_method} = oracle.A;
  const {initial_cash} = oracle;
  const dict = "process_forecasts_node_dict.process_forecasts_dict";
  const told = {
    [dict]: {
      ...oracle.process_forecasts_dict,
      order_config: {...oracle.process_forecasts_dict.order_config, order_type},
      timezone: "America/New_York",
    },
    portfolio_config: {initial_cash, mark_to_market_col, pricing_method},
  };
  const overrides = Object.entries(told).flatMap(([key, tree]) =>
    leavesOf(tree).map(([path, value]) => parseOverride(`${key}.${path}=${JSON.stringify(value)}`)),
  );
  const choices = {exchange: "mock", timeframe: "1m", instrumentIds: oracle.predictions.columns};
  return systemConfigOf(
    findModel("mock1"),
    {runMode: "simulation", ...choices, instrumentIds: choices.instrumentIds.map(String)},
    overrides,
  );
}

function leavesOf(tree: object): [path: string, value: unknown][] {
  return Object.entries(tree).flatMap(([key, value]): [string, unknown][] =>
    typeof value === "object" && value !== null
      ? leavesOf(value).map(([path, leaf]) => [`${key}.${path}`, leaf])
      : [[key, value]],
  );
}

async function run(oracle: ProcessForecastsOracle): Promise<PortfolioState[]> {
  const config = configOf(oracle);
  const {initial_cash, mark_to_market_col, pricing_method} = config.portfolio_config;
  const prediction = toFrame(oracle.predictions);
  const volatility = toFrame(oracle.volatility);
  const instrumentIds = prediction.columns;
  const instruments = instrumentIds.map((id) =>
    inferInstrument({id, venue: "mock", kind: "spot", priceDecimals: 2, volumeDecimals: 9}),
  );
  const rules = instrumentRules(instruments, config);
  const clock = new SimulatedClock((prediction.index[0] as number) - 5 * MINUTE_MS);
  const bars = readOracleBars("09_market_data_price.csv", MINUTE_MS);
  const market = new RecordedMarket({bars, clock, delayMs: 0});
  const columns = {price: "price", bid: "bid", ask: "ask", midpoint: "midpoint"};
  const {value, roundShares} = rules;
  const broker = paperBroker({clock, market, marketBarMs: MINUTE_MS, columns, value, roundShares});
  expect(pricing_method).toBe("last");
  const portfolio = new Portfolio({
    instrumentIds,
    initialCash: initial_cash,
    clock,
    market,
    broker,
    markColumn: mark_to_market_col,
    pricing: {kind: "last"},
    value,
    roundShares,
  });
  const processor = new ForecastProcessor({
    config: config.process_forecasts_node_dict.process_forecasts_dict,
    barMs: 5 * MINUTE_MS,
    instrumentIds,
    clock,
    portfolio,
    broker,
    rules: sizingRules(instruments, rules, config),
  });
  const outcomes = await processPanel(processor, {prediction, volatility});
  return outcomes.map(({portfolio}) => portfolio);
}

/** Within 1e-9, absolute or relative, at every row the oracle has. */
function expectColumn(
  states: readonly PortfolioState[],
  label: string,
  {
    wanted,
    name,
    of,
  }: {
    wanted: OracleTable | undefined;
    name: string;
    of: (state: PortfolioState) => number | undefined;
  },
): void {
  const frame = toFrame(wanted as OracleTable);
  const cells = frame.data[frame.columns.indexOf(name)] as Float64Array;
  expect(frame.index.length).toBeGreaterThan(0);
  frame.index.forEach((wallClock, t) => {
    const state = states.find((one) => one.wallClock === wallClock) as PortfolioState;
    expect(state, `${label}: a state at ${wallClock}`).toBeDefined();
    const [actual, value] = [of(state) as number, cells[t] as number];
    const isClose = Math.abs(actual - value) <= 1e-9 * Math.max(1, Math.abs(value));
    expect(isClose || Object.is(actual, value), `${label} row ${t}: ${actual} for ${value}`).toBe(
      true,
    );
  });
}
