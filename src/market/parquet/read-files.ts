import {messageOf, ReckonError} from "../../errors.js";
import type {EpochMs} from "../../time/epoch.js";
import {barsOf, OHLCV, type SymbolBars} from "../bars.js";
import {type DuckDBConnection, readColumns, sqlPath} from "./duck-db.js";

/** The bars of these Parquet files in order, whose end lies in (from, to]. */
export async function readFiles(
  connection: DuckDBConnection,
  files: readonly string[],
  {from, to}: {from: EpochMs; to: EpochMs},
): Promise<SymbolBars> {
  const values = OHLCV.map((name) => `coalesce("${name}", 'NaN'::DOUBLE)`);
  const conditions = [
    ...(Number.isFinite(from) ? [`bar_end > ${from}`] : []),
    ...(Number.isFinite(to) ? [`bar_end <= ${to}`] : []),
  ];
  const sql = `SELECT bar_end::DOUBLE, knowledge_time::DOUBLE, ${values.join(", ")}
    FROM read_parquet([${files.map(sqlPath).join(", ")}], hive_partitioning = false)
    ${conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : ""}
    ORDER BY bar_end`;
  try {
    const [barEnd, knowledgeTime, ...columns] = await readColumns(connection, sql);
    return barsOf(barEnd as Float64Array, knowledgeTime as Float64Array, columns);
  } catch (error) {
    throw new ReckonError("bad-data", `market store: ${messageOf(error)}`, {cause: error});
  }
}
