import {messageOf, ReckonError} from "../../errors.js";
import {OHLCV} from "../bars.js";
import {type DuckDBConnection, readColumns, sqlPath} from "../parquet/duck-db.js";
import {inspectCsv} from "./inspect-csv.js";

/** What can be wrong with the shape of a line. */
export const SHAPE = {whole: 0, missingValue: 1, tooManyFields: 2} as const;

/** The rows of csv files in file order, before any of them is judged. */
export interface RawRows {
  /** Open time as written; NaN where the text is no number. */
  readonly openTime: Float64Array;
  /** One of {@link SHAPE}. */
  readonly shape: Float64Array;
  /** The columns of {@link OHLCV}; NaN where the text is no number. */
  readonly values: readonly Float64Array[];
  /** Lines that could not be split into fields at all. */
  readonly unreadableLines: number;
}

const TEXT_COLUMNS = ["ts_ms", ...OHLCV, "surplus"];

/**
 * Every row of a csv or csv.gz file, with each field as the nearest double.
 *
 * @throws ReckonError `bad-data` for a damaged file or a wrong header
 */
export async function readCsv(connection: DuckDBConnection, path: string): Promise<RawRows> {
  const lines = await inspectCsv(path);
  const fields = ["ts_ms", ...OHLCV];
  const numbers = fields.map(
    (name) => `coalesce(try_cast(trim(${name}, ' "') AS DOUBLE), 'NaN'::DOUBLE)`,
  );
  const isMissing = fields.map((name) => `${name} IS NULL`).join(" OR ");
  // Fields are read as text and one after the other, so that a bad one spoils only its own row.
  const sql = `SELECT (CASE WHEN surplus IS NOT NULL THEN ${SHAPE.tooManyFields}
      WHEN ${isMissing} THEN ${SHAPE.missingValue} ELSE ${SHAPE.whole} END)::DOUBLE,
    ${numbers.join(", ")}
    FROM read_csv(${sqlPath(path)}, auto_detect = false, header = true, delim = ',', quote = '',
      escape = '', columns = {${TEXT_COLUMNS.map((name) => `'${name}': 'VARCHAR'`).join(", ")}},
      null_padding = true, strict_mode = false, ignore_errors = true, parallel = false)`;
  try {
    const [shape, openTime, ...values] = (await readColumns(connection, sql)) as [
      Float64Array,
      Float64Array,
      ...Float64Array[],
    ];
    return {openTime, shape, values, unreadableLines: Math.max(0, lines - openTime.length)};
  } catch (error) {
    throw new ReckonError("bad-data", `${path}: ${messageOf(error)}`, {cause: error});
  }
}
