import {
  DateValue,
  type EnumType,
  EnumValue,
  type ObjectType,
  type ParameterType,
  type PatternType,
  type RecordType,
  SecretValue,
  shortestSecret,
  type TupleType,
} from "./types/parameter-type.js";

/** A value that fits, with dates normalised to UTC; or null. */
export type Fit = {readonly value: unknown} | null;

/** Fits a JSON value to a type; nothing is converted. */
export function fitValue(type: ParameterType, value: unknown): Fit {
  switch (type.kind) {
    case "string":
    case "boolean":
      return typeof value === type.kind ? {value} : null;
    case "number":
      return Number.isFinite(value) ? {value} : null;
    case "integer":
      return Number.isSafeInteger(value) ? {value} : null;
    case "null":
      return value === null ? {value} : null;
    case "undefined":
      return value === null || value === undefined ? {value: undefined} : null;
    case "date":
      return fitDate(value);
    case "dateText":
      return fitDate(value) && {value};
    case "secret":
      return typeof value === "string" && value.trim().length >= shortestSecret
        ? {value: new SecretValue(value)}
        : null;
    case "literal":
      return value === type.value ? {value} : null;
    case "union":
      return firstFit(type.members, (member) => fitValue(member, value));
    case "array":
      return Array.isArray(value) ? fitAll(value.map((v) => fitValue(type.element, v))) : null;
    case "tuple":
      return Array.isArray(value) ? fitTuple(type, value) : null;
    case "enum":
      return fitMember(type, (word) => word === value);
    case "foreign":
      return null;
    case "pattern":
      return typeof value === "string" && isOfForm(type, value) ? {value} : null;
    case "record":
      return fitRecord(type, value);
    case "object":
      return fitObject(type, value);
    case "unknown":
      return isJson(value) ? {value} : null;
  }
}

/** Fits text from a command line: `5` is a number where a number is wanted, else a string. */
export function fitText(type: ParameterType, text: string): Fit {
  switch (type.kind) {
    case "string":
      return {value: text};
    case "number":
    case "integer":
      return isNumberText(text) && keepsDigits(text) ? fitValue(type, Number(text)) : null;
    case "boolean":
    case "null":
    case "undefined":
      return words.has(text) ? fitValue(type, words.get(text)) : null;
    case "literal":
      return String(type.value) === text ? {value: type.value} : null;
    case "enum":
      return fitMember(type, (word) => String(word) === text);
    case "date":
    case "dateText":
    case "secret":
    case "foreign":
    case "pattern":
      return fitValue(type, text);
    case "union":
      // Text is the last resort: "5" for `string | number` is a number, "null" for a secret or null
      // is null.
      return firstFit([...type.members].sort(textLast), (member) => fitText(member, text));
    case "array":
      return fitJson(type, text) ?? fitList(type.element, text);
    case "tuple":
    case "record":
    case "object":
      return fitJson(type, text);
    case "unknown":
      return fitJson(type, text) ?? {value: text};
  }
}

/** By its value, else by its name; a value comes first, for the two may be crossed. */
function fitMember(type: EnumType, isGiven: (word: string | number) => boolean): Fit {
  const {members} = type;
  const member =
    members.find(({value}) => isGiven(value)) ?? members.find((one) => isGiven(one.name));
  return member === undefined ? null : {value: new EnumValue(type, member)};
}

function fitTuple(type: TupleType, values: readonly unknown[]): Fit {
  const {elements, required = elements.length, rest} = type;
  const isLong = values.length > elements.length && rest === undefined;
  if (values.length < required || isLong) {
    return null;
  }
  return fitAll(values.map((value, i) => fitValue(elements[i] ?? (rest as ParameterType), value)));
}

const words = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["undefined", undefined],
]);

const kindsOfText: readonly ParameterType["kind"][] = ["pattern", "secret", "string"];

function textLast(a: ParameterType, b: ParameterType): number {
  return kindsOfText.indexOf(a.kind) - kindsOfText.indexOf(b.kind);
}

function isNumberText(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}

/** False for a whole number that a float64 rounds to another, such as 2^53 + 1. */
function keepsDigits(text: string): boolean {
  const value = Number(text);
  return !/^[+-]?\d+$/.test(text) || (Number.isFinite(value) && BigInt(text) === BigInt(value));
}

