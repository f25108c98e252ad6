import {nearestName} from "../nearest-name.js";
import {fitText, fitValue, isOfForm, isPlainObject, listParts} from "./fit-value.js";
import {
  formatType,
  holdsSecret,
  type ObjectType,
  type ParameterType,
  type RecordType,
  type TupleType,
} from "./types/parameter-type.js";

/** A place inside a value that does not fit, and what is wrong there. */
export interface Misfit {
  /** Behind the parameter's name: `.maxLoss`, `[2]`, `["odd name"].a`; empty for all of it. */
  readonly path: string;
  /** The rest of a complaint: `expected number, found "5"`. */
  readonly text: string;
}

/** Of a value with more wrong places the first ones are told. */
const mostMisfits = 10;

/**
 * The places that keep a value from fitting a type, as deep inside as they can be told; none for a
 * value that fits. No secret is shown.
 */
export function misfitsOf(type: ParameterType, value: unknown): readonly Misfit[] {
  return fitValue(type, value) === null ? inside(type, value, "").slice(0, mostMisfits) : [];
}

/** The same for text from a command line. */
export function misfitsOfText(type: ParameterType, text: string): readonly Misfit[] {
  if (fitText(type, text) !== null) {
    return [];
  }
  const value = parseJson(text);
  if (typeof value === "object" && value !== null) {
    return misfitsOf(type, value);
  }
  const parts = type.kind === "array" ? listParts(type.element, text) : undefined;
  if (type.kind === "array" && parts !== undefined) {
    return parts.flatMap((one, i) =>
      fitText(type.element, one) === null
        ? [{path: `[${i}]`, text: expectedFound(type.element, one)}]
        : [],
    );
  }
  const isMeant = /^\s*[[{]/.test(text) && value === undefined && !holdsSecret(type);
  return [{path: "", text: expectedFound(type, text) + (isMeant ? ", which is no JSON" : "")}];
}

/** Undefined for text that is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type Inside = (type: ParameterType, value: unknown, path: string) => readonly Misfit[];

/** Of a value that is known not to fit. */
const inside: Inside = (type, value, path) => {
  const whole = [{path, text: expectedFound(type, value)}];
  let parts: readonly Misfit[] = [];
  if (holdsSecret(type)) {
    return whole;
  }
  if (type.kind === "union") {
    parts = insideUnion(type.members, value, path);
  } else if (Array.isArray(value)) {
    parts = insideList(type, value, path);
  } else if (isPlainObject(value) && (type.kind === "object" || type.kind === "record")) {
    parts =
      type.kind === "object" ? insideObject(type, value, path) : insideRecord(type, value, path);
  }
  return parts.length > 0 ? parts : whole;
};

/** A part of a value, which may fit. */
const part: Inside = (type, value, path) =>
  fitValue(type, value) === null ? inside(type, value, path) : [];

function insideList(
  type: ParameterType,
  values: readonly unknown[],
  path: string,
): readonly Misfit[] {
  const typeAt = elementTypes(type, values.length);
  return typeAt === undefined
    ? []
    : values.flatMap((one, i) => part(typeAt(i), one, `${path}[${i}]`));
}

/** The type of each element; undefined where so many cannot be right. */
function elementTypes(
  type: ParameterType,
  length: number,
): ((index: number) => ParameterType) | undefined {
  if (type.kind === "array") {
    return () => type.element;
  }
  return type.kind === "tuple" && takesLength(type, length)
    ? (index) => type.elements[index] ?? (type.rest as ParameterType)
    : undefined;
}

function takesLength({elements, required = elements.length, rest}: TupleType, length: number) {
  return length >= required && (length <= elements.length || rest !== undefined);
}

function insideRecord(
  {keys, value: inner}: RecordType,
  value: Readonly<Record<string, unknown>>,
  path: string,
): readonly Misfit[] {
  return Object.entries(value).flatMap(([name, one]) =>
    keys !== undefined && !isOfForm(keys, name)
      ? [
          {
            path: within(path, name),
            text: `expected a name like ${keys.text}, found ${formatFound(name)}`,
          },
        ]
      : part(inner, one, within(path, name)),
  );
}

function insideObject(
  {fields, others}: ObjectType,
  value: Readonly<Record<string, unknown>>,
  path: string,
): readonly Misfit[] {
  const names = fields.map(({name}) => name);
  const unknown =
    others === undefined ? Object.keys(value).filter((one) => !names.includes(one)) : [];
  const missing = fields.filter(({name, isOptional}) => !isOptional && !Object.hasOwn(value, name));
  const absent = names.filter((name) => !Object.hasOwn(value, name));
  // A name that is there already is not what was meant.
  const nearOf = (name: string) => nearestName(name, absent) ?? nearestName(name, names);
  const meant = unknown.map(nearOf);
  return [
    ...unknown.map((name, i) => {
      const near = meant[i] === undefined ? "" : `; did you mean ${meant[i]}?`;
      const text = `expected one of ${names.join(", ")}, found an unknown name${near}`;
      return {path: within(path, name), text};
    }),
    ...missing
      .filter(({name}) => !meant.includes(name))
      .map(({name, type}) => {
        return {path: within(path, name), text: `expected ${formatType(type)}, found nothing`};
      }),
    ...Object.entries(value).flatMap(([name, one]) => {
      const type = fields.find((field) => field.name === name)?.type ?? others;
      return type === undefined ? [] : part(type, one, within(path, name));
    }),
  ];
}

/** Of members that are alike, the one with the fewest wrong places is what was meant. */
function insideUnion(
  members: readonly ParameterType[],
  value: unknown,
  path: string,
): readonly Misfit[] {
  const isList = Array.isArray(value);
  const kinds = isList ? ["array", "tuple"] : ["object", "record"];
  const alike = members.filter(({kind}) => kinds.includes(kind));
  if ((!isList && !isPlainObject(value)) || alike.length === 0) {
    return [];
  }
  const marked = alike.filter((member) => hasItsMark(member, value));
  const tried = (marked.length > 0 ? marked : alike).map((member) => inside(member, value, path));
  const least = Math.min(...tried.map(({length}) => length));
  const best = tried.filter(({length}) => length === least);
  // Where several are as near, none of them is what was meant.
  return best.length === 1 ? (best[0] as readonly Misfit[]) : [];
}

/** Whether a field that tells the members of a union apart, `kind: "limit"`, is this member's. */
function hasItsMark(type: ParameterType, value: unknown): boolean {
  const marks =
    type.kind === "object" ? type.fields.filter((one) => one.type.kind === "literal") : [];
  const given = value as Readonly<Record<string, unknown>>;
  return marks.length > 0 && marks.every((one) => fitValue(one.type, given[one.name]) !== null);
}

function within(path: string, name: string): string {
  const isPlain = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
  return isPlain ? `${path}.${name}` : `${path}[${formatFound(name)}]`;
}

/** `expected "buy" | "sell", found "sel"; did you mean "sell"?`. */
export function expectedFound(type: ParameterType, found: unknown): string {
  const expected = `expected ${formatType(type)}, found `;
  if (holdsSecret(type)) {
    return expected + (typeof found === "string" ? "a shorter text" : `a ${typeof found}`);
  }
  const near = typeof found === "string" ? nearestName(found, literalsOf(type)) : undefined;
  return expected + formatFound(found) + (near === undefined ? "" : `; did you mean "${near}"?`);
}

function literalsOf(type: ParameterType): string[] {
  if (type.kind === "union") return type.members.flatMap(literalsOf);
  if (type.kind === "enum") return type.members.flatMap(({name, value}) => [name, String(value)]);
  return type.kind === "literal" && typeof type.value === "string" ? [type.value] : [];
}

/** A value as JSON shows it, shortened, with the type that JSON would lose. */
function formatFound(value: unknown): string {
  if (typeof value === "number" || value === undefined) {
    return Object.is(value, -0) ? "-0" : String(value);
  }
  if (typeof value === "bigint" || typeof value === "function" || typeof value === "symbol") {
    return `a ${typeof value}`;
  }
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
