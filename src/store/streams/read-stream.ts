import {type RawBuilder, sql} from "kysely";
import {ReckonError} from "../../errors.js";
import {parsePeriod} from "../../time/bar-grid.js";
import type {EpochMs} from "../../time/epoch.js";
import type {Store} from "../store.js";
import {instant} from "./column-types.js";
import type {Stream} from "./stream.js";

/** Which rows of a stream. */
export type StreamRange = {
  /** Only keys with these values; every value of a key that is left out. */
  readonly keys?: Readonly<Record<string, readonly (string | number)[]>>;
} & (
  | {
      /** The last so long before `asOf`, which is included: `360s`, `5m`, `2h`. */
      readonly last: string;
      readonly asOf: EpochMs;
    }
  | {
      /** Events after this. */
      readonly from: EpochMs;
      /** Events up to and including this. */
      readonly to: EpochMs;
      /** Only what was known then; everything known by now when left out. */
      readonly asOf?: EpochMs;
    }
);

/** The rows of one key, oldest first: one per event, in the version known. */
export interface StreamSeries {
  readonly key: Readonly<Record<string, string | number>>;
  readonly eventTime: Float64Array;
  readonly knowledgeTime: Float64Array;
  /** Values by column, each as long as `eventTime`. */
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** Rows of one page: bounds what is held beside the result. */
const PAGE = 50_000;

type Row = Readonly<Record<string, string | number>>;

/**
 * Reads a stream as it was known at an instant: of each event the version with the latest
 * knowledge time at or before `asOf`. Keys without rows are left out; keys come in their order.
 *
 * @throws ReckonError `misuse` when the period is none or a key is not of the stream
 */
export async function readStream(
  {db}: Store,
  stream: Stream,
  range: StreamRange,
): Promise<StreamSeries[]> {
  const where = conditions(stream, range);
  const order = [...Object.keys(stream.keys), "timestamp"];
  const building: SeriesBuilder[] = [];
  for (let last: Row | undefined, size = PAGE; size === PAGE; ) {
    const {rows}: {rows: Row[]} = await pageAfter(stream, where, last).execute(db);
    for (const row of rows) {
      const isNext =
        last !== undefined && order.slice(0, -1).every((key) => row[key] === last?.[key]);
      if (!isNext) {
        building.push(new SeriesBuilder(stream, row));
      }
      building.at(-1)?.add(row);
      last = row;
    }
    size = rows.length;
  }
  return building.map((builder) => builder.build());
}

/** The next page of versions in force, in the order of keys and times. */
function pageAfter(
  stream: Stream,
  where: RawBuilder<unknown>,
  last: Row | undefined,
): RawBuilder<Row> {
  const order = [...Object.keys(stream.keys), "timestamp"];
  const columns = sql.join(order.map((name) => sql.ref(name)));
  const values = sql.join(stream.columns.map((name) => sql.ref(name)));
  const after =
    last === undefined
      ? sql`true`
      : sql`(${columns}) > (${sql.join(order.map((name) => last[name]))})`;
  return sql<Row>`
    SELECT DISTINCT ON (${columns}) ${columns}, knowledge_timestamp, ${values}
    FROM ${sql.id(stream.table)}
    WHERE ${where} AND ${after}
    ORDER BY ${columns}, knowledge_timestamp DESC, id DESC
    LIMIT ${PAGE}`;
}

function conditions(stream: Stream, range: StreamRange): RawBuilder<unknown> {
  const {from, to} =
    "last" in range
      ? {from: range.asOf - parsePeriod(range.last, `last of ${stream.name}`), to: range.asOf}
      : range;
  const all = [
    sql`timestamp > ${from - stream.intervalMs}`,
    sql`timestamp <= ${to - stream.intervalMs}`,
  ];
  for (const [name, wanted] of Object.entries(range.keys ?? {})) {
    const type = stream.keys[name];
    if (type === undefined) {
      throw new ReckonError("misuse", {
        place: `stream ${stream.name}`,
        expected: `keys among ${Object.keys(stream.keys).join(", ")}`,
        found: name,
      });
    }
    all.push(sql`${sql.ref(name)} = ANY(${[...wanted]}::${sql.raw(type)}[])`);
  }
  if (range.asOf !== undefined) {
    all.push(sql`knowledge_timestamp <= ${instant(range.asOf)}`);
  }
  return sql.join(all, sql` AND `);
}

class SeriesBuilder {
  readonly #stream: Stream;
  readonly #key: Row;
  readonly #eventTime: number[] = [];
  readonly #knowledgeTime: number[] = [];
  readonly #columns: ReadonlyMap<string, number[]>;

  constructor(stream: Stream, first: Row) {
    this.#stream = stream;
    const keys = Object.keys(stream.keys).map((name) => [name, first[name] as string | number]);
    this.#key = Object.fromEntries(keys);
    this.#columns = new Map(stream.columns.map((name) => [name, []]));
  }

  add(row: Row): void {
    this.#eventTime.push((row.timestamp as number) + this.#stream.intervalMs);
    this.#knowledgeTime.push(row.knowledge_timestamp as number);
    for (const [name, values] of this.#columns) {
      values.push(row[name] as number);
    }
  }

  build(): StreamSeries {
    const columns = [...this.#columns].map(
      ([name, values]) => [name, Float64Array.from(values)] as const,
    );
    return {
      key: this.#key,
      eventTime: Float64Array.from(this.#eventTime),
      knowledgeTime: Float64Array.from(this.#knowledgeTime),
      columns: new Map(columns),
    };
  }
}