function fitJson(type: ParameterType, text: string): Fit {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return fitValue(type, value);
}

function fitList(element: ParameterType, text: string): Fit {
  const parts = listParts(element, text);
  return parts === undefined ? null : fitAll(parts.map((part) => fitText(element, part)));
}

/**
 * The elements of `a,b,c`, where they are no lists themselves; no text is no element. Undefined
 * where the text is to be JSON.
 */
export function listParts(element: ParameterType, text: string): readonly string[] | undefined {
  if (!isScalar(element) || /^\s*[[{]/.test(text)) {
    return undefined;
  }
  return text.trim() === "" ? [] : text.split(",").map((part) => part.trim());
}

function isScalar(type: ParameterType): boolean {
  return type.kind === "union"
    ? type.members.every(isScalar)
    : !["array", "tuple", "record", "object"].includes(type.kind);
}

function firstFit(members: readonly ParameterType[], fit: (member: ParameterType) => Fit): Fit {
  for (const member of members) {
    const found = fit(member);
    if (found !== null) {
      return found;
    }
  }
  return null;
}

function fitAll(fits: readonly Fit[]): Fit {
  return fits.some((fit) => fit === null) ? null : {value: fits.map((fit) => fit?.value)};
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fitEntries(value: unknown, typeOf: (name: string) => ParameterType): Fit {
  if (!isPlainObject(value)) {
    return null;
  }
  const names = Object.keys(value);
  const fitted = fitAll(names.map((name) => fitValue(typeOf(name), value[name])));
  if (fitted === null) {
    return null;
  }
  const values = fitted.value as readonly unknown[];
  return {value: Object.fromEntries(names.map((name, i) => [name, values[i]]))};
}

export function isOfForm({pattern}: PatternType, text: string): boolean {
  return new RegExp(pattern, "u").test(text);
}

function fitRecord({keys, value: inner}: RecordType, value: unknown): Fit {
  const isOpen =
    keys === undefined ||
    (isPlainObject(value) && Object.keys(value).every((name) => isOfForm(keys, name)));
  return isOpen ? fitEntries(value, () => inner) : null;
}

function fitObject({fields, others}: ObjectType, value: unknown): Fit {
  const byName = new Map(fields.map((field) => [field.name, field.type]));
  const isWhole =
    isPlainObject(value) &&
    Object.keys(value).every((name) => byName.has(name) || others !== undefined) &&
    fields.every(({name, isOptional}) => isOptional || Object.hasOwn(value, name));
  return isWhole ? fitEntries(value, (name) => byName.get(name) ?? others ?? unknownType) : null;
}

const unknownType = {kind: "unknown"} as const;

const isoDay = /\d{4}-\d{2}-\d{2}/.source;
const isoTime = /\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?/.source;
const isoZone = /Z|[+-]\d{2}:?\d{2}/.source;
const isoText = new RegExp(`^(${isoDay})(?:[T ](${isoTime}) ?(${isoZone})?)?$`);

/** A day that exists, perhaps with a time; the value is a `DateValue` in UTC. */
function fitDate(value: unknown): Fit {
  const text = typeof value === "string" ? value : "";
  const [, day, time = "00:00", zone = "Z"] = isoText.exec(text) ?? [];
  if (day === undefined) {
    return null;
  }
  // The engine takes February 30 for March 2.
  const startOfDay = Date.parse(`${day}T00:00:00Z`);
  const at = Date.parse(`${day}T${time}${zone.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2")}`);
  const isReal = Number.isFinite(at) && new Date(startOfDay).toISOString().startsWith(day);
  return isReal ? {value: new DateValue(new Date(at).toISOString())} : null;
}

/** Whether JSON can hold it without loss. */
function isJson(value: unknown): boolean {
  if (typeof value === "number") {
    return Number.isFinite(value);
  }
  if (Array.isArray(value)) {
    return value.every(isJson);
  }
  return isPlainObject(value)
    ? Object.values(value).every(isJson)
    : value === null || typeof value === "string" || typeof value === "boolean";
}
