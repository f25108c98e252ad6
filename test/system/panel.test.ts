import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {parseOverride} from "../../src/config/override.js";
import {RecordedMarket} from "../../src/market/recorded-market.js";
import {findModel} from "../../src/models/registry.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {ownerOf} from "../../src/system/database-execution.js";
import {instrumentRules, sizingRules} from "../../src/system/instrument-rules.js";
import {systemConfigOf} from "../../src/system/run/system-config-of.js";
import {rowOf} from "../../src/table/frame.js";
import {HOUR_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import {paperBroker} from "../../src/trading/brokers/paper-broker.js";
import {Portfolio} from "../../src/trading/portfolio.js";
import {type BarOutcome, ForecastProcessor} from "../../src/trading/targets/process-forecasts.js";
import {processPanel} from "../../src/trading/targets/process-panel.js";
import {runSample, SAMPLE_END, sampleBars, sampleInstruments} from "./sample-run.js";

const BARS = sampleBars();
/** A panel waits for no market data: each row is handled when its bar ends. */
const AT_ONCE = ["market_data_config.delay_in_secs=0"];

/** A processor as a simulation has it, before its first bar. */
function processorOf(start: number): ForecastProcessor {
  const instruments = sampleInstruments(BARS);
  const instrumentIds = BARS.symbols;
  const choices = {exchange: "simulated", timeframe: "5m", instrumentIds};
  const config = systemConfigOf(
    findModel("C1"),
    {runMode: "simulation", ...choices},
    AT_ONCE.map(parseOverride),
  );
  const {initial_cash, mark_to_market_col} = config.portfolio_config;
  const {value, roundShares, ...limits} = instrumentRules(instruments, config);
  const clock = new SimulatedClock(start);
  const market = new RecordedMarket({bars: BARS, clock, delayMs: 0});
  const broker = paperBroker({clock, market, marketBarMs: BARS.barMs, value, roundShares});
  const portfolio = new Portfolio({
    owner: ownerOf(config),
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
  return new ForecastProcessor({
    config: config.process_forecasts_node_dict.process_forecasts_dict,
    barMs: BARS.barMs,
    instrumentIds,
    clock,
    portfolio,
    broker,
    rules: sizingRules(instruments, {value, roundShares, ...limits}, config),
  });
}

it("a day's forecasts given at once lead to what the run did bar by bar", async () => {
  const root = mkdtempSync(join(tmpdir(), "reckon-panel-"));
  try {
    const start = SAMPLE_END - HOUR_MS;
    const bars: BarOutcome[] = [];
    const onBar = (bar: BarOutcome): void => void bars.push(bar);
    await runSample(join(root, "run"), {
      bars: BARS,
      start,
      overrideTexts: AT_ONCE,
      options: {onBar},
    });
    const {prediction, volatility} = await new RunFolder(join(root, "run")).targets();
    if (prediction === undefined || volatility === undefined) {
      throw new Error("the run recorded no forecasts");
    }
    expect(prediction.columns).toEqual(BARS.symbols);
    const outcomes = await processPanel(processorOf(start), {prediction, volatility});
    expect(outcomes).toHaveLength(12);
    expect(outcomes.flatMap(({orders}) => orders).length).toBeGreaterThan(100);
    for (const [t, {barEnd, kind, orders, targets, portfolio}] of outcomes.entries()) {
      const live = bars[t] as BarOutcome;
      expect({barEnd, kind, orders, targets, portfolio}).toEqual({
        barEnd: live.barEnd,
        kind: live.kind,
        orders: live.orders,
        targets: live.targets,
        portfolio: live.portfolio,
      });
    }
    expect(rowOf(prediction, 0)).toEqual(bars[0]?.targets?.prediction);
  } finally {
    rmSync(root, {recursive: true, force: true});
  }
});
