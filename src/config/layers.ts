import {type ConfigTree, flattenConfig, mergeConfigs, withValue} from "./config-tree.js";
import {applyOverrides, type Override} from "./override.js";

/** A tree that is laid over the ones before it. */
export interface ConfigLayer {
  /** What it is, for example `default` or `model C1`. */
  readonly origin: string;
  readonly tree: ConfigTree;
}

/** A config and where each of its values comes from. */
export interface LayeredConfig {
  readonly tree: ConfigTree;
  /** Leaf (keys joined by dots) -> the layer or place that decided it; every leaf is there. */
  readonly origins: ReadonlyMap<string, string>;
}

/** The origin of a value set by a flag of the command line. */
export const FLAG = "flag";

/**
 * Layers from the bottom up, then the overrides in their order; the last that sets a leaf decides.
 *
 * @throws ReckonError `misuse` for an override of a key that no layer has
 */
export function layerConfigs(
  layers: readonly ConfigLayer[],
  overrides: readonly Override[],
): LayeredConfig {
  const merged = layers.reduce<ConfigTree>((under, {tree}) => mergeConfigs(under, tree), {});
  const tree = applyOverrides(merged, overrides);
  const deciders = new Map<string, string>();
  const note = (set: ConfigTree, origin: string): void => {
    for (const leaf of flattenConfig(set).keys()) {
      deciders.set(leaf, origin);
    }
  };
  for (const layer of layers) {
    note(layer.tree, layer.origin);
  }
  for (const {path, value, place} of overrides) {
    note(withValue({}, path, value), place ?? FLAG);
  }
  const leaves = [...flattenConfig(tree).keys()];
  return {tree, origins: new Map(leaves.map((leaf) => [leaf, deciders.get(leaf) as string]))};
}
