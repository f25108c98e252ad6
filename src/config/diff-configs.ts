import {type ConfigTree, type ConfigValue, flattenConfig} from "./config-tree.js";

/** A leaf that is not the same in all configs; `undefined` where a config lacks it. */
export interface ConfigDifference {
  /** Keys joined by dots. */
  readonly path: string;
  readonly values: readonly (ConfigValue | undefined)[];
}

/** The leaves that differ between configs, in the order of their first appearance. */
export function diffConfigs(...configs: readonly ConfigTree[]): ConfigDifference[] {
  const flat = configs.map(flattenConfig);
  const paths = new Set(flat.flatMap((leaves) => [...leaves.keys()]));
  const rows = Array.from(paths, (path) => ({
    path,
    values: flat.map((leaves) => leaves.get(path)),
  }));
  return rows.filter(({values}) => new Set(values.map(toComparable)).size > 1);
}

/** JSON text of a value, so that lists compare by content; a missing leaf differs from null. */
function toComparable(value: ConfigValue | undefined): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
