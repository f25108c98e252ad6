import {readFile} from "node:fs/promises";
import {promisify} from "node:util";
import {gunzip} from "node:zlib";
import {messageOf, ReckonError} from "../../errors.js";
import {parseCsv, parseNumberCell} from "../../table/csv.js";
import type {EpochMs} from "../../time/epoch.js";
import {formatUtc, parseUtc} from "../../time/utc-text.js";
import type {BarTable, SymbolBars} from "../bars.js";

/** Names that replay files of this kit and of the reference system give to the columns read. */
const NAMES = {
  end: ["end_timestamp", "end_datetime", "end_ts"],
  start: ["start_timestamp", "start_datetime", "start_ts"],
  known: ["knowledge_timestamp", "timestamp_db", "knowledge_time"],
  asset: ["asset_id"],
} as const;

/** Columns that hold no value of a bar. */
const NO_VALUES = ["end_download_timestamp", "id", "full_symbol"];

/**
 * Reads a replay file (`test_data.csv.gz`, or plain csv) back: the doubles that were written.
 *
 * Reads the reference system's files too: integer asset ids, any UTC offset, other names for the
 * times; every further column of numbers is kept under its name, and columns of text are left out.
 * Of several rows for one bar the one known last counts. Instruments come in the order of their
 * first rows.
 *
 * @throws ReckonError `bad-data` for a missing or cut file, missing columns, a bad number or time
 */
export async function readMarketDump(path: string): Promise<BarTable> {
  const [first = [""], ...lines] = parseCsv(await readText(path));
  const header = first.map((name) => name.replace(/^\uFEFF/, "").trim());
  const at = {
    end: placeOf(header, NAMES.end, path),
    start: placeOf(header, NAMES.start, path),
    known: placeOf(header, NAMES.known, path),
    asset: placeOf(header, NAMES.asset, path),
  };
  const rows = lines.map((fields, i) => {
    const place = `${path}, line ${i + 2}`;
    requireFields(fields, header.length, place);
    return parseRow(fields, at, place);
  });
  const used = new Set<number>(Object.values(at));
  const features = header
    .map((name, column) => ({name, column}))
    .filter(({name, column}) => !used.has(column) && !NO_VALUES.includes(name))
    .filter(({column}) => isNumeric(rows, column));
  return {...groupRows(rows, features), barMs: lengthOfBars(rows, path)};
}

interface DumpRow {
  /** File and line, for messages. */
  readonly place: string;
  readonly asset: string;
  readonly end: EpochMs;
  readonly start: EpochMs;
  readonly known: EpochMs;
  readonly fields: readonly string[];
}

interface Feature {
  readonly name: string;
  readonly column: number;
}

async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    return (path.endsWith(".gz") ? await promisify(gunzip)(bytes) : bytes).toString("utf8");
  } catch (error) {
    const found = messageOf(error);
    const text = `${path}: expected a readable replay file, found ${found}; dump it again`;
    throw new ReckonError("bad-data", text, {cause: error});
  }
}

function placeOf(header: readonly string[], names: readonly string[], path: string): number {
  const place = header.findIndex((name) => names.includes(name));
  if (place < 0) {
    throw new ReckonError("bad-data", {
      place: `${path}, line 1`,
      expected: `a column ${names.join(" or ")}`,
      found: header.join(","),
    });
  }
  return place;
}

type Places = Readonly<Record<keyof typeof NAMES, number>>;

function requireFields(fields: readonly string[], wanted: number, place: string): void {
  if (fields.length !== wanted) {
    throw new ReckonError("bad-data", {
      place,
      expected: `${wanted} fields`,
      found: `${fields.length}: ${JSON.stringify(fields.join(",").slice(0, 120))}`,
    });
  }
}

function parseRow(fields: readonly string[], at: Places, place: string): DumpRow {
  const time = (column: number): EpochMs => parseUtc(fields[column] as string, place);
  const asset = fields[at.asset] as string;
  if (asset === "") {
    throw new ReckonError("bad-data", {place, expected: "an asset id", found: "nothing"});
  }
  return {
    place,
    asset,
    end: time(at.end),
    start: time(at.start),
    known: time(at.known),
    fields,
  };
}

/** A column is one of numbers when its first cell with anything in it is a number. */
function isNumeric(rows: readonly DumpRow[], column: number): boolean {
  const first = rows.find(({fields}) => fields[column] !== "")?.fields[column];
  return first === undefined || !Number.isNaN(parseNumberCell(first));
}

function groupRows(
  rows: readonly DumpRow[],
  features: readonly Feature[],
): Pick<BarTable, "symbols" | "bySymbol"> {
  const byAsset = new Map<string, Map<EpochMs, DumpRow>>();
  for (const row of rows) {
    const bars = byAsset.get(row.asset) ?? new Map<EpochMs, DumpRow>();
    byAsset.set(row.asset, bars);
    const rival = bars.get(row.end);
    if (rival === undefined || row.known >= rival.known) {
      bars.set(row.end, row);
    }
  }
  const bySymbol = new Map<string, SymbolBars>();
  for (const [asset, bars] of byAsset) {
    const sorted = [...bars.values()].sort((a, b) => a.end - b.end);
    bySymbol.set(asset, {
      barEnd: Float64Array.from(sorted, ({end}) => end),
      knowledgeTime: Float64Array.from(sorted, ({known}) => known),
      columns: new Map(features.map((feature) => [feature.name, pick(sorted, feature)])),
    });
  }
  return {symbols: [...bySymbol.keys()], bySymbol};
}

function pick(rows: readonly DumpRow[], {name, column}: Feature): Float64Array {
  return Float64Array.from(rows, ({fields, place}) => {
    const text = fields[column] as string;
    const value = parseNumberCell(text);
    if (Number.isNaN(value) && !/^(?:nan)?$/i.test(text)) {
      throw new ReckonError("bad-data", {
        place: `${place}, ${name}`,
        expected: "a number",
        found: JSON.stringify(text),
      });
    }
    return value;
  });
}

/** All bars of a file have one length and lie on one grid. */
function lengthOfBars(rows: readonly DumpRow[], path: string): number {
  const [first] = rows;
  if (first === undefined) {
    throw new ReckonError("bad-data", {place: path, expected: "bars", found: "a header alone"});
  }
  const barMs = first.end - first.start;
  const odd = rows.find(({end, start}) => end - start !== barMs || (end - first.end) % barMs !== 0);
  if (odd !== undefined || barMs <= 0) {
    const {place, start, end} = odd ?? first;
    throw new ReckonError("bad-data", {
      place,
      expected: `a bar of ${barMs} ms, as in the first row, that follows on the others`,
      found: `${formatUtc(start)} to ${formatUtc(end)}`,
    });
  }
  return barMs;
}
