import {type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS} from "../../time/epoch.js";
import {formatUtc, parseUtc} from "../../time/utc-text.js";

const ZERO = 48;

/** Instants of one column of a file, whose neighbours are often equal or of one day. */
export class UtcColumn {
  #text = "";
  #time: EpochMs = Number.NaN;
  #dayText = "";
  #day: EpochMs = Number.NaN;

  /**
   * The instant of a text with any UTC offset.
   *
   * @throws ReckonError `bad-data` when the text is none
   */
  parse(text: string, place: () => string): EpochMs {
    if (text !== this.#text) {
      const time = this.#parseWholeSecond(text);
      this.#time = Number.isNaN(time) ? parseUtc(text, place()) : time;
      this.#text = text;
    }
    return this.#time;
  }

  /** The text of an instant: `2025-09-01 00:05:10.100000+00:00`. */
  format(time: EpochMs): string {
    if (time !== this.#time) {
      this.#time = time;
      this.#text = formatUtc(time);
    }
    return this.#text;
  }

  /** `YYYY-MM-DD HH:MM:SS+00:00`; NaN for every other form. */
  #parseWholeSecond(text: string): EpochMs {
    if (text.length !== 25 || !text.endsWith("+00:00") || text[10] !== " ") {
      return Number.NaN;
    }
    const dayText = text.slice(0, 10);
    if (dayText !== this.#dayText) {
      this.#day = Date.parse(`${dayText}T00:00:00Z`);
      this.#dayText = dayText;
    }
    const [hour, minute, second] = [digits(text, 11), digits(text, 14), digits(text, 17)];
    const isTime = text[13] === ":" && text[16] === ":" && hour < 24 && minute < 60 && second < 60;
    return isTime
      ? this.#day + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS
      : Number.NaN;
  }
}

/** A number of two digits; NaN when they are none. */
function digits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN;
}
