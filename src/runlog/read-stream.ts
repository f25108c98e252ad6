import {existsSync, readdirSync, readFileSync} from "node:fs";
import {basename, join} from "node:path";
import {gunzipSync} from "node:zlib";
import {messageOf, ReckonError} from "../errors.js";
import {parseCsv} from "../table/csv.js";
import {type FileColumn, parseParquet} from "../table/parquet.js";
import {SECOND_MS} from "../time/epoch.js";
import {parseUtc} from "../time/utc-text.js";
import {parseRecordName, type RecordTime} from "./layout.js";
import {
  fromTwoLevelParquet,
  isTwoLevelCsv,
  parsePandasNumber,
  toRecordColumns,
} from "./reference-frame.js";
import {type RunLayout, stampParser} from "./run-layout.js";

/** One bar's rows of a stream as they were recorded; the wall clock is cut to whole seconds. */
export interface ReadRecord extends RecordTime {
  readonly path: string;
  readonly columns: readonly FileColumn[];
}

/** Which records of a folder are meant, and who wrote them. */
export interface StreamOptions {
  /** Per-bar files are named `{name}.{bar}.{wall}.*` instead of `{bar}.{wall}.*`. */
  readonly isPrefixed?: boolean;
  /** The texts that describe recorded frames instead of the frames. */
  readonly isDescription?: boolean;
  /** The newest records only. */
  readonly last?: number;
  /** Ours where left out. */
  readonly layout?: RunLayout;
}

/**
 * Every record of a stream in time order, whether it was written per bar or per stream.
 *
 * The reference does not write its files whole: the newest record of its stream that cannot be
 * read is one that is being written, and counts as not there yet.
 *
 * @param name the stream's one file is `{name}.parquet`
 * @returns nothing when the folder does not exist
 * @throws ReckonError `bad-data` naming the file that is truncated or damaged
 */
export async function readStream(
  dir: string,
  name: string,
  options: StreamOptions = {},
): Promise<ReadRecord[]> {
  const whole = streamFile(dir, name, options);
  if (existsSync(whole)) {
    const records = splitRecords(whole, await parseParquet(readFileSync(whole), whole));
    return options.last === undefined ? records : records.slice(-options.last);
  }
  const files = listRecords(dir, name, options);
  const wanted = options.last === undefined ? files : files.slice(-options.last);
  const records: ReadRecord[] = [];
  for (const file of wanted) {
    const path = join(dir, file.fileName);
    try {
      records.push({path, ...file.times, columns: await readColumnsOf(path)});
    } catch (error) {
      if (options.layout !== "reference" || file !== wanted.at(-1)) {
        throw error;
      }
    }
  }
  return records;
}

/**
 * The bars and wall clocks of a stream's records, in time order; per-bar files are not opened.
 *
 * @throws ReckonError `bad-data` when the stream's one file is damaged
 */
export async function listStream(
  dir: string,
  name: string,
  options: StreamOptions = {},
): Promise<RecordTime[]> {
  return existsSync(streamFile(dir, name, options))
    ? await readStream(dir, name, options)
    : listRecords(dir, name, options).map(({times}) => times);
}

/** A stream's one file; descriptions of frames stand beside the frames' own. */
function streamFile(dir: string, name: string, {isDescription}: StreamOptions): string {
  return join(dir, `${name}${isDescription ? "_stats" : ""}.parquet`);
}

/** Per-bar files of a folder in time order; where a bar was recorded twice, the later one. */
function listRecords(
  dir: string,
  name: string,
  {isPrefixed = false, isDescription = false, layout = "reckon"}: StreamOptions,
): {fileName: string; times: RecordTime}[] {
  if (!existsSync(dir)) {
    return [];
  }
  const byBar = new Map<number, {fileName: string; times: RecordTime}>();
  for (const fileName of readdirSync(dir).sort()) {
    const parts = parseRecordName(fileName, stampParser(layout));
    const isWanted = parts?.prefix === (isPrefixed ? name : "");
    if (isWanted && isFrameDescription(fileName) === isDescription) {
      byBar.set(parts.barEnd, {
        fileName,
        times: {barEnd: parts.barEnd, wallClock: parts.wallClock},
      });
    }
  }
  return [...byBar.values()].sort((a, b) => a.times.barEnd - b.times.barEnd);
}

/** A text beside a recorded frame describes it. */
function isFrameDescription(fileName: string): boolean {
  return fileName.includes(".df_out.") && fileName.endsWith(".txt");
}

async function readColumnsOf(path: string): Promise<readonly FileColumn[]> {
  if (path.endsWith(".parquet")) {
    return fromTwoLevelParquet(await parseParquet(readFileSync(path), path));
  }
  const text = readText(path);
  if (/^(Order|Fill): /.test(text) || text.trim() === "" || path.endsWith(".txt")) {
    return [{name: "line", kind: "text", data: text.split("\n").filter((line) => line.trim())}];
  }
  const rows = parseCsv(text);
  const [heads = [], ...cells] = rows;
  if (!text.endsWith("\n") || cells.some((row) => row.length !== heads.length)) {
    throw new ReckonError("bad-data", {
      place: path,
      expected: `rows of ${heads.length} cells, each line ended`,
      found: "a truncated file",
      fix: "restore it or run again",
    });
  }
  if (isTwoLevelCsv(rows)) {
    return toRecordColumns(rows, path);
  }
  return heads.map((head, j) =>
    parseColumn(
      head,
      path,
      cells.map((row) => row[j] as string),
    ),
  );
}

function readText(path: string): string {
  const bytes = readFileSync(path);
  if (!path.endsWith(".gz")) {
    return bytes.toString("utf8");
  }
  try {
    return gunzipSync(bytes).toString("utf8");
  } catch (cause) {
    const found = messageOf(cause);
    throw new ReckonError("bad-data", {place: path, expected: "a whole gzip file", found}, {cause});
  }
}

/** An empty head is the row index; times and ids are told from numbers by their heads. */
function parseColumn(head: string, path: string, cells: readonly string[]): FileColumn {
  if (head === "" || head === "wall_clock_timestamp") {
    const name = head === "" ? "index" : head;
    return {name, kind: "time", data: Float64Array.from(cells, (cell) => parseUtc(cell, path))};
  }
  if (head === "asset_id") {
    return {name: head, kind: "text", data: cells};
  }
  return {name: head, kind: "number", data: Float64Array.from(cells, parsePandasNumber)};
}

/** The rows of a stream's one file, bar by bar. */
function splitRecords(path: string, columns: readonly FileColumn[]): ReadRecord[] {
  const [bars, walls, ...rest] = columns;
  if (bars?.name !== "bar_timestamp" || walls?.name !== "record_timestamp") {
    throw new ReckonError("bad-data", {
      place: path,
      expected: "the columns bar_timestamp and record_timestamp first",
      found: columns.map(({name}) => name).join(", "),
    });
  }
  const records: ReadRecord[] = [];
  for (let from = 0, to = 0; from < bars.data.length; from = to) {
    while (to < bars.data.length && bars.data[to] === bars.data[from]) {
      to += 1;
    }
    records.push({
      path: `${basename(path)} row ${from + 1}`,
      barEnd: bars.data[from] as number,
      wallClock: Math.floor((walls.data[from] as number) / SECOND_MS) * SECOND_MS,
      columns: rest.map((column) => sliceColumn(column, from, to)),
    });
  }
  return records;
}

function sliceColumn(column: FileColumn, from: number, to: number): FileColumn {
  return column.kind === "text"
    ? {...column, data: column.data.slice(from, to)}
    : {...column, data: column.data.subarray(from, to)};
}
