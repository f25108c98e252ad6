import {existsSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import process from "node:process";
import type {CommandModule} from "yargs";
import {
  type ConfigTree,
  type ConfigValue,
  flattenConfig,
  isConfigTree,
  mergeConfigs,
} from "../../config/config-tree.js";
import {configDiffTable, diffConfigs} from "../../config/diff-configs.js";
import type {LayeredConfig} from "../../config/layers.js";
import {maskUrl} from "../../config/mask-url.js";
import {parseSystemConfig} from "../../config/parse-system-config.js";
import {messageOf, ReckonError} from "../../errors.js";
import {findModel} from "../../models/registry.js";
import {chosenLeaves, FIXED_BY_FLAG, layeredConfigOf} from "../../system/run/system-config-of.js";
import {overrideOptions, overridesOf} from "../run/options.js";
import {type ConfigLeaf, formatConfigTree, formatDifferences} from "./text.js";

interface ShowArgs {
  readonly model?: string;
  readonly changed: boolean;
  readonly json: boolean;
  readonly setConfigValue: readonly string[];
  readonly setConfigValues: string | undefined;
}

const showCommand: CommandModule = {
  command: "show",
  describe: "every config value a run would have, and what decided it",
  builder: (argv) =>
    overrideOptions(argv)
      .option("model", {type: "string", describe: "model id; without it, what holds for all"})
      .option("changed", {
        type: "boolean",
        default: false,
        describe: "only what the desk's file, the environment or a flag sets",
      })
      .option("json", {type: "boolean", default: false, describe: "print JSON"}),
  handler: (parsed) => {
    const args = parsed as unknown as ShowArgs;
    const model = args.model === undefined ? undefined : findModel(args.model);
    const layered = layeredConfigOf({model, overrides: overridesOf(args)});
    checkValues(layered);
    const chosen = chosenLeaves(layered);
    const leaves = leavesOf(layered).filter(({path}) => !args.changed || chosen.includes(path));
    if (args.json) {
      printJson(leaves);
    } else if (leaves.length === 0) {
      process.stdout.write("every value is a default\n");
    } else {
      process.stdout.write(formatConfigTree(leaves));
    }
  },
};

/** What a run's flags decide stands in here, so that everything else is checked. */
function checkValues({tree, origins}: LayeredConfig): void {
  const market = tree.market_data_config as ConfigTree;
  const ids = market.asset_ids as ConfigValue[];
  const decided: ConfigTree = {
    dag_builder_class: tree.dag_builder_class ?? "any",
    market_data_config: {asset_ids: ids.length === 0 ? ["any"] : ids},
  };
  parseSystemConfig(mergeConfigs(tree, decided), "config", origins);
}

function leavesOf({tree, origins}: LayeredConfig): ConfigLeaf[] {
  return Array.from(flattenConfig(tree), ([path, value]) => {
    const origin = origins.get(path) as string;
    const flag = FIXED_BY_FLAG.get(path) ?? RUN_FLAGS.get(path);
    const isOpen = flag !== undefined && /^(default$|model )/.test(origin);
    return {path, value, origin: isOpen ? `${origin}; a run's ${flag} decides` : origin};
  });
}

/** Flags that a run has always a value of, and that an override can still correct. */
const RUN_FLAGS: ReadonlyMap<string, string> = new Map([
  ["market_data_config.asset_ids", "--symbols"],
]);

const diffCommand: CommandModule<object, {a: string; b: string; json: boolean}> = {
  command: "diff <a> <b>",
  describe: "the values in which two configs differ",
  builder: (argv) =>
    argv
      .positional("a", {type: "string", demandOption: true, describe: "run folder or JSON file"})
      .positional("b", {type: "string", demandOption: true, describe: "the other"})
      .option("json", {
        type: "boolean",
        default: false,
        describe: "print a row per config and a column per value as JSON",
      }),
  handler: ({a, b, json}) => {
    const configs = [readConfig(a), readConfig(b)];
    const differences = diffConfigs(...configs);
    if (json) {
      const table = configDiffTable(configs);
      printJson({...table, index: [a, b]});
    } else if (differences.length === 0) {
      const count = flattenConfig(configs[0] as ConfigTree).size;
      process.stdout.write(`no difference in ${count} values\n`);
    } else {
      process.stdout.write(formatDifferences(differences, [a, b]));
    }
  },
};

/** The config a run ended with, or any JSON file with a config. */
function readConfig(place: string): ConfigTree {
  const isFolder = existsSync(place) && statSync(place).isDirectory();
  const path = isFolder ? join(place, "system_config.output.json") : place;
  let found: string;
  try {
    const config: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isConfigTree(config)) {
      return config;
    }
    found = "JSON of another kind";
  } catch (cause) {
    found = messageOf(cause);
  }
  throw new ReckonError("bad-data", {
    place: path,
    expected: "a run folder, or a JSON file with a config",
    found,
  });
}

function printJson(value: unknown): void {
  process.stdout.write(`${maskUrl(JSON.stringify(value, null, 2))}\n`);
}

/** `reckon config …`. */
export const configCommand: CommandModule = {
  builder: (argv) =>
    argv
      .command(showCommand)
      .command(diffCommand)
      .demandCommand(1, "an action is needed: show or diff"),
  handler: () => {},
};
