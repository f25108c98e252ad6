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
  | TupleType
  | EnumType
  | ForeignType
  | {readonly kind: "record"; readonly value: ParameterType}
  | {readonly kind: "object"; readonly fields: readonly Field[]}
  /** A type from elsewhere, or none: any JSON value passes, and the compiler checks the cell. */
  | {readonly kind: "unknown"};

export interface TupleType {
  readonly kind: "tuple";
  readonly elements: readonly ParameterType[];
  /** How many of them must be there; all where left out. */
  readonly required?: number;
  /** What may follow them, as often as wanted. */
  readonly rest?: ParameterType;
}

/** An `enum` of the cell; a value is given as the member's value, or by its name. */
export interface EnumType {
  readonly kind: "enum";
  readonly name: string;
  readonly members: readonly EnumMember[];
}

export interface EnumMember {
  readonly name: string;
  readonly value: string | number;
}

/** A type of which no value can be given from outside, such as a `Map`. */
export interface ForeignType {
  readonly kind: "foreign";
  readonly text: string;
  /** What to declare in its place. */
  readonly instead: string;
}

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

/** A member of an enum in a value that was checked; it is written as `value as Name`. */
export class EnumValue {
  readonly enumName: string;
  readonly value: string | number;

  constructor(enumName: string, value: string | number) {
    this.enumName = enumName;
    this.value = value;
  }

  toJSON(): string | number {
    return this.value;
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
      return type.element.kind === "union" || type.element.kind === "enum"
        ? `(${formatType(type.element)})[]`
        : `${formatType(type.element)}[]`;
    case "tuple":
      return formatTuple(type);
    case "enum":
      return type.members
        .map(({name, value}) => `${JSON.stringify(value)} (${type.name}.${name})`)
        .join(" | ");
    case "foreign":
      return `${type.text} (only its default)`;
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

function formatTuple({elements, required = elements.length, rest}: TupleType): string {
  const parts = elements.map((one, i) => `${formatType(one)}${i < required ? "" : "?"}`);
  const open = rest === undefined ? [] : [`...${formatType({kind: "array", element: rest})}`];
  return `[${[...parts, ...open].join(", ")}]`;
}

function formatField({name, type, isOptional}: Field): string {
  return `${name}${isOptional ? "?" : ""}: ${formatType(type)}`;
}
