import {fileURLToPath} from "node:url";

const FIRST = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;
const MODELS = {
  // Of the desk beside: next to no work, so that what is measured is the engine.
  light: {timeframe: "5m", barMs: 300_000, historyDays: 1},
  C1: {timeframe: "5m", barMs: 300_000, historyDays: 3},
  mock1: {timeframe: "1m", barMs: 60_000, historyDays: 7},
};

/**
 * Invented bars of many instruments in memory, and a way to run a model over the last `days` of
 * them; those before are the model's history. Decisions are made every five minutes.
 */
export async function manySymbols({symbols, days, model = "C1"}) {
  process.env.RECKON_CONFIG_DIR = fileURLToPath(new URL("desk", import.meta.url));
  const {runSystem} = await import("../dist/src/system/run/run-system.js");
  const {timeframe, barMs, historyDays} = MODELS[model];
  const count = ((days + historyDays) * DAY_MS) / barMs;
  const made = await walkBars({symbols, first: FIRST, barMs, count});
  const ids = made.bars.symbols;
  const market = {exchange: "invented", ...made, title: `invented ${timeframe}`, timeframe};
  const end = FIRST + count * barMs;
  const bars = days * 288;
  const barTimes = [];
  const onBar = () => barTimes.push(performance.now());
  const run = (request) =>
    runSystem({
      model,
      runMode: "simulation",
      start: end - days * DAY_MS,
      end,
      market: async () => market,
      choices: {exchange: "invented", timeframe, instrumentIds: ids},
      options: {onBar},
      ...request,
    });
  const start = end - days * DAY_MS;
  return {run, bars, symbolBars: bars * symbols, barTimes, start, end};
}

/** Invented bars of many instruments, from the one that begins at `first` on. */
export async function walkBars({symbols, first, barMs, count}) {
  const {inferInstrument} = await import("../dist/src/market/instruments/instrument.js");
  const barEnd = Float64Array.from({length: count}, (_, t) => first + (t + 1) * barMs);
  const ids = Array.from({length: symbols}, (_, i) => `S${String(i).padStart(3, "0")}USDT`);
  const barsOf = (i) => ({barEnd, knowledgeTime: barEnd, columns: walk(i + 1, count)});
  const bySymbol = new Map(ids.map((id, i) => [id, barsOf(i)]));
  const kind = {venue: "invented", kind: "linear", priceDecimals: 2, volumeDecimals: 3};
  return {
    bars: {barMs, symbols: ids, bySymbol},
    instruments: ids.map((id) => inferInstrument({...kind, id})),
  };
}

/** What is wrong with a run that should have handled this many bars. */
export function checkRun({record}, {bars}) {
  const isDone = record.exit_state === "done" && record.bars === bars;
  return isDone ? undefined : `${record.exit_state} after ${record.bars} of ${bars} bars`;
}

/**
 * The time from one bar's end of work to the next one's, ms: all that a bar costs, of which this
 * share of the bars took no more.
 */
export function barCost({barTimes}, share) {
  const costs = barTimes.slice(1).map((time, i) => time - barTimes[i]);
  return costs.sort((a, b) => a - b)[Math.ceil(share * costs.length) - 1];
}

export function costText(prepared) {
  const [half, most, all] = [0.5, 0.99, 1].map((share) => barCost(prepared, share).toFixed(1));
  return `per bar: median ${half} ms, p99 ${most} ms, slowest ${all} ms`;
}

/** OHLCV of a price that walks, and a signal that does not; the same for the same seed. */
function walk(seed, count) {
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648 - 0.5;
  };
  const names = ["open", "high", "low", "close", "volume", "feature1"];
  const columns = new Map(names.map((name) => [name, new Float64Array(count)]));
  let close = 100 + seed;
  for (let t = 0; t < count; t += 1) {
    const open = close;
    close = Math.round(open * (1 + 0.004 * random()) * 100) / 100;
    columns.get("open")[t] = open;
    columns.get("high")[t] = Math.max(open, close);
    columns.get("low")[t] = Math.min(open, close);
    columns.get("close")[t] = close;
    columns.get("volume")[t] = Math.round(1_000 * (1 + random())) / 10;
    columns.get("feature1")[t] = random();
  }
  return columns;
}

/** Symbol-bars per minute, as people write it. */
export function pace(ms, symbolBars) {
  return `${((symbolBars / ms) * 0.06).toFixed(2)} M symbol-bars a minute`;
}
