import type {Argv, Options} from "yargs";
import {type Override, parseOverride, parseOverrides} from "../../config/override.js";

/** Flags that say where the market is. */
export function marketOptions<T>(argv: Argv<T>) {
  return argv
    .option("data-dir", {
      group: "Market data:",
      type: "string",
      default: "./reckon-data",
      describe: "folder of the market store",
    })
    .option("exchange", {
      group: "Market data:",
      type: "string",
      describe: "exchange in the store; default: its only one",
    })
    .option("timeframe", {
      group: "Market data:",
      type: "string",
      describe: "bar length in the store; default: the model's",
    })
    .option("symbols", {
      group: "Market data:",
      type: "string",
      describe: "instruments, separated by commas; default: all",
    });
}

/** Flags that change the config. */
export const OVERRIDE_FLAGS = {
  "set-config-value": {
    group: "Config:",
    type: "string",
    array: true,
    nargs: 1,
    default: [] as string[],
    describe: 'one override: a.b=0.55 or ("a","b"),(float(0.55)); may be repeated',
  },
  "set-config-values": {
    group: "Config:",
    type: "string",
    describe: "overrides joined by ;",
  },
} as const satisfies Readonly<Record<string, Options>>;

/** Declares them. */
export function overrideOptions<T>(argv: Argv<T>) {
  return argv.options(OVERRIDE_FLAGS);
}

/** The overrides of a command line, joined ones last. */
export function overridesOf(args: {
  readonly setConfigValue: readonly string[];
  readonly setConfigValues: string | undefined;
}): Override[] {
  return [...args.setConfigValue.map(parseOverride), ...parseOverrides(args.setConfigValues ?? "")];
}
