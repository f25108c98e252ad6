import {SIMULATED_EXCHANGE} from "./simulated/simulated-assets.js";

/** A market as it is called on pages; what was not recorded says so. */
export function marketTitle(exchange: string, timeframe: string): string {
  return `${exchange === SIMULATED_EXCHANGE ? "simulated market" : exchange} ${timeframe}`;
}
