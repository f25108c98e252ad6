import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {messageOf, ReckonError} from "../../errors.js";
import {NODE_DATA_DIR, type NodeStem, nodeStreamName} from "../../runlog/layout.js";
import {type NodeGrid, nodeGrid} from "../../runlog/reading/node-grid.js";
import {
  type ReadableStream,
  type ReadRecord,
  readRecords,
} from "../../runlog/reading/read-stream.js";
import {parseLines, repeatedTexts} from "../../runlog/reading/record-columns.js";
import {repeatedLines, requireTable} from "../../runlog/reading/record-table.js";
import {misplacedRecords, movedRows} from "../../runlog/reading/row-times.js";
import type {RunFolder} from "../../runlog/reading/run-folder.js";
import {usableRecords} from "../../runlog/reading/usable-records.js";
import type {EpochMs} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {nodeHoles} from "./node-holes.js";
import {type NodeRows, nodeRows} from "./node-rows.js";
import {type BarNote, barNotes, type NotCompared, type SideName} from "./not-compared.js";
import {oddRecords} from "./odd-records.js";
import {misplacedText, type PastRecord, swappedRecords} from "./swapped-records.js";

/** A stream of a run folder, and how problems name it. */
interface Source {
  readonly what: string;
  readonly dir: string;
  readonly name: string;
  readonly isPrefixed?: boolean;
}

/** What is asked of a stream's records. */
interface Checks<T extends ReadRecord> {
  /** The record with what was read of it; throws where it cannot be used. */
  readonly use: (record: ReadRecord) => T;
  /** Rows that a record says again. */
  readonly repeated?: (record: T) => number;
}

/** Reads parts of a run folder, and notes what cannot be read. */
export class SideReader {
  readonly problems: NotCompared[] = [];
  /** Why the run's clock, or that of who wrote it, may have been off: whole sentences. */
  readonly clockDoubts: string[] = [];
  /** By stream, as problems name it: bars of which the record cannot be used. */
  readonly lost = new Map<string, Set<EpochMs>>();
  /** By stream: bars of which the record has other instruments or columns than most. */
  readonly odd = new Map<string, readonly BarNote[]>();
  readonly #side: SideName;
  readonly #run: RunFolder;

  constructor(side: SideName, run: RunFolder) {
    this.#side = side;
    this.#run = run;
  }

