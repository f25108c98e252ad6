import {type RawBuilder, sql} from "kysely";
import {ReckonError} from "../../errors.js";
import {type EpochMs, toIso} from "../../time/epoch.js";

/** PostgreSQL's numbers of the types whose values are read in our own way. */
const INT8 = 20;
const FLOAT4 = 700;
const FLOAT8 = 701;
const DATE = 1082;
const TIMESTAMPTZ = 1184;
const NUMERIC = 1700;

/**
 * How the text of a value becomes a value, by type number; both databases read with these.
 *
 * Whole numbers and decimals are numbers, a date stays `YYYY-MM-DD`, a `TIMESTAMPTZ` is epoch ms.
 */
export const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: parseWhole,
  [FLOAT4]: Number,
  [FLOAT8]: Number,
  [NUMERIC]: Number,
  [DATE]: (text) => text,
  [TIMESTAMPTZ]: parseTimestamptz,
};

/** Every session speaks so: what is printed is parsed above, a double is printed exactly. */
export const SESSION_SETTINGS = {
  TimeZone: "UTC",
  DateStyle: "ISO, YMD",
  extra_float_digits: "1",
} as const;

function parseWhole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new ReckonError("bad-data", {
      place: "a BIGINT of the database",
      expected: "a whole number that a double holds exactly (below 2^53)",
      found: text,
    });
  }
  return value;
}

/** The text is `2025-09-01 00:05:10.123+00`; the session's zone is UTC. */
function parseTimestamptz(text: string): EpochMs {
  const time = Date.parse(`${text.replace(" ", "T").replace(/\+00$/, "")}Z`);
  if (Number.isNaN(time)) {
    throw new ReckonError("bad-data", {
      place: "a TIMESTAMPTZ of the database",
      expected: "an instant between the years 1 and 9999",
      found: text,
    });
  }
  return time;
}

/** An instant as SQL takes it, in values to write and in comparisons with a `TIMESTAMPTZ`. */
export function instant(time: EpochMs): RawBuilder<never> {
  return sql<never>`${toIso(time)}::timestamptz`;
}
