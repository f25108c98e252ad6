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
  | PatternType
  | RecordType
  | ObjectType
  | UnknownType;

/** A type that cannot be told: any JSON value passes, and the kernel's compiler checks the cell. */
export interface UnknownType {
  readonly kind: "unknown";
  /** As written, where a value was to be of some type; without it any value is right. */
  readonly text?: string;
}

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
  /** Those that may be given. */
  readonly members: readonly EnumMember[];
  /** Whether the enum has other members as well. */
  readonly isPart?: boolean;
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

/** Text of a form, such as that of a template literal type. */
export interface PatternType {
  readonly kind: "pattern";
  /** The type as written. */
  readonly text: string;
  /** A regular expression, with the flag `u`, for the whole text. */
  readonly pattern: string;
}

export interface RecordType {
  readonly kind: "record";
  readonly value: ParameterType;
  /** The form of its keys; any where left out. */
  readonly keys?: PatternType;
}

export interface ObjectType {
  readonly kind: "object";
  readonly fields: readonly Field[];
  /** The type of what other names hold; there are none where left out. */
  readonly others?: ParameterType;
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
  /** The enum, or, where the type has only some of its members, the member's own type. */
  readonly typeName: string;
  readonly value: string | number;

  constructor({name, isPart}: EnumType, member: EnumMember) {
    const isPlain = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(member.name);
    const own = isPlain
      ? `${name}.${member.name}`
      : `(typeof ${name})[${JSON.stringify(member.name)}]`;
    this.typeName = isPart === true ? own : name;
    this.value = member.value;
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

/** Whether such a value may hold one that must not be seen, however deep inside. */
export function holdsSecret(type: ParameterType): boolean {
  return JSON.stringify(type).includes('"kind":"secret"');
}

/** As a person writes it: `number`, `"buy" | "sell"`, `string[]`. */
export function formatType(type: ParameterType): string {
  switch (type.kind) {
    case "literal":
      return JSON.stringify(type.value);
    case "union":
      return formatUnion(type.members);
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
    case "pattern":
      return type.text;
    case "record":
      return `Record<${type.keys?.text ?? "string"}, ${formatType(type.value)}>`;
    case "object":
      return formatObject(type);
    case "date":
    case "dateText":
      return "date (ISO 8601 text)";
    case "secret":
      return `secret (${shortestSecret} characters or more)`;
    case "unknown":
      return type.text === undefined ? "JSON" : `JSON (${type.text} is not known)`;
    default:
      return type.kind;
  }
}

/** Of a long one the first members: a template may stand for thousands. */
function formatUnion(members: readonly ParameterType[]): string {
  const shown = members.length > mostMembers ? members.slice(0, mostMembers) : members;
  const rest = members.length - shown.length;
  return [...shown.map(formatType), ...(rest > 0 ? [`… ${rest} more`] : [])].join(" | ");
}

const mostMembers = 20;

function formatObject({fields, others}: ObjectType): string {
  const open = others === undefined ? [] : [`[name: string]: ${formatType(others)}`];
  return `{${[...fields.map(formatField), ...open].join("; ")}}`;
}

function formatTuple({elements, required = elements.length, rest}: TupleType): string {
  const parts = elements.map((one, i) => `${formatType(one)}${i < required ? "" : "?"}`);
  const open = rest === undefined ? [] : [`...${formatType({kind: "array", element: rest})}`];
  return `[${[...parts, ...open].join(", ")}]`;
}

function formatField({name, type, isOptional}: Field): string {
  return `${name}${isOptional ? "?" : ""}: ${formatType(type)}`;
}
