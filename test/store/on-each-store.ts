import {randomBytes} from "node:crypto";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {sql} from "kysely";
import pg from "pg";
import {afterAll, beforeAll, describe, it} from "vitest";
import {openStore, type Store} from "../../src/store/open-store.js";
import {placeEmptyStore} from "./pglite-template.js";

/** The PostgreSQL server that tests may make databases on; undefined where there is none. */
export const TEST_SERVER_URL = process.env.RECKON_TEST_DATABASE_URL || undefined;

/** The first of all makes the database that the others copy. */
const OPENING_MS = 180_000;

/** The open store of a chapter; call it inside tests and hooks. */
export type StoreOf = () => Store;

/**
 * The same tests on PGlite, and on PostgreSQL when `RECKON_TEST_DATABASE_URL` names a server.
 *
 * Each chapter has one migrated store of its own (a scratch folder, a scratch database), opened
 * once: tests tell their rows apart by name, or call {@link emptyTables} first.
 */
export function describeEachStore(name: string, tests: (store: StoreOf) => void): void {
  describe(`${name}, on PGlite`, () => {
    let store: Store;
    let dataDir: string;
    beforeAll(async () => {
      dataDir = mkdtempSync(join(tmpdir(), "reckon-store-"));
      await placeEmptyStore(dataDir);
      store = await openStore({dataDir});
    }, OPENING_MS);
    afterAll(async () => {
      await store?.close();
      rmSync(dataDir, {recursive: true, force: true});
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
