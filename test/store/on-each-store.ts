import {randomBytes} from "node:crypto";
import {sql} from "kysely";
import pg from "pg";
import {afterAll, beforeAll, describe, it} from "vitest";
import {openStore, type Store} from "../../src/store/open/open-store.js";
import {scratchFolder} from "../scratch.js";
import {placeEmptyStore} from "./pglite-template.js";

/** The PostgreSQL server that tests may make databases on; undefined where there is none. */
export const TEST_SERVER_URL = process.env.RECKON_TEST_DATABASE_URL || undefined;

/** The first of all makes the database that the others copy. */
const OPENING_MS = 180_000;

/** The open store of a chapter; call it inside tests and hooks. */
export type StoreOf = () => Store;

let embedded: Promise<Store> | undefined;

/**
 * The embedded store that all chapters of this process take in turn: copying one is a thousand
 * files, each time a second of work.
 */
function sharedStore(): Promise<Store> {
  embedded ??= embeddedStore();
  return embedded;
}

async function embeddedStore(): Promise<Store> {
  const dataDir = scratchFolder("store");
  await placeEmptyStore(dataDir);
  return await openStore({dataDir});
}

/**
 * The same tests on PGlite, and on PostgreSQL when `RECKON_TEST_DATABASE_URL` names a server.
 *
 * Each chapter begins with a migrated store whose tables are empty: tests tell their rows apart by
 * name, or call {@link emptyTables} first. A chapter that changes the schema says `isOwn`: then
 * nobody else has its store.
 */
export function describeEachStore(
  name: string,
  tests: (store: StoreOf) => void,
  {isOwn = false}: {readonly isOwn?: boolean} = {},
): void {
  describe(`${name}, on PGlite`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await (isOwn ? embeddedStore() : sharedStore());
      await emptyTables(store);
    }, OPENING_MS);
    afterAll(async () => {
      if (isOwn) {
        await store?.close();
      }
    });
    tests(() => store);
  });
  const server = TEST_SERVER_URL;
  if (server === undefined) {
    describe(`${name}, on PostgreSQL`, () => {
      it.skip("left out: RECKON_TEST_DATABASE_URL names no server", () => {});
    });
    return;
  }
  describe(`${name}, on PostgreSQL`, () => {
    let store: Store;
    let database: ScratchDatabase;
    beforeAll(async () => {
      database = await scratchDatabase(server);
      store = await openStore({databaseUrl: database.url, dataDir: "."}, {pending: "apply"});
    }, OPENING_MS);
    afterAll(async () => {
      await store?.close();
      await database?.drop();
    });
    tests(() => store);
  });
}

/** An empty database on a test server, to be dropped after use. */
export interface ScratchDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes a database of a name of its own on a server. */
export async function scratchDatabase(server: string): Promise<ScratchDatabase> {
  const name = `reckon_test_${randomBytes(6).toString("hex")}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {url: url.href, drop: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`)};
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({connectionString: url});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Deletes every row of every table, so that a test starts from nothing; ids start again. */
export async function emptyTables({db}: Store): Promise<void> {
  const {rows} = await sql<{name: string}>`
    SELECT quote_ident(tablename) AS name FROM pg_tables
    WHERE schemaname = current_schema()
      AND tablename <> 'reckon_migrations' AND tablename NOT LIKE 'kysely%'`.execute(db);
  const names = rows.map(({name}) => name).join(", ");
  await sql.raw(`TRUNCATE ${names} RESTART IDENTITY`).execute(db);
}
