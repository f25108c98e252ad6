import type {ConfigTree, ConfigValue} from "../../config/config-tree.js";
import {isConfigTree} from "../../config/config-tree.js";
import {parseLiteral} from "../../config/literal.js";
import {messageOf, ReckonError} from "../../errors.js";

/** An order's further parameters, as one line of text: `{'wave': 1, 'note': 'x'}`, as Python's. */
export function formatExtraParams(params: Readonly<ConfigTree>): string {
  return formatValue(params);
}

/**
 * The inverse of {@link formatExtraParams}; reads what the reference writes. Keys become text.
 *
 * @throws ReckonError `bad-data` when the text is no dictionary of plain values
 */
export function parseExtraParams(text: string): ConfigTree {
  const value = readLiteral(text);
  if (!isConfigTree(value)) {
    throw new ReckonError("bad-data", {
      place: "extra_params",
      expected: "a dictionary such as {'wave': 1}",
      found: JSON.stringify(text.slice(0, 60)),
    });
  }
  return value;
}

function readLiteral(text: string): ConfigValue {
  try {
    return parseLiteral(text, "extra_params");
  } catch (cause) {
    throw new ReckonError("bad-data", messageOf(cause), {cause});
  }
}

function formatValue(value: ConfigValue): string {
  if (typeof value === "string") {
    return formatText(value);
  }
  if (value === null) {
    return "None";
  }
  if (typeof value === "boolean") {
    return value ? "True" : "False";
  }
  if (Array.isArray(value)) {
    return `[${value.map(formatValue).join(", ")}]`;
  }
  if (typeof value === "object") {
    const items = Object.entries(value).map(
      ([key, item]) => `${formatText(key)}: ${formatValue(item)}`,
    );
    return `{${items.join(", ")}}`;
  }
  return String(value);
}

const ESCAPES: Readonly<Record<string, string>> = {"\n": "\\n", "\r": "\\r", "\t": "\\t"};

function formatText(text: string): string {
  const escaped = text
    .replace(/['\\]/g, "\\$&")
    .replace(/[\n\r\t]/g, (char) => ESCAPES[char] ?? "");
  return `'${escaped}'`;
}
