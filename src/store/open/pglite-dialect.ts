import type {PGlite} from "@electric-sql/pglite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import {ReckonError} from "../../errors.js";
import type {Clock} from "../../time/clock.js";

/** A query that waits this long for its turn finds a mistake: a transaction that waits for it. */
const LONGEST_TURN_MS = 120_000;

/** Kysely over an open PGlite, which has one connection: queries and transactions take turns. */
export function pgliteDialect(pglite: PGlite, clock: Clock): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PgliteDriver(pglite, clock),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class PgliteDriver implements Driver {
  readonly #pglite: PGlite;
  readonly #clock: Clock;
  /** Resolves when the connection is free after everyone who asked before. */
  #free: Promise<void> = Promise.resolve();
  readonly #releases = new WeakMap<DatabaseConnection, () => void>();

  constructor(pglite: PGlite, clock: Clock) {
    this.#pglite = pglite;
    this.#clock = clock;
  }

  async init(): Promise<void> {
    await this.#pglite.waitReady;
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#free;
    let release = () => {};
    this.#free = new Promise((resolve) => {
      release = resolve;
    });
    try {
      await this.#within(before);
    } catch (error) {
      // Whoever comes after still waits for those before.
      before.then(release);
      throw error;
    }
    const connection = new PgliteConnection(this.#pglite);
    this.#releases.set(connection, release);
    return connection;
  }

  async #within(turn: Promise<void>): Promise<void> {
    const stop = new AbortController();
    const tooLong = this.#clock
      .sleepUntil(this.#clock.now() + LONGEST_TURN_MS, stop.signal)
      .then(() => true)
      .catch(() => false);
    const isLate = await Promise.race([turn.then(() => false), tooLong]);
    stop.abort();
    if (isLate) {
      throw new ReckonError("failed", {
        place: "the embedded database",
        expected: `a free connection within ${LONGEST_TURN_MS / 1_000} s`,
        found: "its only one in use all the time",
        fix: "inside a transaction, query through the transaction",
      });
    }
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#releases.get(connection)?.();
  }

  async beginTransaction(
    connection: DatabaseConnection,
    {isolationLevel, accessMode}: TransactionSettings,
  ): Promise<void> {
    const level = isolationLevel === undefined ? "" : ` isolation level ${isolationLevel}`;
    const mode = accessMode === undefined ? "" : ` ${accessMode}`;
    await connection.executeQuery(CompiledQuery.raw(`start transaction${level}${mode}`));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  async destroy(): Promise<void> {
    await this.#free;
    await this.#pglite.close();
  }
}

class PgliteConnection implements DatabaseConnection {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  async executeQuery<R>({sql, parameters}: CompiledQuery): Promise<QueryResult<R>> {
    const {rows, affectedRows} = await this.#pglite.query<R>(sql, [...parameters]);
    return affectedRows === undefined ? {rows} : {rows, numAffectedRows: BigInt(affectedRows)};
  }

  // biome-ignore lint/correctness/useYield: a stream of rows is refused before its first
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new ReckonError("failed", "the embedded database does not stream rows; read in pages");
  }
}
