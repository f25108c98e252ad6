import {createReadStream} from "node:fs";
import {pipeline} from "node:stream/promises";
import {createGunzip} from "node:zlib";
import {messageOf, ReckonError} from "../../errors.js";
import {parseCsv} from "../../table/csv.js";

const CHUNK_BYTES = 1 << 18;

/**
 * Hands the records of a csv or csv.gz file to `take`, one after the other, in little memory.
 *
 * A quoted field may hold commas and line ends. Blank lines at the end are left out.
 *
 * @param take gets the fields and the number of the record's first line
 * @throws ReckonError `bad-data` for a missing, cut or damaged file; what `take` throws
 */
export async function readRecords(
  path: string,
  take: (fields: readonly string[], line: number) => void,
): Promise<void> {
  const records = new RecordSplitter(take);
  const feed = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    const decoder = new TextDecoder("utf-8");
    for await (const chunk of chunks) {
      records.add(decoder.decode(chunk, {stream: true}));
    }
    records.add(decoder.decode());
    records.end();
  };
  try {
    const file = createReadStream(path, {highWaterMark: CHUNK_BYTES});
    await (path.toLowerCase().endsWith(".gz")
      ? pipeline(file, createGunzip({chunkSize: CHUNK_BYTES}), feed)
      : pipeline(file, feed));
  } catch (error) {
    if (error instanceof ReckonError) {
      throw error;
    }
    const found = messageOf(error);
    const text = `${path}: expected a readable replay file, found ${found}; dump it again`;
    throw new ReckonError("bad-data", text, {cause: error});
  }
}

/** Text in pieces, split into records. */
class RecordSplitter {
  readonly #take: (fields: readonly string[], line: number) => void;
  #rest = "";
  #line = 1;
  #blankLines = 0;

  constructor(take: (fields: readonly string[], line: number) => void) {
    this.#take = take;
  }

  add(text: string): void {
    const all = this.#rest + text;
    let start = 0;
    for (let end = all.indexOf("\n"); end >= 0; end = all.indexOf("\n", end + 1)) {
      const record = all.slice(start, end);
      if (isWhole(record)) {
        this.#give(record);
        start = end + 1;
      }
    }
    this.#rest = all.slice(start);
  }

  end(): void {
    if (this.#rest !== "") {
      this.#give(this.#rest);
      this.#rest = "";
    }
  }

  #give(text: string): void {
    const record = text.endsWith("\r") ? text.slice(0, -1) : text;
    const line = this.#line;
    this.#line += record.includes("\n") ? record.split("\n").length : 1;
    if (record === "") {
      this.#blankLines += 1;
      return;
    }
    for (; this.#blankLines > 0; this.#blankLines -= 1) {
      this.#take([""], line - this.#blankLines);
    }
    this.#take(record.includes('"') ? (parseCsv(record)[0] as string[]) : record.split(","), line);
  }
}

/** Whether every quote that was opened is closed. */
function isWhole(record: string): boolean {
  let quotes = 0;
  for (let at = record.indexOf('"'); at >= 0; at = record.indexOf('"', at + 1)) {
    quotes += 1;
  }
  return quotes % 2 === 0;
}
