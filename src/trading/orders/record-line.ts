import {ReckonError} from "../../errors.js";
import type {EpochMs} from "../../time/epoch.js";
import {formatZoned, parseUtc} from "../../time/utc-text.js";
import {lineFields} from "./line-fields.js";

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
  const {names, values, isOfKind} = lineFields(text, {kind, last});
  return {
    field(name) {
      const value = values[names.indexOf(name)];
      if (value === undefined || !isOfKind) {
        throw new ReckonError("bad-data", {
          place: `${kind.toLowerCase()} line ${JSON.stringify(text.slice(0, 60))}`,
          expected: isOfKind ? `a field ${name}=` : `text that begins with "${kind}:"`,
          found: isOfKind ? `only ${names.join(", ") || "none"}` : "another text",
        });
      }
      return value;
    },
    has: (name) => isOfKind && names.includes(name),
  };
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
