import {sql} from "kysely";
import {ReckonError} from "../../errors.js";
import type {Clock} from "../../time/clock.js";
import {type EpochMs, SECOND_MS, toIso} from "../../time/epoch.js";
import type {Store} from "../store.js";

/** The type of a key column: names, or small whole numbers such as a level of the book. */
export type KeyType = "text" | "integer";

/**
 * A kind of rows that arrive over time. Every row has a key, the time of its event, values, and
 * the time it became known; a correction is a further row of the same key and event time.
 */
export interface Stream {
  readonly name: string;
  readonly table: string;
  /** Key columns with their types, the ones most often asked for first. */
  readonly keys: Readonly<Record<string, KeyType>>;
  /** Value columns, all `DOUBLE PRECISION`. */
  readonly columns: readonly string[];
  /**
   * Length of a row's interval: the column `timestamp` is its start and its event is its end.
   * 0 for ticks, whose `timestamp` is the event.
   */
  readonly intervalMs: number;
}

/** One row to append: a version of what happened to one key at one time. */
export interface StreamEntry {
  readonly key: Readonly<Record<string, string | number>>;
  /** The end of the interval, or the moment of the tick. */
  readonly eventTime: EpochMs;
  readonly values: Readonly<Record<string, number>>;
  readonly endDownloadTime: EpochMs;
  readonly knowledgeTime: EpochMs;
}

/** The columns that every stream has besides its own. */
const FIXED = ["id", "timestamp", "end_download_timestamp", "knowledge_timestamp", "version"];
/** Names are put into SQL as they are, so only plain ones are taken. */
const PLAIN_NAME = /^[a-z][a-z0-9_]{0,39}$/;
/** `DISTINCT ON`, indexes and unique keys take 32 columns at most. */
const MOST_KEYS = 8;

/**
 * Defines a stream; the table is `stream_{name}` unless another is named.
 *
 * @throws ReckonError `misuse` when a name is not plain, taken twice or one that every stream has,
 *   or when the interval is below one second
 */
export function defineStream(
  spec: Omit<Stream, "table" | "intervalMs"> & Partial<Pick<Stream, "table" | "intervalMs">>,
): Stream {
  const {name, keys, columns, intervalMs = 0, table = `stream_${name}`} = spec;
  const complain = (expected: string, found: string): never => {
    throw new ReckonError("misuse", {place: `stream ${name}`, expected, found});
  };
  const names = [...Object.keys(keys), ...columns];
  for (const each of [name, table, ...names]) {
    if (!PLAIN_NAME.test(each)) {
      complain("names of small letters, digits and _, at most 40", JSON.stringify(each));
    }
  }
  const twice = names.find((each, i) => FIXED.includes(each) || names.indexOf(each) !== i);
  if (twice !== undefined) {
    complain(`columns of different names, none of ${FIXED.join(", ")}`, twice);
  }
  if (Object.keys(keys).length === 0 || Object.keys(keys).length > MOST_KEYS) {
    complain(`1 to ${MOST_KEYS} key columns`, String(Object.keys(keys).length));
  }
  if (columns.length === 0) {
    complain("at least one value column", "none");
  }
  if (intervalMs !== 0 && (intervalMs < SECOND_MS || !Number.isSafeInteger(intervalMs))) {
    complain("an interval of 0 (ticks) or at least 1 s", `${intervalMs} ms`);
  }
  return Object.freeze({name, table, keys, columns, intervalMs});
}

/**
 * Makes the table of a stream of one's own and notes its shape; again is harmless.
 *
 * @throws ReckonError `misuse` when the name is taken by a stream of another shape
 */
export async function createStream(
  {db, place}: Store,
  stream: Stream,
  clock: Clock,
): Promise<void> {
  const {table, keys, columns, intervalMs} = stream;
  const definition = {keys: Object.entries(keys), columns, intervalMs};
  await db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('reckon streams'))`.execute(tx);
    const known = await tx
      .selectFrom("streams")
      .select(["definition", "table_name"])
      .where("name", "=", stream.name)
      .executeTakeFirst();
    if (known !== undefined) {
      const found = stableText(known.definition);
      if (found !== stableText(definition) || known.table_name !== table) {
        throw new ReckonError("misuse", {
          place: `stream ${stream.name} of ${place}`,
          expected: `the shape ${stableText(definition)} in table ${table}`,
          found: `${found} in table ${known.table_name}`,
          fix: "give the new shape another name",
        });
      }
      return;
    }
    for (const statement of tableStatements(stream)) {
      await sql.raw(statement).execute(tx);
    }
    await tx
      .insertInto("streams")
      .values({
        name: stream.name,
        table_name: table,
        definition: JSON.stringify(definition),
        created_at: toIso(clock.now()),
      })
      .execute();
  });
}

function stableText(definition: object): string {
  const {keys, columns, intervalMs} = definition as Record<string, unknown>;
  return JSON.stringify({keys, columns, intervalMs});
}

function tableStatements({table, keys, columns}: Stream): string[] {
  const own = [
    ...Object.entries(keys).map(([key, type]) => `"${key}" ${type.toUpperCase()} NOT NULL`),
    ...columns.map((column) => `"${column}" DOUBLE PRECISION NOT NULL`),
  ];
  const key = Object.keys(keys).map((each) => `"${each}"`);
  return [
    `CREATE TABLE "${table}" (
      id BIGSERIAL PRIMARY KEY,
      timestamp BIGINT NOT NULL,
      ${own.join(",\n      ")},
      end_download_timestamp TIMESTAMPTZ(3) NOT NULL,
      knowledge_timestamp TIMESTAMPTZ(3) NOT NULL,
      version INTEGER NOT NULL DEFAULT 0,
      UNIQUE (${key.join(", ")}, timestamp, version)
    )`,
  ];
}