  /** Undefined where it cannot be read, which is noted. */
  part<T>(what: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#note(what, messageOf(error));
      return undefined;
    }
  }

  /** A file that older runs and those of the reference do not have. */
  optional<T>(fileName: string, read: () => T): T | undefined {
    return existsSync(join(this.#run.dir, fileName)) ? this.part(fileName, read) : undefined;
  }

  /** Records of a portfolio stream or of target positions, each a table; undefined for none. */
  async tables(dir: string, name: string): Promise<readonly ReadRecord[] | undefined> {
    const checks = {use: requireTable, repeated: repeatedLines};
    const records = await this.#read({what: name, dir, name}, checks);
    if (records === undefined) {
      return undefined;
    }
    const misplaced = misplacedRecords(records, this.#run.layout);
    this.lose(
      name,
      misplaced.map(({barEnd, why}) => ({barEnd, why: this.#told(why, dir)})),
    );
    const bars = new Set(misplaced.map(({barEnd}) => barEnd));
    const own = records.filter(({barEnd}) => !bars.has(barEnd));
    const moved = movedRows(own, this.#run.layout);
    if (moved !== undefined) {
      this.#note(`times of rows of ${name}`, moved);
      this.clockDoubts.push(`${name} of ${this.#side}: ${this.#told(moved, dir)}.`);
    }
    return own;
  }

  /** What each line of a stream of text says; undefined for none. */
  async lines<T extends object>(
    dir: string,
    name: string,
    parse: (line: string) => T,
  ): Promise<
    | {
        readonly records: readonly ReadRecord[];
        readonly parsed: readonly (T & {readonly barEnd: EpochMs})[];
      }
    | undefined
  > {
    const use = (record: ReadRecord) => ({...record, parsed: parseLines([record], parse)});
    const records = await this.#read({what: name, dir, name}, {use, repeated: repeatedTexts});
    return records && {records, parsed: records.flatMap(({parsed}) => parsed)};
  }

  async node(stem: NodeStem): Promise<NodeRows | undefined> {
    const name = nodeStreamName(stem, "df_out");
    const source = {what: `node ${stem.id}`, dir: NODE_DATA_DIR, name, isPrefixed: true};
    const past: PastRecord[] = [];
    const read = await this.#read(source, {
      use: (record) => ({...record, grid: ownGrid(record, past)}),
      repeated: ({grid}) => grid.repeated,
    });
    if (read === undefined) {
      return undefined;
    }
    const swapped = swappedRecords(read, past);
    this.lose(
      source.what,
      swapped.map(({barEnd, why}) => ({barEnd, why: this.#told(why, source.dir)})),
    );
    const bars = new Set(swapped.map(({barEnd}) => barEnd));
    const records = read.filter(({barEnd}) => !bars.has(barEnd));
    const rows = nodeRows(stem.id, records);
    this.problems.push(...barNotes(source.what, this.#side, nodeHoles(records, rows)));
    return rows;
  }

  /** Takes it that the record of a bar is lost, for a reason that other streams show. */
  lose(what: string, notes: readonly BarNote[]): void {
    this.problems.push(...barNotes(what, this.#side, notes));
    const bars = this.lost.get(what) ?? new Set();
    this.lost.set(what, bars);
    for (const {barEnd} of notes) {
      bars.add(barEnd);
    }
  }

  async #read<T extends ReadRecord>(
    {what, dir, name, isPrefixed = false}: Source,
    {use, repeated}: Checks<T>,
  ): Promise<readonly T[] | undefined> {
    const {layout} = this.#run;
    const path = join(this.#run.dir, dir);
    let read: ReadableStream;
    try {
      read = await readRecords(path, name, {isPrefixed, layout});
    } catch (error) {
      this.#note(what, messageOf(error));
      return undefined;
    }
    this.#noteDoubles(what, doubleFiles(path, isPrefixed ? name : ""));
    const single = {...read, records: this.#withoutDoubles(what, read.records)};
    const {records, lost} = usableRecords(single, use);
    const notes = lost.map(({barEnd, error}) => ({barEnd, why: this.#told(error.message, dir)}));
    if (records.length === 0) {
      const [first] = notes;
      if (first !== undefined) {
        const rest =
          lost.length === 1 ? "" : `none of ${lost.length} records can be used; the first: `;
        this.#note(what, `${rest}${first.why}`);
      }
      return undefined;
    }
    this.lose(what, notes);
    const told = (found: readonly BarNote[]): BarNote[] =>
      found.map(({barEnd, why}) => ({barEnd, why: this.#told(why, dir)}));
    this.problems.push(...barNotes(what, this.#side, told(repeatedIn(records, repeated))));
    this.odd.set(what, told(oddRecords(records)));
    return records;
  }

  /** A bar that was recorded twice counts as it was recorded last. */
  #withoutDoubles(what: string, records: readonly ReadRecord[]): readonly ReadRecord[] {
    const byBar = new Map(records.map((record) => [record.barEnd, record]));
    this.#noteDoubles(what, records.length - byBar.size);
    return byBar.size === records.length
      ? records
      : [...byBar.values()].sort((a, b) => a.barEnd - b.barEnd);
  }

  #noteDoubles(what: string, bars: number): void {
    if (bars > 0) {
      const count = `${formatCount(bars, "bar")} ${bars === 1 ? "is" : "are"}`;
      this.#note(what, `${count} recorded more than once; the last record counts`);
    }
  }

  #note(what: string, why: string): void {
    this.problems.push({what, side: this.#side, why: this.#told(why)});
  }

  /**
   * The page says where the run folder is, and the name of a stream where its folder is: files are
   * told from there.
   */
  #told(why: string, dir = ""): string {
    return why.replaceAll(`${join(this.#run.dir, dir)}/`, "").replaceAll(`${this.#run.dir}/`, "");
  }
}

/** A node's record, which can know of no row that ends after its bar; one that does is noted. */
function ownGrid(record: ReadRecord, past: PastRecord[]): NodeGrid {
  const {path, barEnd} = record;
  const grid = nodeGrid(record);
  const newest = grid.ends.at(-1) ?? Number.NaN;
  if (newest > barEnd) {
    past.push({barEnd, newest});
    throw new ReckonError("bad-data", misplacedText(path, newest));
  }
  return grid;
}

function repeatedIn<T extends ReadRecord>(
  records: readonly T[],
  repeated: (record: T) => number = () => 0,
): BarNote[] {
  return records.flatMap((record) => {
    const count = repeated(record);
    const rows = formatCount(count, "repeated row");
    const why = `${record.path}: ${rows}, the same as before, counted once`;
    return count === 0 ? [] : [{barEnd: record.barEnd, why}];
  });
}

const STAMPS = /(\d{8}_\d{6})\.(\d{8}_\d{6})\.(?:csv|csv\.gz|parquet)$/;

/** How many per-bar files of a stream are of a bar that another file is of. */
function doubleFiles(dir: string, prefix: string): number {
  const fileNames = existsSync(dir) ? readdirSync(dir) : [];
  const [bars, records] = [new Set<string>(), new Set<string>()];
  for (const fileName of fileNames) {
    const [stamps, bar] = (fileName.startsWith(prefix) && STAMPS.exec(fileName)) || [];
    if (stamps !== undefined && bar !== undefined) {
      bars.add(bar);
      records.add(stamps.slice(0, bar.length * 2 + 1));
    }
  }
  return records.size - bars.size;
}
