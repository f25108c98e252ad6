import {ReckonError} from "../errors.js";
import {
  type ConfigTree,
  type ConfigValue,
  formatConfigValue,
  formatKeyPath,
  isConfigTree,
  parseKeyPath,
  withValue,
} from "./config-tree.js";
import {parseLiteral} from "./literal.js";
import {maskUrl} from "./mask-url.js";
import {nearestName} from "./nearest-name.js";

/** One change to a config. */
export interface Override {
  readonly path: readonly string[];
  readonly value: ConfigValue;
  /** As the user wrote it, for messages. */
  readonly text: string;
  /** Where it was written when that is not the command line, for example `reckon.config.yaml:7`. */
  readonly place?: string;
  /** True for what is only put on record: another override does what it says. */
  readonly isRecordOnly?: boolean;
}

const REFERENCE_FORM = /^\(([^()]+)\)\s*,\s*\((.*)\)$/s;

/**
 * An override in either form: `a.b.c=0.55` (a JSON value, `None`, `True`, `False`, or bare text;
 * a dot inside a key is `\.`) or the reference's `("a","b","c"),(float(0.55))`. Parsed, never
 * evaluated.
 *
 * @throws ReckonError `misuse`
 */
export function parseOverride(text: string): Override {
  const trimmed = text.trim();
  const place = placeOf({text: trimmed});
  const reference = REFERENCE_FORM.exec(trimmed);
  if (reference) {
    return {
      path: parseKeys(parseLiteral(`[${reference[1]}]`, place), place),
      value: parseLiteral(`(${reference[2]})`, place),
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

/** The canonical text of an override, `a.b=VALUE` with a JSON value; parsed, it is the same. */
export function formatOverride({path, value}: Pick<Override, "path" | "value">): string {
  return `${formatKeyPath(path)}=${JSON.stringify(value)}`;
}

/** Overrides joined by `;`, as `--set-config-values` takes them; quoted `;` do not split. */
export function parseOverrides(joined: string): Override[] {
  return splitUnquoted(joined)
    .filter((piece) => piece.trim() !== "")
    .map(parseOverride);
}

/** After one of these, or at the beginning, a quote opens a text; elsewhere it is an apostrophe. */
const BEFORE_TEXT = new Set(["", "=", "(", "[", "{", ",", ":"]);

/** Pieces between the `;` that stand outside quoted texts. */
function splitUnquoted(joined: string): string[] {
  const pieces = [""];
  let quote = "";
  let last = "";
  for (let i = 0; i < joined.length; ++i) {
    const char = joined[i] as string;
    if (quote === "" && char === ";") {
      pieces.push("");
      last = "";
      continue;
    }
    const isEscaped = quote !== "" && char === "\\";
    pieces[pieces.length - 1] += isEscaped ? char + (joined[++i] ?? "") : char;
    if (quote === "" && `"'`.includes(char) && BEFORE_TEXT.has(last)) {
      quote = char;
    } else if (char === quote) {
      quote = "";
    }
    last = char.trim() === "" ? last : char;
  }
  return pieces;
}

/**
 * The config with every override applied in order; only keys that exist may be set, those inside a
 * dictionary too. A dictionary takes the place of the whole sub-tree.
 *
 * @throws ReckonError `misuse` naming the unknown key, the nearest one and the keys there are
 */
export function applyOverrides(config: ConfigTree, overrides: readonly Override[]): ConfigTree {
  return overrides.reduce((tree, override) => {
    checkKnown(tree, override);
    return withValue(tree, override.path, override.value);
  }, config);
}

/** What Python calls them, in the dotted form too: `a.b=None` means no text. */
const PYTHON_WORDS: ReadonlyMap<string, ConfigValue> = new Map([
  ["None", null],
  ["True", true],
  ["False", false],
]);

/** A value as a flag or variable has it: JSON, one of Python's words, or else the text itself. */
export function parseJsonOrText(text: string): ConfigValue {
  const word = PYTHON_WORDS.get(text);
  if (word !== undefined) {
    return word;
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    const number = Number(text); // `.5` and `+2` too, which JSON does not know
    return Number.isFinite(number) ? number : text;
  }
  try {
    return JSON.parse(text) as ConfigValue;
  } catch {
    return text;
  }
}

/** Where an override was written, for messages; without the password of a URL. */
export function placeOf({text, place}: Pick<Override, "text" | "place">): string {
  return place ?? `override ${maskUrl(JSON.stringify(text))}`;
}

function parseKeys(keys: ConfigValue, place: string): string[] {
  if (!Array.isArray(keys) || keys.length === 0 || keys.some(isNoKey)) {
    throw new ReckonError("misuse", {
      place,
      expected: 'keys such as ("a","b")',
      found: JSON.stringify(keys),
    });
  }
  return keys.map(String);
}

function isNoKey(key: ConfigValue): boolean {
  return typeof key !== "string" && typeof key !== "number";
}

function checkKnown(config: ConfigTree, override: Override): void {
  let node: ConfigValue | undefined = config;
  for (const [depth, key] of override.path.entries()) {
    const known: string[] = isConfigTree(node) ? Object.keys(node) : [];
    requireKnown(key, known, {override, parent: override.path.slice(0, depth)});
    node = (node as ConfigTree)[key];
  }
  checkKeysWithin(node, override.value, {override, parent: override.path});
}

/** A sub-tree is replaced by a dictionary, without keys that it lacks; an empty one is free. */
function checkKeysWithin(
  node: ConfigValue | undefined,
  value: ConfigValue,
  {override, parent}: KeyPlace,
): void {
  if (!isConfigTree(node) || Object.keys(node).length === 0) {
    return;
  }
  if (!isConfigTree(value)) {
    throw new ReckonError("misuse", {
      place: placeOf(override),
      expected: `"${formatKeyPath(parent)}" with keys below it (${Object.keys(node).join(", ")})`,
      found: formatConfigValue(value),
    });
  }
  for (const [key, below] of Object.entries(value)) {
    requireKnown(key, Object.keys(node), {override, parent});
    checkKeysWithin(node[key], below, {override, parent: [...parent, key]});
  }
}

interface KeyPlace {
  readonly override: Override;
  readonly parent: readonly string[];
}

function requireKnown(key: string, known: readonly string[], {override, parent}: KeyPlace): void {
  if (!known.includes(key)) {
    const near = nearestName(key, known);
    const above = formatKeyPath(parent) || "the config";
    throw new ReckonError("misuse", {
      place: placeOf(override),
      expected: `a known key under "${above}" (${known.join(", ") || "which has no keys"})`,
      found: `unknown config key "${key}"`,
      ...(near === undefined ? {} : {fix: `did you mean "${near}"?`}),
    });
  }
}
