import {MINUTE_MS} from "../../time/epoch.js";
import {MOMENT_PARTS, PRICE_PARTS, SIZE_PARTS} from "../schema.js";
import {defineStream, type Stream} from "./stream.js";

const KEYS = {exchange_id: "text", currency_pair: "text", level: "integer"} as const;

/** The book's best levels as they were downloaded: ticks, one row per level. */
export function bidAskStream(market: "spot" | "futures"): Stream {
  const table = `ccxt_bid_ask_${market}_raw`;
  return defineStream({
    name: table,
    table,
    keys: KEYS,
    columns: ["bid_size", "bid_price", "ask_size", "ask_price"],
  });
}

/** The same resampled to minutes, one row per level of a minute. */
export function resampledBidAskStream(market: "spot" | "futures"): Stream {
  const table = `ccxt_bid_ask_${market}_resampled_1min`;
  const named = (names: readonly string[], parts: readonly string[]) =>
    names.flatMap((name) => parts.map((part) => `${name}_${part}`));
  return defineStream({
    name: table,
    table,
    keys: KEYS,
    intervalMs: MINUTE_MS,
    columns: [
      ...named(["bid_price", "ask_price"], PRICE_PARTS),
      ...named(["bid_size", "ask_size"], SIZE_PARTS),
      ...named(
        ["bid_ask_midpoint", "half_spread", "log_size_imbalance"],
        [...SIZE_PARTS, ...MOMENT_PARTS],
      ),
    ],
  });
}
