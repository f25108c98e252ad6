import {createWriteStream, statSync} from "node:fs";
import {stat} from "node:fs/promises";
import {Readable, Transform} from "node:stream";
import {pipeline} from "node:stream/promises";
import {createGzip} from "node:zlib";
import {isErrno, ReckonError} from "../../errors.js";
import {formatCsv} from "../../table/csv.js";
import type {EpochMs} from "../../time/epoch.js";
import {OHLCV} from "../bars.js";
import {replaceFile} from "../parquet/replace-file.js";
import {UtcColumn} from "./utc-column.js";

/** The replay file's usual name. */
export const REPLAY_FILE = "test_data.csv.gz";

/** The replay file's columns, in order. */
const HEADER = [
  "end_timestamp",
  "asset_id",
  "knowledge_timestamp",
  ...OHLCV,
  "end_download_timestamp",
  "id",
  "full_symbol",
  "start_timestamp",
];

/** One version of one bar, as a replay file tells it. */
export interface DumpRow {
  readonly end: EpochMs;
  readonly symbol: string;
  readonly known: EpochMs;
  /** The values of {@link OHLCV}. */
  readonly values: readonly number[];
  /** When it was downloaded; its knowledge time where nobody noted that. */
  readonly downloaded?: EpochMs;
  /** Its number in the table it comes from; its place in the file where it has none. */
  readonly id?: number;
}

/** What was written. */
export interface DumpReport {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Instruments with at least one row. */
  readonly symbols: readonly string[];
  /** End of the first and of the last bar; NaN without rows. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** Rows that are later versions of a bar. */
  readonly corrections: number;
  /** The first and the last lines, for a look. */
  readonly head: readonly string[];
  readonly tail: readonly string[];
}

const SHOWN_LINES = 3;
const BATCH_ROWS = 500;

/**
 * Writes a replay file, whole or not at all: gzip csv, one line per version of a bar.
 *
 * Numbers are written with the fewest digits that read back to the same double. The same rows give
 * the same bytes. The rows are streamed; no file is left when there are none.
 *
 * @param rows sorted by bar end, then instrument, then knowledge time
 * @throws ReckonError `misuse` when a file there is read-only; `failed` when it cannot be written
 */
export async function writeReplayFile(
  path: string,
  rows: Iterable<DumpRow> | AsyncIterable<DumpRow>,
  {barMs, names}: {readonly barMs: number; readonly names: ReadonlyMap<string, string>},
): Promise<DumpReport> {
  await refuseReadOnly(path);
  const text = new DumpText(barMs, names);
  try {
    await replaceFile(path, async (aside) => {
      await pipeline(
        Readable.from(text.chunks(rows)),
        createGzip(),
        withoutHostSystem(),
        createWriteStream(aside),
      );
      if (text.rows === 0) {
        throw new NoRows();
      }
    });
  } catch (error) {
    if (error instanceof ReckonError && error.cause instanceof NoRows) {
      return text.report(path, 0);
    }
    throw error instanceof ReckonError && error.cause instanceof ReckonError ? error.cause : error;
  }
  return text.report(path, statSync(path).size);
}

/** Ends the writing of a file that would have no row. */
class NoRows extends Error {}

class DumpText {
  rows = 0;
  readonly #barMs: number;
  readonly #names: ReadonlyMap<string, string>;
  readonly #symbols = new Set<string>();
  readonly #times = {
    end: new UtcColumn(),
    start: new UtcColumn(),
    known: new UtcColumn(),
    downloaded: new UtcColumn(),
  };
  readonly #head: string[] = [];
  readonly #tail: string[] = [];
  #first = Number.NaN;
  #last = Number.NaN;
  #lastSymbol = "";
  #corrections = 0;

  constructor(barMs: number, names: ReadonlyMap<string, string>) {
    this.#barMs = barMs;
    this.#names = names;
  }

  async *chunks(rows: Iterable<DumpRow> | AsyncIterable<DumpRow>): AsyncGenerator<string> {
    let batch: (string | number)[][] = [HEADER];
    for await (const row of rows) {
      batch.push(this.#cells(row));
      if (batch.length >= BATCH_ROWS) {
        yield this.#format(batch);
        batch = [];
      }
    }
    yield this.#format(batch);
  }

  report(path: string, bytes: number): DumpReport {
    return {
      path,
      rows: this.rows,
      bytes,
      symbols: [...this.#symbols].sort(),
      first: this.#first,
      last: this.#last,
      corrections: this.#corrections,
      head: this.#head,
      tail: this.#tail,
    };
  }

  #cells({end, symbol, known, values, downloaded = known, id}: DumpRow): (string | number)[] {
    this.#corrections += end === this.#last && symbol === this.#lastSymbol ? 1 : 0;
    this.#first = this.rows === 0 ? end : this.#first;
    this.#last = end;
    this.#lastSymbol = symbol;
    this.#symbols.add(symbol);
    this.rows += 1;
    return [
      this.#times.end.format(end),
      symbol,
      this.#times.known.format(known),
      ...values,
      this.#times.downloaded.format(downloaded),
      id ?? this.rows - 1,
      this.#names.get(symbol) ?? symbol,
      this.#times.start.format(end - this.#barMs),
    ];
  }

  #format(batch: readonly (readonly (string | number)[])[]): string {
    const text = formatCsv(batch);
    if (this.#head.length < SHOWN_LINES) {
      this.#head.push(...text.split("\n", SHOWN_LINES - this.#head.length));
    }
    const lines = text.slice(-4_000).split("\n").slice(0, -1);
    this.#tail.push(...lines.slice(-Math.min(SHOWN_LINES, batch.length)));
    this.#tail.splice(0, this.#tail.length - SHOWN_LINES);
    return text;
  }
}

/** A file that was locked says: this is what a reconciliation was made from. */
async function refuseReadOnly(path: string): Promise<void> {
  try {
    const {mode} = await stat(path);
    if ((mode & 0o222) === 0) {
      throw new ReckonError("misuse", {
        place: path,
        expected: "a place for the replay file",
        found: "a read-only file",
        fix: `give it write permission (chmod +w) or choose another folder`,
      });
    }
  } catch (error) {
    if (!isErrno(error, "ENOENT") && !isErrno(error, "ENOTDIR")) {
      throw error;
    }
  }
}

const OS_BYTE = 9;
const UNKNOWN_OS = 255;

/** Node writes no time into the header; the operating system's byte is blanked as well. */
function withoutHostSystem(): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (seen <= OS_BYTE && seen + chunk.length > OS_BYTE) {
        chunk[OS_BYTE - seen] = UNKNOWN_OS;
      }
      seen += chunk.length;
      done(null, chunk);
    },
  });
}
