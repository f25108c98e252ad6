/** The type of a parameter, as far as a value given from outside can be checked against it. */
export type ParameterType =
  | {readonly kind: "string" | "number" | "integer" | "boolean" | "null" | "undefined"}
  /** A `Date`, given as ISO 8601 text; without a zone it is UTC. */
  | {readonly kind: "date"}
  /** ISO 8601 text that stays text. */
  | {readonly kind: "dateText"}
  /** Text that must not be seen; see {@link SecretValue}. */
  | {readonly kind: "secret"}
  | {readonly kind: "literal"; readonly value: string | number | boolean}
  | {readonly kind: "union"; readonly members: readonly ParameterType[]}
  | {readonly kind: "array"; readonly element: ParameterType}
  | {readonly kind: "tuple"; readonly elements: readonly ParameterType[]}
  | {readonly kind: "record"; readonly value: ParameterType}
  | {readonly kind: "object"; readonly fields: readonly Field[]}
  /** A type from elsewhere, or none: any JSON value passes, and the compiler checks the cell. */
  | {readonly kind: "unknown"};

export interface Field {
  readonly name: string;
  readonly type: ParameterType;
  readonly isOptional: boolean;
}

/** A date in a value that was checked; it is written as `new Date("…")`. */
export class DateValue {
  /** ISO 8601, in UTC. */
  readonly iso: string;

  constructor(iso: string) {
    this.iso = iso;
  }

  toJSON(): string {
    return this.iso;
  }
}

/** Shorter ones could not be told from other text where they are to be hidden. */
export const shortestSecret = 4;

/** A secret in a value that was checked; whatever prints or saves it gets `[secret]`. */
export class SecretValue {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The value itself; hand it on at once. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }
}

/** Whether a value of it must not be seen: a secret, or one that may also be null. */
export function isSecret(type: ParameterType): boolean {
  return type.kind === "union" ? type.members.some(isSecret) : type.kind === "secret";
}

/** As a person writes it: `number`, `"buy" | "sell"`, `string[]`. */
export function formatType(type: ParameterType): string {
  switch (type.kind) {
    case "literal":
      return JSON.stringify(type.value);
    case "union":
      return type.members.map(formatType).join(" | ");
    case "array":
      return type.element.kind === "union"
        ? `(${formatType(type.element)})[]`
        : `${formatType(type.element)}[]`;
    case "tuple":
      return `[${type.elements.map(formatType).join(", ")}]`;
    case "record":
      return `Record<string, ${formatType(type.value)}>`;
    case "object":
      return `{${type.fields.map(formatField).join("; ")}}`;
    case "date":
    case "dateText":
      return "date (ISO 8601 text)";
    case "secret":
      return `secret (${shortestSecret} characters or more)`;
    case "unknown":
      return "JSON";
    default:
      return type.kind;
  }
}

function formatField({name, type, isOptional}: Field): string {
  return `${name}${isOptional ? "?" : ""}: ${formatType(type)}`;
}
