import {messageOf, ReckonError} from "../../errors.js";
import {type Frame, makeFrame, selectColumns} from "../../table/frame.js";
import type {Panel} from "../../table/panel.js";
import type {FileColumn} from "../../table/parquet.js";
import type {EpochMs} from "../../time/epoch.js";
import type {PortfolioStream} from "../layout.js";
import {nodeGrid} from "./node-grid.js";
import type {ReadRecord} from "./read-stream.js";
import {requireTable} from "./record-table.js";

/**
 * One row per record, one column per number column of any record; a record without it is NaN.
 *
 * Each record holds one row; one that holds none (the reference's first) is a row of NaN.
 *
 * @throws ReckonError `bad-data` naming a record that is no table of numbers or contradicts itself
 */
export function joinRows(read: readonly ReadRecord[]): Frame {
  const records = read.map(requireTable);
  const names = [...new Set(records.flatMap(({columns}) => numberNames(columns)))];
  const at = new Map(names.map((name, j) => [name, j]));
  const rows = names.map(() => new Float64Array(records.length).fill(Number.NaN));
  for (const [t, {columns}] of records.entries()) {
    let next = 0;
    for (const {name, data} of columns) {
      // Records mostly have the same columns in the same order.
      const j = names[next] === name ? next : at.get(name);
      if (j !== undefined) {
        (rows[j] as Float64Array)[t] = Number(data[0] ?? Number.NaN);
        next = j + 1;
      }
    }
  }
  return makeFrame(barsOf(records), names, rows);
}

/** The bars of records. */
export function barsOf(records: readonly ReadRecord[]): Float64Array {
  return Float64Array.from(records, ({barEnd}) => barEnd);
}

/**
 * One frame per column of records that hold one row per instrument, `asset_id` telling which.
 *
 * @throws ReckonError `bad-data` naming a record that is no table of numbers or contradicts itself
 */
export function framesById(
  read: readonly ReadRecord[],
  names: readonly string[],
): Record<string, Frame> {
  const records = read.map(requireTable);
  const ownIds = records.map(({columns}) => textOf(columns, "asset_id"));
  const ids = [...new Set(ownIds.flat())];
  const index = barsOf(records);
  const rows = ownIds.map((own) => {
    const at = new Map(own.map((id, i) => [id, i]));
    return ids.map((id) => at.get(id) ?? -1);
  });
  return Object.fromEntries(
    names.map((name) => {
      const data = ids.map(() => new Float64Array(records.length).fill(Number.NaN));
      records.forEach(({columns}, t) => {
        const cells = columns.find((column) => column.name === name)?.data;
        const own = rows[t] as readonly number[];
        for (let j = 0; j < own.length; ++j) {
          (data[j] as Float64Array)[t] = Number(cells?.[own[j] as number] ?? Number.NaN);
        }
      });
      return [name, makeFrame(index, ids, data)];
    }),
  );
}

/**
 * Holdings and trades with a column for every instrument that any of them knows: one that a frame
 * lacks is missing there. Frames that are not of instruments come back as they are.
 */
export function withAllInstruments<T extends Partial<Record<PortfolioStream, Frame>>>(
  frames: T,
): T {
  const own = Object.entries(frames).filter(([name]) => name !== "statistics") as [
    PortfolioStream,
    Frame,
  ][];
  const ids = [...new Set(own.flatMap(([, {columns}]) => columns))];
  const isWhole = own.every(([, {columns}]) => columns.length === ids.length);
  const widened = own.map(([name, frame]) => [
    name,
    isWhole && frame.columns.every((id, j) => id === ids[j]) ? frame : selectColumns(frame, ids),
  ]);
  return {...frames, ...Object.fromEntries(widened)};
}

/** True when any record has the column. */
export function hasColumn(records: readonly ReadRecord[], name: string): boolean {
  return records.some(({columns}) => columns.some((column) => column.name === name));
}

