import {readFileSync} from "node:fs";
import {type FileColumn, parquetPieces, parseParquet} from "../../table/parquet.js";
import {appendAside, dropAside, putInPlace} from "../whole-file.js";
import type {StreamRecord} from "./record.js";
import {RecordRows} from "./record-rows.js";

/**
 * One Parquet file of all records of a stream, written piece by piece beside its place and put
 * there when it is closed: what is kept in memory does not grow with the run.
 *
 * The columns of a file are fixed once its first piece is written. Where a later record has further
 * ones, another part is begun, and closing makes one file of the parts.
 */
export class StreamFile {
  readonly #path: string;
  readonly #rows = new RecordRows();
  readonly #parts: Part[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws ReckonError `failed` when the disk refuses */
  add(record: StreamRecord): void {
    if (this.#parts.length > 0 && !this.#rows.knows(record)) {
      this.#endPart();
    }
    this.#rows.add(record);
    if (this.#rows.isFull) {
      this.#writePiece();
    }
  }

  /**
   * Writes the rest and puts the file in its place.
   *
   * @throws ReckonError `failed` when the disk refuses; nothing is left behind
   */
  async close(): Promise<void> {
    try {
      this.#endPart();
      const [first, ...more] = this.#parts as [Part, ...Part[]];
      if (more.length > 0) {
        await this.#joinParts();
      }
      putInPlace(more.length > 0 ? this.#nameOf(this.#parts.length) : first.path, this.#path);
    } finally {
      for (const {path} of this.#parts) {
        dropAside(path);
      }
      dropAside(this.#nameOf(this.#parts.length));
    }
  }

  #nameOf(part: number): string {
    return `${this.#path}.${process.pid}.${part}.tmp`;
  }

  #writePiece(): void {
    const columns = this.#rows.columns();
    let part = this.#parts.at(-1);
    if (part === undefined || part.isEnded) {
      const path = this.#nameOf(this.#parts.length);
      part = {path, pieces: parquetPieces(columns), isEnded: false};
      this.#parts.push(part);
    }
    appendAside(part.path, part.pieces.add(columns), this.#path);
    this.#rows.clear();
  }

  #endPart(): void {
    this.#writePiece();
    const part = this.#parts.at(-1) as Part;
    appendAside(part.path, part.pieces.end(), this.#path);
    part.isEnded = true;
  }

  /** The last part has all columns: each part brought on new ones. */
  async #joinParts(): Promise<void> {
    const path = this.#nameOf(this.#parts.length);
    const read: FileColumn[][] = [];
    for (const part of this.#parts) {
      read.push(await parseParquet(readFileSync(part.path), part.path));
    }
    const heads = read.at(-1) as FileColumn[];
    const pieces = parquetPieces(heads);
    for (const columns of read) {
      const rows = columns[0]?.data.length ?? 0;
      const whole = heads.map(
        (head) => columns.find(({name}) => name === head.name) ?? missingColumn(head, rows),
      );
      appendAside(path, pieces.add(whole), this.#path);
    }
    appendAside(path, pieces.end(), this.#path);
  }
}

/** A file that holds the records from one on, until one had a column that it has not. */
interface Part {
  readonly path: string;
  readonly pieces: ReturnType<typeof parquetPieces>;
  isEnded: boolean;
}

/** What a record without the column has in its place. */
function missingColumn({name, kind}: Pick<FileColumn, "name" | "kind">, rows: number): FileColumn {
  return kind === "text"
    ? {name, kind, data: new Array<string>(rows).fill("")}
    : {name, kind, data: new Float64Array(rows).fill(kind === "time" ? 0 : Number.NaN)};
}
