import {
  type ConfigTree,
  type ConfigValue,
  flattenConfig,
  isConfigTree,
  parseKeyPath,
  withValue,
} from "./config-tree.js";

/** A leaf that is not the same in all configs; `undefined` where a config lacks it. */
export interface ConfigDifference {
  /** Keys joined by dots. */
  readonly path: string;
  readonly values: readonly (ConfigValue | undefined)[];
}

/** The leaves that differ between configs, in the order of their first appearance. */
export function diffConfigs(...configs: readonly ConfigTree[]): ConfigDifference[] {
  return leavesOf(configs).filter(({values}) => !areEqual(values));
}

/** The leaves that every config has with the same value. */
export function intersectConfigs(...configs: readonly ConfigTree[]): ConfigTree {
  return treeOf(leavesOf(configs).filter(({values}) => areEqual(values)));
}

/** The leaves of `a` that `b` lacks or has with another value. */
export function subtractConfigs(a: ConfigTree, b: ConfigTree): ConfigTree {
  return treeOf(diffConfigs(a, b).filter(({values}) => values[0] !== undefined));
}

/** Configs side by side: a row per config, a column per leaf that differs. */
export interface ConfigDiffTable {
  readonly index: readonly (string | number)[];
  /** Paths: keys joined by dots. */
  readonly columns: readonly string[];
  /** A row per config; null where it lacks the leaf, and where it is null. */
  readonly data: readonly (readonly ConfigValue[])[];
}

/**
 * What differs between configs, as the reference tabulates it: rows numbered from 0, columns in the
 * order in which the leaves first appear, a missing leaf null.
 */
export function configDiffTable(configs: readonly ConfigTree[]): ConfigDiffTable {
  const differences = diffConfigs(...configs);
  return {
    index: configs.map((_, row) => row),
    columns: differences.map(({path}) => parseKeyPath(path).join(".")),
    data: configs.map((_, row) => differences.map(({values}) => values[row] ?? null)),
  };
}

/** Every leaf of any config, in the order of first appearance. */
function leavesOf(configs: readonly ConfigTree[]): ConfigDifference[] {
  const flat = configs.map(flattenConfig);
  const paths = new Set(flat.flatMap((leaves) => [...leaves.keys()]));
  return Array.from(paths, (path) => ({path, values: flat.map((leaves) => leaves.get(path))}));
}

function treeOf(leaves: readonly ConfigDifference[]): ConfigTree {
  return leaves.reduce<ConfigTree>(
    (tree, {path, values}) => withValue(tree, parseKeyPath(path), values[0] as ConfigValue),
    {},
  );
}

function areEqual(values: readonly (ConfigValue | undefined)[]): boolean {
  return new Set(values.map(toComparable)).size <= 1;
}

/** JSON text of a value, so that lists compare by content; a missing leaf differs from null. */
function toComparable(value: ConfigValue | undefined): string {
  return value === undefined ? "missing" : JSON.stringify(value, sortedKeys);
}

/** The order in which a dictionary was written says nothing. */
function sortedKeys(_key: string, value: ConfigValue): ConfigValue {
  return isConfigTree(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}
