import {sql} from "kysely";
import type {EpochMs} from "../time/epoch.js";
import {type AppliedMigration, schemaState} from "./migrate.js";
import type {Store} from "./store.js";

/** What a table holds. */
export interface TableStatus {
  readonly table: string;
  readonly rows: number;
  /** When its newest row became known or was written; null for an empty table. */
  readonly newest: EpochMs | null;
}

/** What a store is and holds. */
export interface StoreStatus {
  readonly kind: Store["kind"];
  readonly place: string;
  /** Version of the database, such as `15.18`. */
  readonly server: string;
  readonly applied: readonly AppliedMigration[];
  /** Steps that `reckon store migrate` would apply. */
  readonly pending: readonly string[];
  readonly tables: readonly TableStatus[];
}

/** Columns that say when a row came, the most telling first. */
const TIME_COLUMNS = ["knowledge_timestamp", "timestamp_db", "started_at", "created_at"];
/** Tables of the migrations themselves. */
const BOOKS = ["reckon_migrations", "kysely_migration", "kysely_migration_lock"];

/**
 * Looks a store over: its version, the steps of its schema, and every table in the order of names.
 *
 * @throws ReckonError `misuse` when the schema is not this version's
 */
export async function storeStatus(store: Store): Promise<StoreStatus> {
  const {applied, pending} = await schemaState(store);
  const {rows} = await sql<{server: string}>`
    SELECT split_part(current_setting('server_version'), ' ', 1) AS server`.execute(store.db);
  const tables: TableStatus[] = [];
  for (const [table, time] of await timedTables(store)) {
    tables.push(await tableStatus(store, table, time));
  }
  return {
    kind: store.kind,
    place: store.place,
    server: rows[0]?.server ?? "",
    applied,
    pending,
    tables,
  };
}

/** The store's own tables, each with the column that dates its rows. */
async function timedTables({db}: Store): Promise<[table: string, time: string][]> {
  const {rows} = await sql<{table: string; column: string}>`
    SELECT table_name AS table, column_name AS column FROM information_schema.columns
    WHERE table_schema = current_schema() ORDER BY table_name`.execute(db);
  const names = [...new Set(rows.map(({table}) => table))].filter((name) => !BOOKS.includes(name));
  return names.flatMap((name) => {
    const columns = rows.filter(({table}) => table === name).map(({column}) => column);
    const time = TIME_COLUMNS.find((column) => columns.includes(column));
    return time === undefined ? [] : [[name, time]];
  });
}

async function tableStatus({db}: Store, table: string, time: string): Promise<TableStatus> {
  const {rows} = await sql<{count: number; newest: EpochMs | null}>`
    SELECT count(*) AS count, max(${sql.id(time)}) AS newest FROM ${sql.id(table)}`.execute(db);
  return {table, rows: rows[0]?.count ?? 0, newest: rows[0]?.newest ?? null};
}
