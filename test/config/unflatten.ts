import type {ConfigTree} from "../../src/config/config-tree.js";

/** A tree from an oracle's leaves, whose keys are joined by `/`; no key means the empty tree. */
export function unflatten(leaves: Readonly<Record<string, unknown>>): ConfigTree {
  const tree: ConfigTree = {};
  for (const [path, value] of Object.entries(leaves).filter(([path]) => path !== "")) {
    const keys = path.split("/");
    const last = keys.pop() as string;
    let node = tree;
    for (const key of keys) {
      node[key] ??= {};
      node = node[key] as ConfigTree;
    }
    node[last] = value as ConfigTree[string];
  }
  return tree;
}
