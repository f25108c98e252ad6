import {parseArgs} from "node:util";
import {SIMULATED_ASSETS} from "../../src/market/simulated/simulated-assets.js";
import {simulateBars, startMarket} from "../../src/market/simulated/simulated-process.js";
import {SeededRandom} from "../../src/stats/distribution/seeded-random.js";
import {barEnds, floorToBar} from "../../src/time/bar-grid.js";
import {DAY_MS, formatStamp, HOUR_MS, MINUTE_MS} from "../../src/time/epoch.js";
import {parseClockScale, scaledClock} from "../../src/time/scaled-clock.js";
import {systemClock} from "../../src/time/system-clock.js";
import {BinanceServer} from "./binance-server.js";
import {CandleMarket} from "./candle-market.js";

/**
 * Serves invented minute bars as Binance's USD-M futures until it is stopped:
 *
 *     node test/exchange/serve.mjs --port 8801 --clock 20250901_000000@20260102_080000x60
 *
 * Options: `--assets N` (3), `--history HOURS` before the clock's start (24), `--length HOURS`
 * after it (25), `--seed N` (1). Symbols are ALFA/USDT:USDT, BRAVO/USDT:USDT, … `POST /control`
 * takes one JSON document, `Control` in binance-server.ts.
 */
export async function serve(args: readonly string[]): Promise<void> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      port: {type: "string", default: "0"},
      clock: {type: "string"},
      assets: {type: "string", default: "3"},
      history: {type: "string", default: "24"},
      length: {type: "string", default: "25"},
      seed: {type: "string", default: "1"},
    },
  });
  const scale = values.clock === undefined ? undefined : parseClockScale(values.clock, "--clock");
  const clock = scale === undefined ? systemClock : scaledClock(scale, systemClock);
  const start = floorToBar(scale?.start ?? clock.now(), MINUTE_MS);
  const assets = SIMULATED_ASSETS.slice(0, Number(values.assets));
  const from = start - Math.ceil((Number(values.history) * HOUR_MS) / DAY_MS) * DAY_MS;
  const ends = barEnds(from, start + Number(values.length) * HOUR_MS, MINUTE_MS);
  const state = startMarket(new SeededRandom(Number(values.seed)), assets);
  const bySymbol = simulateBars(state, ends, MINUTE_MS);
  const symbols = assets.map(({instrument}) => instrument.id);
  const market = new CandleMarket({barMs: MINUTE_MS, symbols, bySymbol}, clock);
  const steps = new Map(assets.map(({instrument}) => [instrument.id, instrument]));
  const server = new BinanceServer(market, steps);
  await server.listen(Number(values.port));
  server.stream();
  process.stdout.write(
    `${JSON.stringify({url: server.url, symbols, now: formatStamp(clock.now())})}\n`,
  );
  const stop = (): void => void server.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}
