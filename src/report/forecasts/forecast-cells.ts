import {readFileSync} from "node:fs";
import {isErrno, messageOf, ReckonError} from "../../errors.js";
import {parseCsv} from "../../table/csv.js";
import {type FileColumn, parseParquet} from "../../table/parquet.js";
import type {EpochMs} from "../../time/epoch.js";
import {dateReader} from "../tear-sheet/read-dated-values.js";

/** Cells of a file, one row per time and asset; NaN where a cell is empty. */
export interface ForecastCells {
  readonly time: readonly EpochMs[];
  readonly asset: readonly string[];
  /** Columns by name, in the order of the file. */
  readonly features: ReadonlyMap<string, readonly number[]>;
  /** Where row i stands in the file, for messages. */
  readonly placeOf: (row: number) => string;
}

const TIME_HEADS = ["", "date", "datetime", "timestamp", "time", "end_timestamp", "bar_end"];
const ASSET_HEADS = ["asset", "asset_id", "symbol", "full_symbol", "instrument"];
/** How pandas writes the name of a column with two levels into a Parquet file. */
const TWO_LEVELS = /^\('([^']*)', '?([^')]*)'?\)$/;

/**
 * Reads forecasts of a csv or Parquet file, long (a time, an asset and a column for each feature)
 * or wide (two levels of heads, feature over asset, as pandas writes them).
 *
 * @throws ReckonError `bad-data` with the place of the first thing that is wrong
 */
export async function readForecastCells(path: string): Promise<ForecastCells> {
  const bytes = readBytes(path);
  if (bytes.subarray(0, 4).toString("latin1") === "PAR1") {
    return ofParquet(path, await parseParquet(bytes, path));
  }
  const rows = parseCsv(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  const heads = (rows[0] ?? []).map((head) => head.trim());
  if (heads.join("") === "") {
    throw wrong(path, "a csv or Parquet file of forecasts", "an empty file");
  }
  return assetAt(heads) >= 0 ? ofLongCsv(path, heads, rows) : ofWideCsv(path, heads, rows);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const found = isErrno(error, "ENOENT") ? "no such file" : messageOf(error);
    throw wrong(path, "a csv or Parquet file", found);
  }
}

const timeAt = (heads: readonly string[]): number =>
  heads.findIndex((head) => TIME_HEADS.includes(head.toLowerCase()));
const assetAt = (heads: readonly string[]): number =>
  heads.findIndex((head) => ASSET_HEADS.includes(head.toLowerCase()));

function ofLongCsv(path: string, heads: readonly string[], rows: string[][]): ForecastCells {
  const [timeColumn, assetColumn] = [timeAt(heads), assetAt(heads)];
  if (timeColumn < 0) {
    throw wrong(`${path}, line 1`, "a column `date` or `timestamp`", listed(heads));
  }
  const readTime = dateReader(path, "UTC");
  const kept = rows.flatMap((row, i) => (i > 0 && row.join("") !== "" ? [{row, line: i + 1}] : []));
  const names = heads.filter((_, j) => j !== timeColumn && j !== assetColumn);
  const features = names.map((name): [string, number[]] => {
    const j = heads.indexOf(name);
    return [name, kept.map(({row, line}) => numberOf(row[j], `${path}, line ${line}`, name))];
  });
  return {
    time: kept.map(({row, line}) => readTime(row[timeColumn] ?? "", line)),
    asset: kept.map(({row}) => row[assetColumn]?.trim() ?? ""),
    features: new Map(features),
    placeOf: (i) => `${path}, line ${kept[i]?.line}`,
  };
}

/** Heads of two levels: features in the first line, assets below; then perhaps the index' name. */
function ofWideCsv(path: string, heads: readonly string[], rows: string[][]): ForecastCells {
  const assets = (rows[1] ?? []).map((cell) => cell.trim());
  const hasTwoLevels = assets.length > 1 && !/^\d{4}-/.test(assets[0] ?? "");
  if (!hasTwoLevels) {
    const expected = "a column `asset`, or assets below the features in a second line of heads";
    throw wrong(`${path}, line 1`, expected, listed(heads));
  }
  const third = rows[2] ?? [];
  const first = third.slice(1).join("").trim() === "" ? 3 : 2;
  const pairs = heads.slice(1).map((feature, j) => ({feature, asset: assets[j + 1] ?? ""}));
  const readTime = dateReader(path, "UTC");
  const kept = rows.flatMap((row, i) =>
    i >= first && row.join("") !== "" ? [{row, line: i + 1}] : [],
  );
  return stacked({
    pairs,
    time: kept.map(({row, line}) => readTime(row[0] ?? "", line)),
    cell: (j, t) => {
      const {row, line} = kept[t] as {row: string[]; line: number};
      const {feature, asset} = pairs[j] as {feature: string; asset: string};
      return numberOf(row[j + 1], `${path}, line ${line}`, `${feature} ${asset}`);
    },
    placeOf: (t) => `${path}, line ${kept[t]?.line}`,
  });
}

function ofParquet(path: string, columns: readonly FileColumn[]): ForecastCells {
  const names = columns.map(({name}) => name);
  const pairs = names.flatMap((name, j) => {
    const [, feature, asset] = TWO_LEVELS.exec(name) ?? [];
    return feature === undefined || asset === undefined ? [] : [{feature, asset, j}];
  });
  const at = columns.findIndex(
    ({kind, name}) => kind === "time" || name.startsWith("__index") || timeAt([name]) === 0,
  );
  const timeColumn = columns[at];
  if (timeColumn === undefined) {
    throw wrong(path, "a column of times", listed(names));
  }
  const readTime = dateReader(path, "UTC");
  const time =
    timeColumn.kind === "text"
      ? timeColumn.data.map((text, t) => readTime(text, t + 1))
      : Array.from(timeColumn.data);
  const placeOf = (row: number): string => `${path}, row ${row + 1}`;
  if (pairs.length > 0) {
    const cell = (j: number, t: number): number =>
      columns[pairs[j]?.j as number]?.data[t] as number;
    return stacked({pairs, time, cell, placeOf});
  }
  const assetColumn = columns[assetAt(names)];
  if (assetColumn === undefined) {
    throw wrong(path, "a column `asset`, or heads of two levels", listed(names));
  }
  const features = columns.filter(
    (column) => column !== timeColumn && column !== assetColumn && column.kind === "number",
  );
  return {
    time,
    asset: Array.from(assetColumn.data as ArrayLike<string | number>, String),
    features: new Map(features.map(({name, data}) => [name, Array.from(data as Float64Array)])),
    placeOf,
  };
}

interface WideCells {
  readonly pairs: readonly {readonly feature: string; readonly asset: string}[];
  readonly time: readonly EpochMs[];
  readonly cell: (column: number, row: number) => number;
  readonly placeOf: (row: number) => string;
}

/** A wide table as a long one: all rows of the first asset, then of the next. */
function stacked({pairs, time, cell, placeOf}: WideCells): ForecastCells {
  const assets = [...new Set(pairs.map(({asset}) => asset))];
  const features = new Map<string, number[]>();
  for (const feature of new Set(pairs.map((pair) => pair.feature))) {
    const column: number[] = [];
    for (const asset of assets) {
      const j = pairs.findIndex((pair) => pair.feature === feature && pair.asset === asset);
      for (let t = 0; t < time.length; ++t) {
        column.push(j < 0 ? Number.NaN : cell(j, t));
      }
    }
    features.set(feature, column);
  }
  return {
    time: assets.flatMap(() => time),
    asset: assets.flatMap((asset) => time.map(() => asset)),
    features,
    placeOf: (i) => placeOf(i % time.length),
  };
}

function numberOf(cell: string | undefined, place: string, name: string): number {
  const text = cell?.trim() ?? "";
  const isMissing = text === "" || /^(nan|na|null)$/i.test(text);
  const value = isMissing ? Number.NaN : Number(text);
  if (!isMissing && !Number.isFinite(value)) {
    throw wrong(`${place}, column \`${name}\``, "a number or an empty cell", JSON.stringify(text));
  }
  return value;
}

function listed(heads: readonly string[]): string {
  return `the columns ${heads.map((head) => JSON.stringify(head)).join(", ")}`;
}

function wrong(place: string, expected: string, found: string): ReckonError {
  return new ReckonError("bad-data", {place, expected, found});
}
