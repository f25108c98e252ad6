import {ReckonError} from "../../errors.js";
import {parseNumberCell} from "../../table/csv.js";
import type {EpochMs} from "../../time/epoch.js";
import {formatUtc} from "../../time/utc-text.js";
import type {BarRows, BarTable} from "../bars.js";
import {readRecords} from "./read-lines.js";
import {UtcColumn} from "./utc-column.js";
import {VersionRows} from "./version-rows.js";

/** Names that replay files of this kit and of the reference system give to the columns read. */
const NAMES = {
  end: ["end_timestamp", "end_datetime", "end_ts"],
  start: ["start_timestamp", "start_datetime", "start_ts"],
  known: ["knowledge_timestamp", "timestamp_db", "knowledge_time"],
  asset: ["asset_id"],
} as const;

/** Columns that hold no value of a bar. */
const FULL_SYMBOL = "full_symbol";
const NO_VALUES = ["end_download_timestamp", "id", FULL_SYMBOL];

/** What a replay file holds. */
export interface ReplayFile {
  readonly bars: BarTable;
  /** The instruments' names on their exchange, `binance::BTC_USDT`, where the file has them. */
  readonly fullSymbols: ReadonlyMap<string, string>;
}

/** The bars of {@link readReplayFile}. */
export async function readMarketDump(path: string): Promise<BarTable> {
  return (await readReplayFile(path)).bars;
}

/**
 * Reads a replay file (`test_data.csv.gz`, or plain csv) back: the doubles that were written.
 *
 * Reads the reference system's files too: integer asset ids, any UTC offset, other names for the
 * times; every further column of numbers is kept under its name, and columns of text are left out.
 * Of several rows for one bar the first known is the bar and the others are its corrections.
 * Instruments come in the order of their first rows. The file is streamed.
 *
 * @throws ReckonError `bad-data` for a missing or cut file, missing columns, a bad number or time
 */
export async function readReplayFile(path: string): Promise<ReplayFile> {
  return (await readDump(path, {isRaw: false})).finish();
}

/** The rows of a replay file as they stand there, for whoever judges them. */
export interface RawReplayFile {
  /** Length of the first row's bar. */
  readonly barMs: number;
  /** Rows by instrument, in the order of the file; a cell that is no number is NaN. */
  readonly bySymbol: ReadonlyMap<string, BarRows>;
  /** Lines that make no row: too few fields, no asset, no time. */
  readonly unreadableRows: number;
}

/**
 * Reads a replay file without judging its rows: repeated, unsorted, off the grid, without a number.
 *
 * @throws ReckonError `bad-data` for a missing or cut file, missing columns, no rows
 */
export async function readRawReplayFile(path: string): Promise<RawReplayFile> {
  return (await readDump(path, {isRaw: true})).finishRaw();
}

async function readDump(path: string, how: {readonly isRaw: boolean}): Promise<DumpReader> {
  let reader: DumpReader | undefined;
  await readRecords(path, (fields, line) => {
    if (reader === undefined) {
      reader = new DumpReader(path, fields, how);
    } else {
      reader.take(fields, line);
    }
  });
  return reader ?? new DumpReader(path, [""], how);
}

type Places = Readonly<Record<keyof typeof NAMES, number>>;

interface ValueColumn {
  readonly name: string;
  readonly at: number;
  /** A column is one of numbers when its first cell with anything in it is a number. */
  kind: "empty" | "number" | "text";
}

class DumpReader {
  readonly #path: string;
  readonly #width: number;
  readonly #at: Places;
  readonly #fullSymbolAt: number;
  readonly #columns: readonly ValueColumn[];
  readonly #ends = new UtcColumn();
  readonly #starts = new UtcColumn();
  readonly #knowns = new UtcColumn();
  readonly #byAsset = new Map<string, VersionRows>();
  readonly #fullSymbols = new Map<string, string>();
  readonly #isRaw: boolean;
  #unreadableRows = 0;
  #barMs = 0;
  #firstEnd: EpochMs | undefined;