/** Statistics get a column of fees where none was recorded (the reference has none): they are 0. */
export function withFees(stream: PortfolioStream, frame: Frame): Frame {
  const {index, columns, data} = frame;
  return stream !== "statistics" || index.length === 0 || columns.includes("fees")
    ? frame
    : makeFrame(index, [...columns, "fees"], [...data, new Float64Array(index.length)]);
}

/** How many lines of a record of text say again what one before them says. */
export function repeatedTexts(record: ReadRecord): number {
  const lines = linesOf(record);
  return lines.length - new Set(lines).size;
}

/** The lines of a record of text. */
export function linesOf({columns}: ReadRecord): readonly string[] {
  const lines = columns.find(({kind}) => kind === "text");
  return lines?.kind === "text" ? lines.data : [];
}

/**
 * A node's rows at one bar, back from one row per bar and instrument.
 *
 * @throws ReckonError `bad-data` naming a record that is no such rows, or contradicts itself
 */
export function toPanel(record: Pick<ReadRecord, "path" | "columns">): Panel {
  const {ends: index, instruments: columns, cells} = nodeGrid(record);
  const width = columns.length;
  const features = Array.from(cells, ([name, data]): [string, Float64Array[]] => [
    name,
    columns.map((_, j) =>
      Float64Array.from({length: index.length}, (_row, t) => data[t * width + j] as number),
    ),
  ]);
  return {index, columns, features: new Map(features)};
}

/**
 * The newest row of each panel, one below the other, over all the instruments and features that any
 * has. A panel adds none that has no rows, or none that is newer than those before.
 */
export function lastRowsOf(panels: readonly Panel[]): Panel | undefined {
  const rows: {readonly end: EpochMs; readonly panel: Panel}[] = [];
  for (const panel of panels) {
    const end = panel.index.at(-1) ?? Number.NaN;
    if (end > (rows.at(-1)?.end ?? Number.NEGATIVE_INFINITY)) {
      rows.push({end, panel});
    }
  }
  if (rows.length === 0) {
    return undefined;
  }
  const columns = [...new Set(rows.flatMap(({panel}) => panel.columns))];
  const names = new Set(rows.flatMap(({panel}) => [...panel.features.keys()]));
  const places = rows.map(({panel}) => new Map(panel.columns.map((id, j) => [id, j])));
  const features = Array.from(names, (name): [string, Float64Array[]] => [
    name,
    columns.map((id) =>
      Float64Array.from(rows, ({panel}, t) => {
        const column = panel.features.get(name)?.[places[t]?.get(id) ?? -1];
        return column?.at(-1) ?? Number.NaN;
      }),
    ),
  ]);
  const index = Float64Array.from(rows, ({end}) => end);
  return {index, columns, features: new Map(features)};
}

function numberNames(columns: readonly FileColumn[]): string[] {
  return columns.filter(({kind}) => kind === "number").map(({name}) => name);
}

/** The cells of a text column. */
function textOf(columns: readonly FileColumn[], name: string): readonly string[] {
  const column = columns.find((candidate) => candidate.name === name);
  return column?.kind === "text" ? column.data : Array.from(column?.data ?? [], String);
}

/**
 * Every line of every record, read by `parse`. A line that says again, in the same words, what one
 * before it in its record says is the same thing, which has a number: it counts once.
 *
 * @throws ReckonError `bad-data` naming the file of a damaged one
 */
export function parseLines<T extends object>(
  records: readonly ReadRecord[],
  parse: (line: string) => T,
): (T & {readonly barEnd: EpochMs})[] {
  return records.flatMap((record) =>
    [...new Set(linesOf(record))].map((line) => {
      try {
        // What was just made is nobody else's: a copy of each line costs as much as reading it.
        return Object.assign(parse(line), {barEnd: record.barEnd});
      } catch (cause) {
        const text = `${record.path}: ${messageOf(cause)}; restore it or run again`;
        throw new ReckonError("bad-data", text, {cause});
      }
    }),
  );
}
