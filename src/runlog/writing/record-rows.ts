import type {FileColumn} from "../../table/parquet.js";
import type {StreamRecord} from "./record.js";

/** Rows, or records, after which a piece of a stream is large enough to be written. */
const FULL_ROWS = 4_096;
const FULL_RECORDS = 256;

/**
 * The rows of records one below the other, with their times in front; columns are told by name, and
 * what a record lacks is missing (NaN, an empty text, the time 0).
 */
export class RecordRows {
  readonly #barEnds = growingNumbers("time");
  readonly #wallClocks = growingNumbers("time");
  readonly #columns = new Map<string, GrowingColumn>([
    ["bar_timestamp", this.#barEnds],
    ["record_timestamp", this.#wallClocks],
  ]);
  #count = 0;
  #records = 0;

  /** True when there is so much that it should be written. */
  get isFull(): boolean {
    return this.#count >= FULL_ROWS || this.#records >= FULL_RECORDS;
  }

  /** True when the record has no column that is not there yet. */
  knows({columns}: StreamRecord): boolean {
    return columns.every(({name}) => this.#columns.has(name));
  }

  add({barEnd, wallClock, columns}: StreamRecord): void {
    const rows = columns[0]?.data.length ?? 0;
    this.#barEnds.appendSame(barEnd, rows);
    this.#wallClocks.appendSame(wallClock, rows);
    for (const {name, kind, data} of columns) {
      let column = this.#columns.get(name);
      if (column === undefined) {
        column = growingColumn(kind);
        column.appendMissing(this.#count);
        this.#columns.set(name, column);
      }
      column.append(data);
    }
    this.#count += rows;
    this.#records += 1;
    for (const column of this.#columns.values()) {
      column.appendMissing(this.#count - column.length);
    }
  }

  /** The rows as columns; they are overwritten once {@link clear} was called. */
  columns(): FileColumn[] {
    return Array.from(this.#columns, ([name, column]) => column.named(name));
  }

  /** Forgets the rows and keeps the columns. */
  clear(): void {
    this.#count = 0;
    this.#records = 0;
    for (const column of this.#columns.values()) {
      column.clear();
    }
  }
}

/** A column that values are put at the end of. */
interface GrowingColumn {
  readonly length: number;
  append(values: FileColumn["data"]): void;
  appendMissing(count: number): void;
  named(name: string): FileColumn;
  clear(): void;
}

function growingColumn(kind: FileColumn["kind"]): GrowingColumn {
  return kind === "text" ? growingText() : growingNumbers(kind);
}

function growingText(): GrowingColumn {
  const texts: string[] = [];
  return {
    get length() {
      return texts.length;
    },
    append(values) {
      for (const text of values as readonly string[]) {
        texts.push(text);
      }
    },
    appendMissing(count) {
      for (let i = 0; i < count; ++i) {
        texts.push("");
      }
    },
    named: (name) => ({name, kind: "text", data: texts}),
    clear() {
      texts.length = 0;
    },
  };
}

interface GrowingNumbers extends GrowingColumn {
  appendSame(value: number, count: number): void;
}

function growingNumbers(kind: "time" | "number"): GrowingNumbers {
  let cells = new Float64Array(256);
  let length = 0;
  const grow = (count: number): void => {
    if (length + count > cells.length) {
      const more = new Float64Array(Math.max(2 * cells.length, length + count));
      more.set(cells.subarray(0, length));
      cells = more;
    }
  };
  const appendSame = (value: number, count: number): void => {
    grow(count);
    cells.fill(value, length, length + count);
    length += count;
  };
  return {
    get length() {
      return length;
    },
    append(values) {
      grow(values.length);
      cells.set(values as Float64Array, length);
      length += values.length;
    },
    appendSame,
    appendMissing: (count) => appendSame(kind === "time" ? 0 : Number.NaN, count),
    named: (name) => ({name, kind, data: cells.subarray(0, length)}),
    clear() {
      length = 0;
    },
  };
}
