import {describe, expect, it} from "vitest";
import type {ConfigTree} from "../../src/config/config-tree.js";
import {DEFAULT_SYSTEM_CONFIG} from "../../src/config/default-system-config.js";
import type {ProcessForecastsConfig} from "../../src/config/system-config.js";
import {positionValue} from "../../src/finance/holdings-value.js";
import {targetSizer} from "../../src/finance/target-sizer.js";
import {RecordedMarket} from "../../src/market/recorded-market.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import {closedForms} from "../../src/trading/optimizer.js";
import {paperBroker} from "../../src/trading/paper-broker.js";
import {Portfolio, type PortfolioState} from "../../src/trading/portfolio.js";
import {ForecastProcessor} from "../../src/trading/process-forecasts.js";
import {processPanel} from "../../src/trading/process-panel.js";
import {
  HAS_SHARED,
  NEEDS_SHARED,
  type OracleTable,
  readOracle,
  readOracleBars,
  toFrame,
} from "../oracles/shared.js";

interface ProcessForecastsOracle {
  readonly predictions: OracleTable;
  readonly volatility: OracleTable;
  readonly initial_cash: number;
  readonly process_forecasts_dict: Partial<ProcessForecastsConfig>;
  readonly A: {readonly expected: Record<string, OracleTable>};
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
});

async function run(oracle: ProcessForecastsOracle): Promise<PortfolioState[]> {
  const prediction = toFrame(oracle.predictions);
  const volatility = toFrame(oracle.volatility);
  const instrumentIds = prediction.columns;
  const clock = new SimulatedClock((prediction.index[0] as number) - 5 * MINUTE_MS);
  const bars = readOracleBars("09_market_data_price.csv", MINUTE_MS);
  const market = new RecordedMarket({bars, clock, delayMs: 0});
  const value = (_id: string, shares: number, price: number) => positionValue(shares, price);
  const columns = {price: "price", bid: "bid", ask: "ask", midpoint: "midpoint"};
  const broker = paperBroker({clock, market, marketBarMs: MINUTE_MS, columns, value});
  const portfolio = new Portfolio({
    instrumentIds,
    initialCash: oracle.initial_cash,
    clock,
    market,
    broker,
    markColumn: "price",
    pricing: {kind: "last"},
    value,
    roundShares: (_id, shares) => shares,
  });
  const defaults = DEFAULT_SYSTEM_CONFIG.process_forecasts_node_dict as ConfigTree;
  const processor = new ForecastProcessor({
    config: {
      ...(defaults.process_forecasts_dict as unknown as ProcessForecastsConfig),
      ...oracle.process_forecasts_dict,
      timezone: "America/New_York",
    },
    barMs: 5 * MINUTE_MS,
    instrumentIds,
    clock,
    portfolio,
    broker,
    rules: {
      optimizer: closedForms(targetSizer(2, {style: "cross_sectional", targetGmv: 100_000})),
      value: (_i, shares, price) => positionValue(shares, price),
      sharesOf: (_i, notional, price) => notional / price,
      roundShares: (_i, shares) => shares,
      unitCost: (_i, price) => price,
      minNotional: () => 0,
    },
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
