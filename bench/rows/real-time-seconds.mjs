import {join} from "node:path";

const LIMIT_MS = 250;
const SYMBOLS = 50;
const BARS = 60;
const HISTORY_BARS = 600;
const SECOND = 1_000;
const DELAY_MS = 100;

/** How late each bar's orders, and all else of it, were written, ms after its data was visible. */
const lates = [];

/**
 * The same in real time: one-second bars of fifty names, ten nodes (mock1), a file per bar; from
 * the moment a bar's rows are visible until its orders are on disk, timers and all.
 */
export const row = {
  name: "live seconds, 50 symbols, 10 nodes",
  target: `p99 <= ${LIMIT_MS} ms a bar`,
  limitMs: LIMIT_MS,
  repeat: 1,
  prepare: async (scratch) => ({dir: join(scratch, "run")}),
  run: ({dir}) => runLive(dir),
  part: () => share(0.99),
  async check({record}, {dir}) {
    const {RunFolder} = await import("../../dist/src/runlog/reading/run-folder.js");
    const run = new RunFolder(dir);
    const orders = await run.orders();
    const found = `${record.exit_state}, ${record.bars} bars, ${orders.length} orders`;
    const isWhole = record.exit_state === "done" && record.bars === BARS && orders.length > BARS;
    return isWhole && run.nodes().length === 10 ? undefined : found;
  },
  note: () =>
    `late: median ${share(0.5).toFixed(0)} ms, p99 ${share(0.99).toFixed(0)} ms, ` +
    `most ${share(1).toFixed(0)} ms`,
};

async function runLive(dir) {
  const {runSystem} = await import("../../dist/src/system/run/run-system.js");
  const {parseOverride} = await import("../../dist/src/config/override.js");
  // Time for the run to be prepared before its first bar ends.
  const start = Math.ceil(Date.now() / SECOND) * SECOND + 5 * SECOND;
  const market = await secondsMarket(start);
  return await runSystem({
    model: "mock1",
    runMode: "paper_trading",
    start,
    end: start + BARS * SECOND,
    dir,
    overrides: SETTINGS.map(parseOverride),
    choices: {exchange: "invented", timeframe: "1s", instrumentIds: market.bars.symbols},
    market: async () => market.live,
    options: {
      onBar: ({barEnd}) => lates.push(Date.now() - barEnd - DELAY_MS),
    },
  });
}

const FORECASTS = "process_forecasts_node_dict.process_forecasts_dict";
const SETTINGS = [
  "trading_period=1S",
  "dag_runner_config.bar_duration_in_secs=1",
  `market_data_config.history_lookback=${HISTORY_BARS}S`,
  `market_data_config.delay_in_secs=${DELAY_MS / SECOND}`,
  "portfolio_config.pricing_method=twap.1S",
  'dag_config.filter_ath.start_time="00:00:00"',
  'dag_config.filter_ath.end_time="23:59:59"',
  `${FORECASTS}.order_config.order_duration_in_mins=${1 / 60}`,
  ...["ath_start_time", "ath_end_time", "trading_start_time", "trading_end_time"].map(
    (name) => `${FORECASTS}.${name}=null`,
  ),
];

/** Bars that become known as their seconds end; those of before the start are history. */
async function secondsMarket(start) {
  const {walkBars} = await import("../many-symbols.mjs");
  const {RecordedMarket} = await import("../../dist/src/market/recorded-market.js");
  const count = HISTORY_BARS + BARS + 10;
  const first = start - HISTORY_BARS * SECOND;
  const {bars, instruments} = await walkBars({symbols: SYMBOLS, first, barMs: SECOND, count});
  const live = {
    exchange: "invented",
    timeframe: "1s",
    title: "invented 1s",
    instruments,
    feed: {kind: "sql", table: "none", exchange: "invented"},
    open: async ({clock, delayMs}) => {
      const view = new RecordedMarket({bars, clock, delayMs});
      return Object.assign(view, {counts: () => ({}), close: async () => {}});
    },
  };
  return {bars, live};
}

function share(part) {
  const sorted = [...lates].sort((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1];
}
