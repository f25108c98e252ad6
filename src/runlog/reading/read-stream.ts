import {existsSync, readdirSync, readFileSync} from "node:fs";
import {basename, join} from "node:path";
import {gunzipSync} from "node:zlib";
import {messageOf, ReckonError} from "../../errors.js";
import {parseCsv} from "../../table/csv.js";
import {type FileColumn, parseParquet} from "../../table/parquet.js";
import {SECOND_MS} from "../../time/epoch.js";
import {parseUtc} from "../../time/utc-text.js";
import {parseRecordName, type RecordTime} from "../layout.js";
import {numberCells} from "../number-cells.js";
import {fromTwoLevelParquet, isTwoLevelCsv, toRecordColumns} from "../reference-frame.js";
import {type RunLayout, stampParser} from "../run-layout.js";

/** A record that cannot be used. */
export interface LostRecord extends RecordTime {
  readonly path: string;
  /** Names the file, what was expected of it and what was found. */
  readonly error: ReckonError;
}

/** The records of a stream that can be read, and those that cannot; both in time order. */
export interface ReadableStream {
  readonly records: readonly ReadRecord[];
  readonly lost: readonly LostRecord[];
}

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
  const {records, lost} = await readRecords(dir, name, options);
  const newest = Math.max(records.at(-1)?.barEnd ?? -Infinity, lost.at(-1)?.barEnd ?? -Infinity);
  const [first] = lost.filter(({barEnd}) => options.layout !== "reference" || barEnd !== newest);
  if (first !== undefined) {
    throw first.error;
  }
  return [...records];
}

/**
 * The same, of a stream of which single files may be damaged: a bar's file that cannot be read is
 * told beside the others.
 *
 * @throws ReckonError `bad-data` when the stream's one file is damaged: it holds all records
 */
export async function readRecords(
  dir: string,
  name: string,
  options: StreamOptions = {},
): Promise<ReadableStream> {
  const whole = streamFile(dir, name, options);
  const {last} = options;
  if (existsSync(whole)) {
    const records = splitRecords(whole, await parseParquet(bytesOf(whole), whole));
    return {records: last === undefined ? records : records.slice(-last), lost: []};
  }
  const files = listRecords(dir, name, options);
  const records: ReadRecord[] = [];
  const lost: LostRecord[] = [];
  for (const {fileName, times} of last === undefined ? files : files.slice(-last)) {
    const path = join(dir, fileName);
    try {
      records.push({path, ...times, columns: await readColumnsOf(path)});
    } catch (error) {
      if (!(error instanceof ReckonError)) {
        throw error;
      }
      lost.push({path, ...times, error});
    }
  }
  return {records, lost};
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
  // A folder of nodes holds all of them: names are told apart before their times are read.
  const own = isPrefixed ? `${name}.` : "";
  for (const fileName of readdirSync(dir)
    .sort()
    .filter((one) => one.startsWith(own))) {
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
    return fromTwoLevelParquet(await parseParquet(bytesOf(path), path));
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
  const bytes = bytesOf(path);
  if (!path.endsWith(".gz")) {
    return Buffer.from(bytes).toString("utf8");
  }
  try {
    return gunzipSync(bytes).toString("utf8");
  } catch (cause) {
    throw unreadable(path, "a whole gzip file", cause);
  }
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(path, "a file that can be read", cause);
  }
}

function unreadable(place: string, expected: string, cause: unknown): ReckonError {
  const fix = "the file is truncated or damaged; restore it or run again";
  return new ReckonError("bad-data", {place, expected, found: messageOf(cause), fix}, {cause});
}

/** An empty head is the row index; times and ids are told from numbers by their heads. */
function parseColumn(head: string, path: string, cells: readonly string[]): FileColumn {
  if (head === "" || head === "wall_clock_timestamp") {
    const name = head === "" ? "index" : head;
    return {name, kind: "time", data: parseTimes(cells, path)};
  }
  if (head === "asset_id") {
    return {name: head, kind: "text", data: cells};
  }
  return {name: head, kind: "number", data: numberCells(cells, {path, column: head, line: 2})};
}

/** The rows of a record mostly have one time. */
function parseTimes(cells: readonly string[], path: string): Float64Array {
  let time = Number.NaN;
  return Float64Array.from(cells, (cell, row) => {
    time = row > 0 && cell === cells[row - 1] ? time : parseUtc(cell, path);
    return time;
  });
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
