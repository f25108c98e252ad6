import {type Kysely, type RawBuilder, sql} from "kysely";
import {ReckonError} from "../../errors.js";
import {toIso} from "../../time/epoch.js";
import type {StoreSchema} from "../schema.js";
import type {Store} from "../store.js";
import type {Stream, StreamEntry} from "./stream.js";

/** Rows of one statement: large enough to be quick, small enough to be soon done. */
const CHUNK = 5_000;

/**
 * Appends rows to a stream and says how many were new.
 *
 * A row whose values are those of the newest version stored is not new; one with other values is
 * a correction and is kept as a further version. A row that claims to have been known no later
 * than the newest version is new only when no version has its values. So appending again after a
 * lost answer changes nothing, and a value that comes back after a correction is kept.
 *
 * Ids count up in the order in which rows become visible: one writer of a table waits for another.
 *
 * @throws ReckonError `misuse` when a row lacks a key or a value, or a time is none
 */
export async function appendStream(
  store: Store,
  stream: Stream,
  entries: readonly StreamEntry[],
): Promise<number> {
  let added = 0;
  for (const wave of wavesOf(stream, entries)) {
    for (let from = 0; from < wave.length; from += CHUNK) {
      added += await appendChunk(store.db, stream, wave.slice(from, from + CHUNK));
    }
  }
  return added;
}

/** Versions of one key and time go one after the other, as they became known. */
function wavesOf(stream: Stream, entries: readonly StreamEntry[]): StreamEntry[][] {
  const keys = Object.keys(stream.keys);
  const seen = new Map<string, number>();
  const waves: StreamEntry[][] = [];
  for (const entry of [...entries].sort((a, b) => a.knowledgeTime - b.knowledgeTime)) {
    const id = JSON.stringify([entry.eventTime, ...keys.map((key) => entry.key[key])]);
    const wave = seen.get(id) ?? 0;
    seen.set(id, wave + 1);
    waves[wave] ??= [];
    waves[wave].push(entry);
  }
  return waves;
}

async function appendChunk(
  db: Kysely<StoreSchema>,
  stream: Stream,
  entries: readonly StreamEntry[],
): Promise<number> {
  const insert = insertStatement(stream, entries);
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext(${`reckon ${stream.table}`}))`.execute(tx);
    const {numAffectedRows} = await insert.execute(tx);
    return Number(numAffectedRows);
  });
}

function insertStatement(stream: Stream, entries: readonly StreamEntry[]): RawBuilder<unknown> {
  const table = sql.id(stream.table);
  const keys = Object.keys(stream.keys);
  const given = inputColumns(stream, entries);
  const names = sql.join(given.map(({name}) => sql.id(name)));
  const arrays = sql.join(given.map(({type, values}) => sql`${values}::${sql.raw(type)}[]`));
  const listed = (alias: string, of: readonly string[]) =>
    sql.join(of.map((name) => sql.ref(`${alias}.${name}`)));
  const isSame = (alias: string) =>
    sql.join(
      ["timestamp", ...keys].map(
        (name) => sql`${sql.ref(`${alias}.${name}`)} = ${sql.ref(`n.${name}`)}`,
      ),
      sql` AND `,
    );
  return sql`
    INSERT INTO ${table} (${names}, version)
    SELECT ${listed(
      "n",
      given.map(({name}) => name),
    )},
      coalesce((SELECT max(v.version) + 1 FROM ${table} v WHERE ${isSame("v")}), 0)
    FROM (SELECT * FROM unnest(${arrays}) WITH ORDINALITY AS t(${names}, place)) n
    LEFT JOIN LATERAL (
      SELECT * FROM ${table} o WHERE ${isSame("o")}
      ORDER BY o.knowledge_timestamp DESC, o.id DESC LIMIT 1
    ) l ON true
    WHERE l.id IS NULL OR (
      ROW(${listed("l", stream.columns)}) IS DISTINCT FROM ROW(${listed("n", stream.columns)})
      AND NOT (n.knowledge_timestamp <= l.knowledge_timestamp AND EXISTS (
        SELECT 1 FROM ${table} e WHERE ${isSame("e")} AND
          ROW(${listed("e", stream.columns)})
            IS NOT DISTINCT FROM ROW(${listed("n", stream.columns)})
      ))
    )
    ORDER BY n.place
    ON CONFLICT DO NOTHING`;
}

interface InputColumn {
  readonly name: string;
  readonly type: string;
  readonly values: (string | number)[];
}

/** The rows as one array per column. */
function inputColumns(stream: Stream, entries: readonly StreamEntry[]): InputColumn[] {
  const complain = (name: string, entry: StreamEntry): never => {
    throw new ReckonError("misuse", {
      place: `a row of ${stream.name} for ${JSON.stringify(entry.key)}`,
      expected: `a value of ${name}`,
      found: "none",
    });
  };
  const time = (name: string, of: (entry: StreamEntry) => number) =>
    entries.map((entry) => {
      const value = of(entry);
      return Number.isSafeInteger(value) ? value : complain(name, entry);
    });
  const iso = (name: string, of: (entry: StreamEntry) => number) =>
    time(name, of).map((ms) => toIso(ms));
  return [
    {
      name: "timestamp",
      type: "bigint",
      values: time("eventTime", ({eventTime}) => eventTime - stream.intervalMs),
    },
    ...Object.entries(stream.keys).map(([name, type]) => ({
      name,
      type,
      values: entries.map((entry) => entry.key[name] ?? complain(name, entry)),
    })),
    ...stream.columns.map((name) => ({
      name,
      type: "double precision",
      values: entries.map((entry) => entry.values[name] ?? complain(name, entry)),
    })),
    {
      name: "end_download_timestamp",
      type: "timestamptz",
      values: iso("endDownloadTime", ({endDownloadTime}) => endDownloadTime),
    },
    {
      name: "knowledge_timestamp",
      type: "timestamptz",
      values: iso("knowledgeTime", ({knowledgeTime}) => knowledgeTime),
    },
  ];
}
