import {type ConfigValue, formatConfigValue, parseKeyPath} from "../../config/config-tree.js";
import type {ConfigDifference} from "../../config/diff-configs.js";
import {formatTextTable} from "../console/text-table.js";

/** A leaf of a config, its value and what decided it. */
export interface ConfigLeaf {
  /** Keys joined by dots, as an override writes them. */
  readonly path: string;
  readonly value: ConfigValue;
  readonly origin: string;
}

/** Longer values are cut in tables; JSON has them whole. */
const WIDEST_VALUE = 48;

/** Leaves as an indented tree, with value and origin beside each. */
export function formatConfigTree(leaves: readonly ConfigLeaf[]): string {
  const rows: {key: string; value: string; origin: string}[] = [];
  let above: readonly string[] = [];
  for (const {path, value, origin} of leaves) {
    const keys = parseKeyPath(path);
    const shared = sharedLength(keys.slice(0, -1), above);
    for (const [depth, key] of keys.entries()) {
      const isLeaf = depth === keys.length - 1;
      if (depth >= shared || isLeaf) {
        const cells = isLeaf ? {value: shortText(value), origin} : {value: "", origin: ""};
        rows.push({key: "  ".repeat(depth) + key, ...cells});
      }
    }
    above = keys.slice(0, -1);
  }
  return formatTextTable(rows, [
    {title: "key", cell: ({key}) => key},
    {title: "value", cell: ({value}) => value},
    {title: "origin", cell: ({origin}) => origin},
  ]);
}

/** Leaves that differ, a column per config. */
export function formatDifferences(
  differences: readonly ConfigDifference[],
  names: readonly string[],
): string {
  return formatTextTable(differences, [
    {title: "key", cell: ({path}) => path},
    ...names.map((title, i) => ({
      title,
      cell: ({values}: ConfigDifference) => {
        const value = values[i];
        return value === undefined ? "(none)" : shortText(value);
      },
    })),
  ]);
}

function sharedLength(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((key, i) => key !== b[i]);
  return differs < 0 ? a.length : differs;
}

/** One line, not too long. */
function shortText(value: ConfigValue): string {
  const text = formatConfigValue(value).replaceAll("\n", "⏎");
  return text.length <= WIDEST_VALUE ? text : `${text.slice(0, WIDEST_VALUE - 1)}…`;
}
