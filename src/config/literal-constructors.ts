import {type ConfigValue, isConfigTree} from "./config-tree.js";

/** What each constructor makes of its value, as Python does; undefined where that is an error. */
export const CONSTRUCTORS: Readonly<
  Record<string, (value: ConfigValue | undefined) => ConfigValue | undefined>
> = {
  int: toInt,
  float: (value = 0) => toNumber(value),
  str: toText,
  bool: (value = false) => isTruthy(value),
  list: (value = []) => (Array.isArray(value) ? value : undefined),
  tuple: (value = []) => (Array.isArray(value) ? value : undefined),
  dict: (value = {}) => (isConfigTree(value) ? value : undefined),
};

function toNumber(value: ConfigValue): number | undefined {
  const isNumeric =
    typeof value === "number" ||
    typeof value === "boolean" ||
    (typeof value === "string" && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value));
  const number = isNumeric ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** A number loses its decimals; text must have none. */
function toInt(value: ConfigValue = 0): number | undefined {
  if (typeof value === "string" && !/^\s*[+-]?\d+\s*$/.test(value)) {
    return undefined;
  }
  const number = toNumber(value);
  return number === undefined ? undefined : Math.trunc(number) + 0;
}

function toText(value: ConfigValue = ""): string | undefined {
  if (value === null) {
    return "None";
  }
  if (typeof value === "boolean") {
    return value ? "True" : "False";
  }
  return typeof value === "object" ? undefined : String(value);
}

function isTruthy(value: ConfigValue): boolean {
  if (Array.isArray(value)) {
    return value.length > 0;
  }
  return isConfigTree(value) ? Object.keys(value).length > 0 : Boolean(value);
}
