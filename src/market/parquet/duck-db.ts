import type {DuckDBConnection, DuckDBDataChunk} from "@duckdb/node-api";

export type {DuckDBConnection};

const CHUNK_ROWS = 2048;

/** One thread: on files of this size a second one was measured to cost more than it brings. */
const SETTINGS = {threads: "1", autoinstall_known_extensions: "false"};

/** Runs `use` with a connection to a fresh in-memory DuckDB in UTC; closed on every path. */
export async function withDuckDb<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const {DuckDBInstance} = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", SETTINGS);
  try {
    const connection = await instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/**
 * The rows of a query as one array per column, without an object per cell.
 *
 * Every column of the query has to be DOUBLE and without NULL: write
 * `coalesce(x, 'NaN'::DOUBLE)`.
 */
export async function readColumns(
  connection: DuckDBConnection,
  sql: string,
): Promise<Float64Array[]> {
  const result = await connection.stream(sql);
  const parts: Float64Array[][] = Array.from({length: result.columnCount}, () => []);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) {
      return parts.map(concatenate);
    }
    parts.forEach((column, i) => {
      column.push(cellsOf(chunk, i).cells.slice());
    });
  }
}

/** Makes a temporary table of DOUBLE columns, replacing one of this name. */
export async function createTable(
  connection: DuckDBConnection,
  table: string,
  columns: ReadonlyMap<string, Float64Array>,
): Promise<void> {
  const {DuckDBDataChunk, DOUBLE} = await import("@duckdb/node-api");
  const names = [...columns.keys()].map((name) => `"${name}" DOUBLE`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE "${table}" (${names.join(", ")})`);
  const appender = await connection.createAppender(table);
  const data = [...columns.values()];
  const rows = data[0]?.length ?? 0;
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - start);
    const types = data.map(() => DOUBLE);
    const chunk = DuckDBDataChunk.create(types, count);
    data.forEach((column, i) => {
      const {cells, flush} = cellsOf(chunk, i);
      cells.set(column.subarray(start, start + count));
      flush();
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** A string literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path as a literal for a reading function, which would take `*`, `?` and `[` for a pattern. */
export function sqlPath(path: string): string {
  return sqlText(path.replace(/[[*?]/g, "[$&]"));
}

/**
 * A DOUBLE vector's own memory, valid while the chunk lives. The driver keeps `items` private,
 * and its public way in and out is one call per cell.
 */
function cellsOf(chunk: DuckDBDataChunk, i: number): {cells: Float64Array; flush: () => void} {
  const vector = chunk.getColumnVector(i);
  return {
    cells: (vector as unknown as {readonly items: Float64Array}).items,
    flush: () => vector.flush(),
  };
}

/** One array of several, one after the other. */
export function concatenate(parts: readonly Float64Array[]): Float64Array {
  let length = 0;
  for (const part of parts) {
    length += part.length;
  }
  const all = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
