import {DateValue, EnumValue} from "./types/parameter-type.js";

/**
 * A TypeScript expression for a checked value. It is safe inside a script element and on any
 * line: `<`, U+2028 and U+2029 are escaped, -0 and 1e21 stay what they are, and a key named
 * `__proto__` stays a key.
 *
 * @throws RangeError for a number that is not finite
 */
export function toSource(value: unknown): string {
  if (value instanceof DateValue) {
    return `new Date(${toText(value.iso)})`;
  }
  if (value instanceof EnumValue) {
    return `${toSource(value.value)} as ${value.typeName}`;
  }
  switch (typeof value) {
    case "string":
      return toText(value);
    case "number":
      return toNumber(value);
    case "object":
      return value === null ? "null" : toComposite(value);
    default:
      return String(value); // boolean, undefined
  }
}

function toComposite(value: object): string {
  if (Array.isArray(value)) {
    return `[${value.map(toSource).join(", ")}]`;
  }
  const entries = Object.entries(value).map(([name, item]) => {
    // As a plain key it would set the prototype.
    const key = name === "__proto__" ? '["__proto__"]' : toText(name);
    return `${key}: ${toSource(item)}`;
  });
  return `{${entries.join(", ")}}`;
}

function toText(text: string): string {
  return JSON.stringify(text).replace(
    /[<\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function toNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(`expected a finite number, found ${value}`);
  }
  return Object.is(value, -0) ? "-0" : String(value);
}
