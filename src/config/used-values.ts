import {type ConfigTree, type ConfigValue, formatKeyPath, isConfigTree} from "./config-tree.js";

/** A config that notes what is read of it. */
export interface TrackedConfig<Config> {
  /** Hand this to whatever works with the config; it looks and prints like the original. */
  readonly config: Config;
  /** Paths of the leaves that nothing has read so far, in the order of the config. */
  unused(): string[];
}

/**
 * A read-only copy of a config whose leaves note that they were read.
 *
 * Taking a sub-tree reads nothing; taking a leaf of it does, and so does copying the sub-tree with
 * `...`, `Object.values` or `Object.entries`. `JSON.stringify` does not: saving a config is no use
 * of it. A list is one leaf. Only the first read of a leaf costs anything; from then on it is a
 * plain property.
 */
export function trackUse<Config extends object>(config: Config): TrackedConfig<Config> {
  const unread = new Set<string>();
  return {
    config: trackedTree(config as ConfigTree, [], unread) as Config,
    unused: () => [...unread],
  };
}

function trackedTree(tree: ConfigTree, path: readonly string[], unread: Set<string>): ConfigTree {
  const copy: ConfigTree = {};
  Object.defineProperty(copy, "toJSON", {value: () => tree});
  for (const [key, value] of Object.entries(tree)) {
    const here = [...path, key];
    if (isConfigTree(value) && Object.keys(value).length > 0) {
      defineValue(copy, key, trackedTree(value, here, unread));
    } else {
      defineLeaf(copy, {key, value, leaf: formatKeyPath(here), unread});
    }
  }
  return Object.preventExtensions(copy);
}

interface Leaf {
  readonly key: string;
  readonly value: ConfigValue;
  readonly leaf: string;
  readonly unread: Set<string>;
}

/** A leaf that becomes a plain property when it is first read. */
function defineLeaf(copy: ConfigTree, {key, value, leaf, unread}: Leaf): void {
  unread.add(leaf);
  Object.defineProperty(copy, key, {
    enumerable: true,
    configurable: true,
    get: () => {
      unread.delete(leaf);
      defineValue(copy, key, value);
      return value;
    },
  });
}

function defineValue(copy: ConfigTree, key: string, value: ConfigValue): void {
  Object.defineProperty(copy, key, {value, enumerable: true, configurable: false});
}
