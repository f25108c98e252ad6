import type {z} from "zod";
import {ReckonError} from "../errors.js";
import {parsePeriod} from "../time/bar-grid.js";
import {MINUTE_MS, SECOND_MS} from "../time/epoch.js";
import {formatKeyPath} from "./config-tree.js";
import {DEFAULT_SYSTEM_CONFIG} from "./default-system-config.js";
import {expectedOf} from "./expected-of-issue.js";
import {hasUrlPassword} from "./mask-url.js";
import {nearestName} from "./nearest-name.js";
import {Secret} from "./secrets.js";
import type {ProcessForecastsConfig, SystemConfig} from "./system-config.js";
import {systemSchema} from "./system-schema.js";

/**
 * A checked, frozen config from outside input.
 *
 * @param place what the input is, for messages
 * @param origins leaf -> where its value was written; named in a message about it
 * @throws ReckonError `misuse` at the first key that is unknown, missing or of the wrong kind
 */
export function parseSystemConfig(
  input: unknown,
  place = "config",
  origins: ReadonlyMap<string, string> = new Map(),
): SystemConfig {
  checkNoSecret(input, [], place);
  const result = systemSchema.safeParse(input);
  if (result.success) {
    checkTradingHours(result.data.process_forecasts_node_dict.process_forecasts_dict, place);
    checkDurations(result.data, place);
    return deepFreeze(result.data);
  }
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  const path = formatKeyPath(issue.path.map(String));
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(valueAt(DEFAULT_SYSTEM_CONFIG, issue.path) ?? {});
    const near = nearestName(issue.keys[0] as string, known);
    throw new ReckonError("misuse", {
      place: path === "" ? place : `${place} ${path}`,
      expected: `the keys ${known.join(", ")}`,
      found: `unknown config key "${issue.keys[0]}"`,
      ...(near === undefined ? {} : {fix: `did you mean "${near}"?`}),
    });
  }
  throw new ReckonError("misuse", {
    place: `${place} ${path}${writtenAt(path, origins)}`,
    expected: expectedOf(issue),
    found: foundAt(input, path, issue.path),
    ...adviceOf(issue, valueAt(input, issue.path)),
  });
}

/**
 * What to do where that is not plain: a text that looks like a number, such as a date, must be told
 * from one, and a dictionary leaves out what it does not name.
 */
function adviceOf(issue: z.core.$ZodIssue, found: unknown): {readonly fix?: string} {
  const isText = issue.code === "invalid_type" && issue.expected === "string";
  if (isText && typeof found === "number") {
    return {fix: `write it in quotes: "${found}"`};
  }
  const parent = formatKeyPath(issue.path.slice(0, -1).map(String));
  return found === undefined && parent !== ""
    ? {fix: `a dictionary takes the place of all of ${parent}: set its keys one by one`}
    : {};
}

/** In brackets, the file or variable that set a leaf; nothing for what a flag or nobody set. */
function writtenAt(path: string, origins: ReadonlyMap<string, string>): string {
  const origin = origins.get(path);
  return origin !== undefined && /^environment |:\d+$/.test(origin) ? ` (${origin})` : "";
}

/** What people may have pasted in place of a secret's name is not repeated. */
function foundAt(input: unknown, path: string, keys: readonly PropertyKey[]): string {
  const found = JSON.stringify(valueAt(input, keys)) ?? "nothing";
  return path === SECRET_NAME && found !== "nothing" ? "another text, not shown here" : found;
}

const SECRET_NAME = "secret_identifier_config";

/** A config is printed and saved with every run, so nothing in it may be secret. */
function checkNoSecret(value: unknown, path: readonly string[], place: string): void {
  const isSecret = value instanceof Secret || (typeof value === "string" && hasUrlPassword(value));
  if (isSecret) {
    throw new ReckonError("misuse", {
      place: `${place} ${path.join(".")}`,
      expected: "no secret, because a config is printed and saved",
      found: value instanceof Secret ? "one" : "a URL with a password",
      fix: `keep it in the environment and name it in ${SECRET_NAME}`,
    });
  }
  if (typeof value === "object" && value !== null) {
    for (const [key, below] of Object.entries(value)) {
      checkNoSecret(below, [...path, key], place);
    }
  }
}

/** The four limits are all given or all null, in order; liquidation needs a trading end. */
function checkTradingHours(config: ProcessForecastsConfig, place: string): void {
  const names = [
    "ath_start_time",
    "trading_start_time",
    "trading_end_time",
    "ath_end_time",
  ] as const;
  const given = names.filter((name) => config[name] !== null);
  const times = names.map((name) => config[name] ?? "");
  const isOrdered = times.every((time, i) => i === 0 || (times[i - 1] as string) <= time);
  if ((given.length !== 0 && given.length !== names.length) || !isOrdered) {
    throw new ReckonError("misuse", {
      place: `${place} process_forecasts_dict`,
      expected: `${names.join(" <= ")}, all given or all null`,
      found: JSON.stringify(times),
    });
  }
  if (config.liquidate_at_trading_end_time && given.length === 0) {
    throw new ReckonError("misuse", {
      place: `${place} liquidate_at_trading_end_time`,
      expected: "a trading_end_time to liquidate at",
      found: "none",
    });
  }
}

/** Bars, orders and waits that do not fit together are refused before a run, not found in it. */
function checkDurations(config: SystemConfig, place: string): void {
  const {market_data_config: market, dag_runner_config: runner} = config;
  const barMs = runner.bar_duration_in_secs * SECOND_MS;
  const marketBarMs = parsePeriod(market.timeframe, `${place} market_data_config.timeframe`);
  const {order_duration_in_mins} =
    config.process_forecasts_node_dict.process_forecasts_dict.order_config;
  const orderMs = order_duration_in_mins * MINUTE_MS;
  const delayMs = market.delay_in_secs * SECOND_MS;
  const {pricing_method} = config.portfolio_config;
  const twapMs =
    pricing_method === "last"
      ? marketBarMs
      : parsePeriod(pricing_method.slice("twap.".length), `${place} pricing_method`);
  const rules: [key: string, isFit: boolean, expected: string, found: unknown][] = [
    [
      "trading_period",
      parsePeriod(config.trading_period, `${place} trading_period`) === barMs,
      `dag_runner_config.bar_duration_in_secs, ${runner.bar_duration_in_secs} s`,
      config.trading_period,
    ],
    [
      "dag_runner_config.bar_duration_in_secs",
      barMs % marketBarMs === 0,
      `whole bars of the market, ${market.timeframe}`,
      runner.bar_duration_in_secs,
    ],
    [
      "order_config.order_duration_in_mins",
      orderMs >= marketBarMs && orderMs <= barMs,
      `at least a bar of the market (${market.timeframe}) and at most a trading period`,
      order_duration_in_mins,
    ],
    [
      "portfolio_config.pricing_method",
      twapMs > 0 && twapMs % marketBarMs === 0,
      `a mean over whole bars of the market, such as twap.${market.timeframe}`,
      pricing_method,
    ],
    [
      "market_data_config.delay_in_secs",
      delayMs < market.time_out_in_secs * SECOND_MS && delayMs + SECOND_MS / 2 < orderMs,
      "less than time_out_in_secs and than an order's duration",
      market.delay_in_secs,
    ],
  ];
  for (const [key, isFit, expected, found] of rules) {
    if (!isFit) {
      throw new ReckonError("misuse", {place: `${place} ${key}`, expected, found: String(found)});
    }
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
