import type {ConfigTree, ConfigValue} from "../config/config-tree.js";
import {parseLiteral} from "../config/literal.js";
import {ReckonError} from "../errors.js";

/** One entry of a config's text: its key, what follows on its line, and the lines below it. */
interface Entry {
  readonly key: string;
  /** Type of the value as Python names it; undefined in the form that has values only. */
  readonly type: string | undefined;
  readonly value: string;
  /** Deeper lines, the entry's own indent taken off. */
  readonly below: readonly string[];
}

const VERBOSE =
  /^(\S.*?) \(marked_as_used=(?:True|False), writer=.*?, val_type=(.*?)\):(?: (.*))?$/;
const VALUES_ONLY = /^(\S[^:]*):(?: (.*))?$/;

/**
 * A config of the reference system from its text: the verbose form (`key (marked_as_used=…,
 * writer=…, val_type=…): value`) or the one with values only (`key: value`).
 *
 * The verbose form names types: text stays text, numbers, booleans, None, lists, tuples and
 * dictionaries become JSON, instants, times of day and everything else stay as they are printed.
 * With values only, what reads as such a literal is one. Addresses in memory are left out, since
 * they differ between equal runs.
 *
 * @param place the file's name, for messages
 * @throws ReckonError `bad-data` when a line fits neither form
 */
export function parseReferenceConfig(text: string, place: string): ConfigTree {
  const lines = text
    .replace(/\b0x[0-9a-f]{6,}\b/g, "0x")
    .split(/\r?\n/)
    .map((line) => line.trimEnd());
  const pattern = lines.some((line) => VERBOSE.test(line)) ? VERBOSE : VALUES_ONLY;
  return parseTree(lines, pattern, place);
}

function parseTree(lines: readonly string[], pattern: RegExp, place: string): ConfigTree {
  const tree: ConfigTree = {};
  for (const entry of splitEntries(lines, pattern, place)) {
    tree[entry.key] = entryValue(entry, pattern, place);
  }
  return tree;
}

/** Lines without indent begin an entry, the others belong to the one before. */
function splitEntries(lines: readonly string[], pattern: RegExp, place: string): Entry[] {
  const entries: (Entry & {below: string[]})[] = [];
  for (const line of lines) {
    const last = entries.at(-1);
    if (line === "" || line.startsWith("  ")) {
      last?.below.push(line.slice(2));
      continue;
    }
    const parts = pattern.exec(line);
    if (parts === null) {
      throw new ReckonError("bad-data", {
        place,
        expected: 'lines "key: value" as the reference writes its config',
        found: JSON.stringify(line.slice(0, 60)),
        fix: "restore the file from the run",
      });
    }
    const [, key = "", second = "", third = ""] = parts;
    const typed =
      pattern === VERBOSE ? {type: second, value: third} : {type: undefined, value: second};
    entries.push({key, ...typed, below: []});
  }
  return entries;
}

function entryValue({type, value, below}: Entry, pattern: RegExp, place: string): ConfigValue {
  const deeper = below.filter((line) => line !== "");
  if (type?.endsWith(".Config")) {
    return parseTree(deeper, pattern, place);
  }
  if (type === undefined && value === "" && deeper.length > 0 && isTree(deeper)) {
    return parseTree(deeper, pattern, place);
  }
  const text = [...(value === "" ? [] : [value]), ...deeper].join("\n");
  return type === undefined || LITERAL_TYPES.has(type) ? literalOr(text, type) : text;
}

const LITERAL_TYPES = new Set(["int", "float", "bool", "NoneType", "list", "tuple", "dict"]);

/** True when every line that is not deeper still begins an entry: no printed table does that. */
function isTree(lines: readonly string[]): boolean {
  return lines.every((line) => line.startsWith("  ") || VALUES_ONLY.test(line));
}

/** A literal of plain values; anything else (a class, `nan`) stays text. */
function literalOr(text: string, type: string | undefined): ConfigValue {
  try {
    const value = parseLiteral(text, "value");
    const isPlainText = type === undefined && typeof value === "string";
    return isPlainText ? text : value;
  } catch {
    return text;
  }
}
