import {existsSync, readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {gunzipSync} from "node:zlib";
import {messageOf, ReckonError} from "../../errors.js";
import {parseCsv} from "../../table/csv.js";
import {type FileColumn, parseParquet} from "../../table/parquet.js";
import {historyOfColumns} from "./pnl-columns.js";
import {type PnlHistory, toPnlHistory} from "./pnl-history.js";
import {findTiles, readTiles} from "./tiles.js";

/**
 * A history of net PnL per bar: a csv (also .csv.gz) or Parquet file, a folder of these, or the
 * tiles of a backtest (`tiled_results/{asset_id}=…/year=…/month=…/data.parquet`).
 *
 * @param model evaluates tiles that hold forecasts in place of PnL
 * @throws ReckonError `bad-data` when nothing is there, or what is there cannot be used
 */
export async function readPnlHistory(path: string, model?: string): Promise<PnlHistory> {
  if (!existsSync(path)) {
    throw noHistory(path, "no such file or folder");
  }
  if (!statSync(path).isDirectory()) {
    return historyOfColumns(path, await readTable(path));
  }
  const tiles = findTiles(path);
  if (tiles !== undefined) {
    return await readTiles(tiles, model);
  }
  const names = readdirSync(path).filter((name) => /\.(csv|csv\.gz|parquet)$/.test(name));
  if (names.length === 0) {
    throw noHistory(path, "a folder with neither");
  }
  const parts: PnlHistory[] = [];
  for (const name of names.sort()) {
    parts.push(historyOfColumns(join(path, name), await readTable(join(path, name))));
  }
  return joinParts(path, parts);
}

function noHistory(place: string, found: string): ReckonError {
  return new ReckonError("bad-data", {
    place,
    expected: "a csv or Parquet file of bar PnL, a folder of these, or tiled_results of a backtest",
    found,
    fix: "check --history",
  });
}

/** Several files are one history: their rows must not contradict each other. */
function joinParts(place: string, parts: readonly PnlHistory[]): PnlHistory {
  const all = (column: (part: PnlHistory) => Float64Array): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...column(part)]));
  const sorted = [...parts].sort((a, b) => (a.index[0] as number) - (b.index[0] as number));
  const notes = new Set(sorted.flatMap((part) => part.notes));
  return toPnlHistory(
    place,
    {
      time: all(({index}) => index),
      netPnl: all(({netPnl}) => netPnl),
      gmv: all(({gmv}) => gmv),
    },
    [...notes],
  );
}

async function readTable(path: string): Promise<readonly FileColumn[]> {
  if (path.endsWith(".parquet")) {
    return await parseParquet(readFileSync(path), path);
  }
  const [heads = [], ...rows] = parseCsv(readText(path));
  const torn = rows.findIndex((row) => row.length !== heads.length);
  if (torn >= 0) {
    throw new ReckonError("bad-data", {
      place: `${path}, row ${torn + 1}`,
      expected: `${heads.length} cells`,
      found: String(rows[torn]?.length),
      fix: "the file is truncated or damaged",
    });
  }
  return heads.map((name, j) => ({
    name: name.trim().toLowerCase(),
    kind: "text",
    data: rows.map((row) => row[j] as string),
  }));
}

function readText(path: string): string {
  const bytes = readFileSync(path);
  try {
    return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes)
      .toString("utf8")
      .replace(/^\ufeff/, "");
  } catch (cause) {
    const found = messageOf(cause);
    throw new ReckonError("bad-data", {place: path, expected: "a whole gzip file", found}, {cause});
  }
}
