import {type Override, parseJsonOrText} from "./override.js";
import type {Environment} from "./secrets.js";

const PREFIX = "RECKON_CONFIG__";

/**
 * Config values that the environment sets: `RECKON_CONFIG__market_data_config__delay_in_secs=5`.
 * Two underscores separate keys; the value is JSON, or else the text itself. In the order of the
 * names, so that a whole sub-tree comes before one of its leaves.
 */
export function environmentOverrides(env: Environment): Override[] {
  return Object.entries(env)
    .filter(([name, value]) => name.startsWith(PREFIX) && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({
      path: name.slice(PREFIX.length).split("__"),
      value: parseJsonOrText((value as string).trim()),
      text: `${name}=${value}`,
      place: `environment ${name}`,
    }));
}