  constructor(path: string, first: readonly string[], {isRaw}: {readonly isRaw: boolean}) {
    this.#isRaw = isRaw;
    const header = first.map((name) => name.replace(/^\uFEFF/, "").trim());
    this.#path = path;
    this.#width = header.length;
    this.#at = {
      end: placeOf(header, NAMES.end, path),
      start: placeOf(header, NAMES.start, path),
      known: placeOf(header, NAMES.known, path),
      asset: placeOf(header, NAMES.asset, path),
    };
    this.#fullSymbolAt = header.indexOf(FULL_SYMBOL);
    const used = new Set<number>(Object.values(this.#at));
    this.#columns = header
      .map((name, at): ValueColumn => ({name, at, kind: "empty"}))
      .filter(({name, at}) => !used.has(at) && !NO_VALUES.includes(name));
  }

  /** @throws ReckonError `bad-data` for a line that is no row, unless rows are read raw */
  take(fields: readonly string[], line: number): void {
    try {
      this.#takeRow(fields, () => `${this.#path}, line ${line}`);
    } catch (error) {
      if (!this.#isRaw || !(error instanceof ReckonError)) {
        throw error;
      }
      this.#unreadableRows += 1;
    }
  }

  #takeRow(fields: readonly string[], place: () => string): void {
    this.#requireFields(fields, place);
    const asset = fields[this.#at.asset] as string;
    if (asset === "") {
      throw new ReckonError("bad-data", {
        place: place(),
        expected: "an asset id",
        found: "nothing",
      });
    }
    const end = this.#ends.parse(fields[this.#at.end] as string, place);
    const start = this.#starts.parse(fields[this.#at.start] as string, place);
    const known = this.#knowns.parse(fields[this.#at.known] as string, place);
    this.#checkBar(start, end, place);
    this.#rowsOf(asset, fields).add(end, known, (i) =>
      this.#parseValue(this.#columns[i] as ValueColumn, fields, place),
    );
  }

  /** @throws ReckonError `bad-data` when the file has no rows */
  finish(): ReplayFile {
    this.#requireBars();
    const names = this.#columns.map(({name, kind}) => (kind === "text" ? undefined : name));
    const symbols = [...this.#byAsset.keys()];
    const bySymbol = new Map(
      symbols.map((asset) => [asset, (this.#byAsset.get(asset) as VersionRows).toBars(names)]),
    );
    return {bars: {barMs: this.#barMs, symbols, bySymbol}, fullSymbols: this.#fullSymbols};
  }

  /** @throws ReckonError `bad-data` when the file has no rows */
  finishRaw(): RawReplayFile {
    this.#requireBars();
    const names = this.#columns.map(({name}) => name);
    const bySymbol = new Map(
      [...this.#byAsset].map(([asset, rows]) => [asset, rows.asAdded(names)] as const),
    );
    return {barMs: this.#barMs, bySymbol, unreadableRows: this.#unreadableRows};
  }

  #requireBars(): void {
    if (this.#firstEnd === undefined) {
      const complaint = {place: this.#path, expected: "bars", found: "a header alone"};
      throw new ReckonError("bad-data", complaint);
    }
  }

  #rowsOf(asset: string, fields: readonly string[]): VersionRows {
    let rows = this.#byAsset.get(asset);
    if (rows === undefined) {
      rows = new VersionRows(this.#columns.length);
      this.#byAsset.set(asset, rows);
      if (this.#fullSymbolAt >= 0) {
        this.#fullSymbols.set(asset, fields[this.#fullSymbolAt] as string);
      }
    }
    return rows;
  }

  #parseValue(column: ValueColumn, fields: readonly string[], place: () => string): number {
    const text = fields[column.at] as string;
    if (column.kind === "text" || text === "") {
      return Number.NaN;
    }
    const value = parseNumberCell(text);
    const isNumber = !Number.isNaN(value) || /^nan$/i.test(text);
    if (column.kind === "empty") {
      column.kind = isNumber || this.#isRaw ? "number" : "text";
    } else if (!isNumber && !this.#isRaw) {
      throw new ReckonError("bad-data", {
        place: `${place()}, ${column.name}`,
        expected: "a number",
        found: JSON.stringify(text),
      });
    }
    return value;
  }

  /** All bars of a file have one length and lie on one grid. */
  #checkBar(start: EpochMs, end: EpochMs, place: () => string): void {
    this.#firstEnd ??= end;
    this.#barMs ||= end - start;
    const barMs = this.#barMs;
    if (this.#isRaw) {
      return;
    }
    if (barMs <= 0 || end - start !== barMs || (end - this.#firstEnd) % barMs !== 0) {
      throw new ReckonError("bad-data", {
        place: place(),
        expected: `a bar of ${barMs} ms, as in the first row, that follows on the others`,
        found: `${formatUtc(start)} to ${formatUtc(end)}`,
      });
    }
  }

  #requireFields(fields: readonly string[], place: () => string): void {
    if (fields.length !== this.#width) {
      throw new ReckonError("bad-data", {
        place: place(),
        expected: `${this.#width} fields`,
        found: `${fields.length}: ${JSON.stringify(fields.join(",").slice(0, 120))}`,
      });
    }
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
