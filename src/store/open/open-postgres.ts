import {
  CompiledQuery,
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
} from "kysely";
import type {Pool, PoolClient} from "pg";
import {maskUrl} from "../../config/mask-url.js";
import type {StoreSchema} from "../schema.js";
import type {OpenOptions, Store} from "../store.js";
import {PARSERS, SESSION_SETTINGS} from "../streams/column-types.js";
import {checkDatabaseUrl} from "./database-url.js";
import {isConnectionError, openingError} from "./store-errors.js";
import "../store-database.js";

const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 60_000;
/** Beyond the server's own limit, at most: only a server that does not answer at all reaches it. */
const SILENCE_MS = 15_000;
const MOST_CONNECTIONS = 8;

/**
 * Opens a database on a server and checks that it answers.
 *
 * @throws ReckonError `misuse`: a bad URL, wrong credentials, no such database; `failed`: no answer
 */
export async function openPostgres(databaseUrl: string, options: OpenOptions): Promise<Store> {
  const place = maskUrl(checkDatabaseUrl(databaseUrl));
  const pool = await openPool(databaseUrl, options);
  const db = new Kysely<StoreSchema>({
    dialect: new PostgresDialect({
      pool: discardingPool(pool),
      async onCreateConnection(connection) {
        for (const [name, value] of Object.entries(SESSION_SETTINGS)) {
          const text = `SELECT set_config('${name}', '${value}', false)`;
          await connection.executeQuery(CompiledQuery.raw(text));
        }
      },
    }),
  });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= db.destroy();
    return closing;
  };
  try {
    await db.executeQuery(CompiledQuery.raw("SELECT 1"));
  } catch (error) {
    await close();
    throw openingError(error, place);
  }
  return {db, kind: "postgres", place, close};
}

async function openPool(connectionString: string, options: OpenOptions): Promise<Pool> {
  const {default: pg} = await import("pg");
  const usual = pg.types.getTypeParser as (oid: number, format?: string) => unknown;
  const limitMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const pool = new pg.Pool({
    connectionString,
    max: MOST_CONNECTIONS,
    fallback_application_name: "reckon",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: {
      getTypeParser: ((oid: number, format?: string) =>
        PARSERS[oid] ?? usual(oid, format)) as typeof pg.types.getTypeParser,
    },
    ...(limitMs === 0
      ? {}
      : {statement_timeout: limitMs, query_timeout: limitMs + Math.min(SILENCE_MS, limitMs)}),
  });
  const report = (error: Error) => options.onLostConnection?.(error);
  pool.on("error", report);
  // A connection that breaks between two statements of a transaction has no query to tell.
  pool.on("connect", (client) => client.on("error", report));
  return pool;
}

/** A pool that throws a connection away once a query on it has found it broken or silent. */
function discardingPool(pool: Pool): PostgresPool {
  const wrapped = new WeakMap<PoolClient, PostgresPoolClient>();
  return {
    async connect() {
      const client = await pool.connect();
      const known = wrapped.get(client) ?? discardingClient(client);
      wrapped.set(client, known);
      return known;
    },
    end: () => pool.end(),
  };
}

function discardingClient(client: PoolClient): PostgresPoolClient {
  let broken: Error | undefined;
  const run = async (text: string, values: unknown[]) => {
    try {
      return await client.query(text, values);
    } catch (error) {
      if (error instanceof Error && isConnectionError(error)) {
        broken = error;
      }
      throw error;
    }
  };
  return {
    query: run as unknown as PostgresPoolClient["query"],
    release: () => client.release(broken),
  };
}
