import {ReckonError} from "../../errors.js";
import type {EpochMs} from "../../time/epoch.js";
import {formatZoned, parseUtc} from "../../time/utc-text.js";

/**
 * The fields of a line such as `Order: order_id=0 type_=price@twap`, by name.
 *
 * Values may hold blanks (times do); the multi-line form, a field per line, reads the same.
 *
 * @param kind what the line has to begin with
 * @param last a field whose value is the whole rest of the text, whatever it holds
 * @returns the value of a field; it throws ReckonError `bad-data` for one that is missing
 */
export function parseRecordLine(
  text: string,
  kind: "Order" | "Fill",
  last?: string,
): {readonly field: (name: string) => string; readonly has: (name: string) => boolean} {
  const at = last === undefined ? -1 : text.search(beginningOf(last));
  const head = at < 0 ? text : text.slice(0, at);
  const fields = fieldsOf(head);
  if (at >= 0) {
    fields.set(last as string, text.slice(at + 1 + (last as string).length + 1).trimEnd());
  }
  const isOfKind = text.startsWith(`${kind}:`) && /\s/.test(text.charAt(kind.length + 1));
  return {
    field(name) {
      const value = fields.get(name);
      if (value === undefined || !isOfKind) {
        throw new ReckonError("bad-data", {
          place: `${kind.toLowerCase()} line ${JSON.stringify(text.slice(0, 60))}`,
          expected: isOfKind ? `a field ${name}=` : `text that begins with "${kind}:"`,
          found: isOfKind ? `only ${[...fields.keys()].join(", ") || "none"}` : "another text",
        });
      }
      return value;
    },
    has: (name) => isOfKind && fields.has(name),
  };
}

/**
 * The values by name. A name is a word between a blank (or the beginning) and an equals sign; its
 * value ends before the next name. By hand, as an expression that looks ahead costs ten times more.
 */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let [name, from] = ["", 0];
  for (let equals = text.indexOf("="); equals >= 0; equals = text.indexOf("=", equals + 1)) {
    let start = equals;
    while (start > 0 && isWordCode(text.charCodeAt(start - 1))) {
      start -= 1;
    }
    const isName = start < equals && (start === 0 || /\s/.test(text.charAt(start - 1)));
    if (isName) {
      if (name !== "") {
        fields.set(name, text.slice(from, start).trimEnd());
      }
      [name, from] = [text.slice(start, equals), equals + 1];
    }
  }
  return name === "" ? fields : fields.set(name, text.slice(from).trimEnd());
}

/** Of a letter, a digit or an underscore. */
function isWordCode(code: number): boolean {
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return isLetter || (code >= 48 && code <= 57) || code === 95;
}

const beginnings = new Map<string, RegExp>();

/** Where a field begins; the same few are asked for in every line. */
function beginningOf(field: string): RegExp {
  const known = beginnings.get(field) ?? new RegExp(`\\s${field}=`);
  beginnings.set(field, known);
  return known;
}

/**
 * A finite number of a line.
 *
 * @throws ReckonError `bad-data` naming the field when it holds anything else
 */
export function parseNumberField(text: string, name: string): number {
  const value = Number(text);
  const isNumber = text.trim() !== "" && Number.isFinite(value);
  return checkField(isNumber, value, {name, text, expected: "a finite number"});
}

/**
 * Gives the value of a field that keeps its rule.
 *
 * @throws ReckonError `bad-data` naming the field, what was expected and the text found
 */
export function checkField<T>(
  isKept: boolean,
  value: T,
  {name, text, expected}: {readonly name: string; readonly text: string; readonly expected: string},
): T {
  if (!isKept) {
    throw new ReckonError("bad-data", {place: name, expected, found: JSON.stringify(text)});
  }
  return value;
}

const TIME_TEXTS_KEPT = 64;
const timeTexts = new Map<string, string>();
const textTimes = new Map<string, EpochMs>();

/**
 * The instant of a time of a line; those of a bar's orders and fills are few, and read once each.
 *
 * @throws ReckonError `bad-data` when the text is none
 */
export function parseRecordTime(text: string, name: string): EpochMs {
  let time = textTimes.get(text);
  if (time === undefined) {
    time = parseUtc(text, name);
    if (textTimes.size >= TIME_TEXTS_KEPT) {
      textTimes.clear();
    }
    textTimes.set(text, time);
  }
  return time;
}

/** A time in a zone; those of a bar's orders and fills are few, and written once each. */
export function formatRecordTime(time: EpochMs, zone: string): string {
  const key = `${time} ${zone}`;
  let text = timeTexts.get(key);
  if (text === undefined) {
    text = formatZoned(time, zone);
    if (timeTexts.size >= TIME_TEXTS_KEPT) {
      timeTexts.clear();
    }
    timeTexts.set(key, text);
  }
  return text;
}

/** A number as the reference prints it: whole numbers keep one decimal. */
export function formatFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
}
