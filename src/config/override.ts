import {ReckonError} from "../errors.js";
import {
  type ConfigTree,
  type ConfigValue,
  isConfigTree,
  parseKeyPath,
  withValue,
} from "./config-tree.js";
import {parseLiteral} from "./literal.js";
import {nearestName} from "./nearest-name.js";

/** One change to a config. */
export interface Override {
  readonly path: readonly string[];
  readonly value: ConfigValue;
  /** As the user wrote it, for messages. */
  readonly text: string;
}

const REFERENCE_FORM = /^\(([^()]+)\)\s*,\s*\((.*)\)$/s;

/**
 * An override in either form: `a.b.c=0.55` (a JSON value, or bare text; a dot inside a key is
 * `\.`) or the reference's `("a","b","c"),(float(0.55))`. Parsed, never evaluated.
 *
 * @throws ReckonError `misuse`
 */
export function parseOverride(text: string): Override {
  const trimmed = text.trim();
  const place = `override ${JSON.stringify(trimmed)}`;
  const reference = REFERENCE_FORM.exec(trimmed);
  if (reference) {
    const keys = parseLiteral(`[${reference[1]}]`, place) as ConfigValue[];
    return {
      path: keys.map(String),
      value: parseLiteral(reference[2] as string, place),
      text: trimmed,
    };
  }
  const equals = trimmed.indexOf("=");
  if (equals <= 0) {
    throw new ReckonError("misuse", {
      place,
      expected: 'a.b.c=VALUE or ("a","b","c"),(VALUE)',
      found: "neither",
    });
  }
  const value = parseJsonOrText(trimmed.slice(equals + 1).trim());
  return {path: parseKeyPath(trimmed.slice(0, equals).trim()), value, text: trimmed};
}

/** Overrides joined by `;`, as `--set-config-values` takes them; quoted `;` do not split. */
export function parseOverrides(joined: string): Override[] {
  const pieces = joined.match(/(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^;"'])+/gs) ?? [];
  return pieces.filter((piece) => piece.trim() !== "").map(parseOverride);
}

/**
 * The config with every override applied in order; only keys that exist may be set.
 *
 * @param open paths of sub-trees whose keys are free (a mapping by name)
 * @throws ReckonError `misuse` naming the unknown key, the nearest one and the keys there are
 */
export function applyOverrides(
  config: ConfigTree,
  overrides: readonly Override[],
  open: readonly string[] = [],
): ConfigTree {
  return overrides.reduce((tree, override) => {
    checkKnown(tree, override, open);
    return withValue(tree, override.path, override.value);
  }, config);
}

function checkKnown(config: ConfigTree, {path, text}: Override, open: readonly string[]): void {
  let node: ConfigValue | undefined = config;
  for (const [depth, key] of path.entries()) {
    if (open.includes(path.slice(0, depth).join("."))) {
      return;
    }
    const known: string[] = isConfigTree(node) ? Object.keys(node) : [];
    if (!known.includes(key)) {
      const near = nearestName(key, known);
      const parent = path.slice(0, depth).join(".") || "the config";
      throw new ReckonError("misuse", {
        place: `override ${JSON.stringify(text)}`,
        expected: `a known key under "${parent}" (${known.join(", ") || "which has no keys"})`,
        found: `unknown config key "${key}"`,
        ...(near === undefined ? {} : {fix: `did you mean "${near}"?`}),
      });
    }
    node = (node as ConfigTree)[key];
  }
}

function parseJsonOrText(text: string): ConfigValue {
  try {
    return JSON.parse(text) as ConfigValue;
  } catch {
    return text;
  }
}
