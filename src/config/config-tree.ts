import {maskUrl} from "./mask-url.js";

/** A JSON value: everything a config may hold. */
export type ConfigValue = string | number | boolean | null | ConfigValue[] | ConfigTree;

/** A nested config. */
export interface ConfigTree {
  [key: string]: ConfigValue;
}

/** True for a sub-tree; arrays and null are leaves. */
export function isConfigTree(value: unknown): value is ConfigTree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `["a", "b.c"]` as text: keys joined by dots, a dot inside a key written `\.`. */
export function formatKeyPath(path: readonly string[]): string {
  return path.map((key) => key.replaceAll("\\", "\\\\").replaceAll(".", "\\.")).join(".");
}

/** The inverse of {@link formatKeyPath}. */
export function parseKeyPath(text: string): string[] {
  const keys = [""];
  for (let i = 0; i < text.length; ++i) {
    const char = text[i] as string;
    if (char === "\\" && i + 1 < text.length) {
      keys[keys.length - 1] += text[++i];
    } else if (char === ".") {
      keys.push("");
    } else {
      keys[keys.length - 1] += char;
    }
  }
  return keys;
}

/** Every leaf with its path, in order; an empty sub-tree is a leaf. */
export function flattenConfig(tree: ConfigTree): Map<string, ConfigValue> {
  const leaves = new Map<string, ConfigValue>();
  const walk = (node: ConfigTree, path: readonly string[]): void => {
    for (const [key, value] of Object.entries(node)) {
      const here = [...path, key];
      if (isConfigTree(value) && Object.keys(value).length > 0) {
        walk(value, here);
      } else {
        leaves.set(formatKeyPath(here), value);
      }
    }
  };
  walk(tree, []);
  return leaves;
}

/** A copy with `value` at `path`; sub-trees on the way are made. Nothing else changes. */
export function withValue(
  tree: ConfigTree,
  path: readonly string[],
  value: ConfigValue,
): ConfigTree {
  const [key, ...rest] = path;
  if (key === undefined) {
    return tree;
  }
  const child = tree[key];
  const next = rest.length === 0 ? value : withValue(isConfigTree(child) ? child : {}, rest, value);
  return {...tree, [key]: next};
}

/** `over` on top of `under`: sub-trees are merged key by key, leaves and lists are replaced. */
export function mergeConfigs(under: ConfigTree, over: ConfigTree): ConfigTree {
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const old = merged.get(key);
    merged.set(key, isConfigTree(old) && isConfigTree(value) ? mergeConfigs(old, value) : value);
  }
  return Object.fromEntries(merged);
}

/**
 * Readable text, as in `system_config.*.txt`: `key: value`; a sub-tree or a text of several lines
 * stands on the lines after its key, indented by two spaces. Passwords in URLs are masked.
 */
export function formatConfig(tree: ConfigTree, indent = ""): string {
  return Object.entries(tree)
    .map(([key, value]) => `${indent}${key}: ${formatBelow(value, `${indent}  `)}`)
    .join("\n");
}

/** What stands after `key: `. */
function formatBelow(value: ConfigValue, indent: string): string {
  if (isConfigTree(value)) {
    const below = formatConfig(value, indent);
    return below === "" ? "" : `\n${below}`;
  }
  const text = formatConfigValue(value);
  return text.includes("\n") ? `\n${indent}${text.replaceAll("\n", `\n${indent}`)}` : text;
}

/** A leaf as people read it: text as it is, everything else as JSON, no password of a URL. */
export function formatConfigValue(value: ConfigValue): string {
  return maskUrl(typeof value === "string" ? value : JSON.stringify(value));
}
