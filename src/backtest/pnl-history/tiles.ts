import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {messageOf, ReckonError} from "../../errors.js";
import {
  type DuckDBConnection,
  readColumns,
  sqlText,
  withDuckDb,
} from "../../market/parquet/duck-db.js";
import {TIME_HEADS} from "./pnl-columns.js";
import {type PnlHistory, toPnlHistory} from "./pnl-history.js";
import {evaluateTiles} from "./tile-forecasts.js";
import type {Tiles, TileTable} from "./tile-table.js";

/** The tiles in a folder, or in its `tiled_results`; undefined when it holds none. */
export function findTiles(path: string): Tiles | undefined {
  for (const root of [path, join(path, "tiled_results")]) {
    const names = existsSync(root) ? readdirSync(root) : [];
    const parts = names.map((name) => /^([^=]+)=(.+)$/.exec(name)).filter((part) => part !== null);
    const [first] = parts;
    if (first !== undefined) {
      const assets = parts.map(([, , asset]) => decodeURIComponent(asset as string)).sort();
      return {root, assetColumn: first[1] as string, assets};
    }
  }
  return undefined;
}

/**
 * The PnL of all assets of a tiled backtest: Σ of their `net_pnl`, or of `pnl` less `fees`; tiles
 * that hold prices and predictions are evaluated as the model's research portfolio.
 *
 * @throws ReckonError `bad-data` when the tiles have neither, or a row twice
 */
export async function readTiles(tiles: Tiles, model?: string): Promise<PnlHistory> {
  const glob = sqlText(
    join(tiles.root, `${tiles.assetColumn}=*`, "year=*", "month=*", "*.parquet"),
  );
  const table = `read_parquet(${glob}, hive_partitioning = true, union_by_name = true)`;
  return await withDuckDb(async (connection) => {
    try {
      const heads = await describe(connection, table);
      const opened = {
        ...tiles,
        connection,
        table,
        columns: [...heads.keys()],
        ...timeOf(tiles, heads),
      };
      await checkOnce(opened);
      const hasPnl = heads.has("pnl") || heads.has("net_pnl");
      return hasPnl ? await sumPnl(opened) : await evaluateTiles(opened, model);
    } catch (error) {
      throw error instanceof ReckonError
        ? error
        : new ReckonError("bad-data", `${tiles.root}: ${messageOf(error)}`, {cause: error});
    }
  });
}

/** Columns and their types. */
async function describe(
  connection: DuckDBConnection,
  table: string,
): Promise<ReadonlyMap<string, string>> {
  const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`);
  return new Map(
    reader.getRowObjects().map((row) => [String(row.column_name), String(row.column_type)]),
  );
}

function timeOf({root}: Tiles, heads: ReadonlyMap<string, string>): {time: string} {
  const head = TIME_HEADS.find((name) => heads.has(name));
  if (head === undefined) {
    throw new ReckonError("bad-data", {
      place: root,
      expected: `a column of bar ends: ${TIME_HEADS.slice(0, -3).join(", ")}`,
      found: [...heads.keys()].join(", "),
    });
  }
  const isTime = /^(TIMESTAMP|DATE)/.test(heads.get(head) as string);
  return {time: isTime ? `epoch_ms("${head}")::DOUBLE` : `"${head}"::DOUBLE`};
}

async function checkOnce({connection, table, time, assetColumn, root}: TileTable): Promise<void> {
  const [repeated] = await readColumns(
    connection,
    `SELECT count(*)::DOUBLE FROM (
      SELECT 1 FROM ${table} GROUP BY "${assetColumn}", ${time} HAVING count(*) > 1)`,
  );
  if ((repeated?.[0] ?? 0) > 0) {
    throw new ReckonError("bad-data", {
      place: root,
      expected: "one row for each asset and bar",
      found: `${repeated?.[0]} that stand twice or more`,
      fix: "remove the tiles that were written twice",
    });
  }
}

async function sumPnl({connection, table, time, columns, root}: TileTable): Promise<PnlHistory> {
  const has = (name: string): boolean => columns.includes(name);
  const part = (name: string): string => (has(name) ? `coalesce("${name}", 0)` : "0");
  const net = has("net_pnl") ? `"net_pnl"` : `"pnl" - ${part("fees")} + ${part("funding")}`;
  const held = ["holdings_notional", "gmv"].find(has);
  const gmv = held === undefined ? "'NaN'::DOUBLE" : `sum(abs("${held}"))::DOUBLE`;
  const [index, netPnl, value] = (await readColumns(
    connection,
    `SELECT ${time} AS t, coalesce(sum(${net})::DOUBLE, 'NaN'::DOUBLE),
      coalesce(${gmv}, 'NaN'::DOUBLE) FROM ${table} GROUP BY t ORDER BY t`,
  )) as [Float64Array, Float64Array, Float64Array];
  return toPnlHistory(root, {time: index, netPnl, gmv: value});
}
