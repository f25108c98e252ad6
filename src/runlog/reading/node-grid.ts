import {ReckonError} from "../../errors.js";
import type {FileColumn} from "../../table/parquet.js";
import type {ReadRecord} from "./read-stream.js";

/** The rows of a node's record by their ends and instruments. */
export interface NodeGrid {
  /** Ends of rows, increasing. */
  readonly ends: Float64Array;
  /** In the order in which the record names them. */
  readonly instruments: readonly string[];
  /** By feature, row by row: `t * instruments.length + j`; NaN where the record has no such row. */
  readonly cells: ReadonlyMap<string, Float64Array>;
  /** Rows that say again, in the same words, what a row before them says. */
  readonly repeated: number;
  /** Pairs of an end and an instrument, each of which it has, without a row. */
  readonly absent: number;
}

/**
 * A node's record laid out by the end and the instrument that each of its rows names, in whatever
 * order they stand.
 *
 * @throws ReckonError `bad-data` naming the file when rows name no end or instrument, or two rows
 *   of one end and instrument differ: nobody knows which is true
 */
export function nodeGrid({path, columns}: Pick<ReadRecord, "path" | "columns">): NodeGrid {
  const at = (name: string) => columns.find((column) => column.name === name);
  const [times, ids] = [at("end_timestamp"), at("asset_id")];
  if (times === undefined || times.kind === "text" || ids === undefined) {
    throw new ReckonError("bad-data", {
      place: path,
      expected: "rows with end_timestamp and asset_id",
      found: columns.map(({name}) => name).join(", ") || "nothing",
      fix: "restore the file or run again",
    });
  }
  const names = ids.kind === "text" ? ids.data : Array.from(ids.data, String);
  const features = columns.filter(
    (column): column is NumberColumn => column.kind === "number" && column !== ids,
  );
  const {ends, instruments, places} = placesOf(times.data, names);
  const own = {path, features, names, size: ends.length * instruments.length};
  return {ends, instruments, ...layOut(places, own)};
}

type NumberColumn = Extract<FileColumn, {kind: "number"}>;

/** For each row, the place of its cell. */
function placesOf(
  times: Float64Array,
  names: readonly string[],
): Pick<NodeGrid, "ends" | "instruments"> & {readonly places: Int32Array | undefined} {
  const regular = regularAxes(times, names);
  if (regular !== undefined) {
    return {...regular, places: undefined};
  }
  const instruments = [...new Set(names)];
  const width = instruments.length;
  const ends = Float64Array.from(new Set(times)).sort();
  const rowAt = new Map(Array.from(ends, (end, t) => [end, t]));
  const columnAt = new Map(instruments.map((name, j) => [name, j]));
  const places = Int32Array.from(names, (name, row) => {
    const t = rowAt.get(times[row] as number) as number;
    return t * width + (columnAt.get(name) as number);
  });
  return {ends, instruments, places};
}

/** The axes of rows in their places: every instrument of the first end, then of the next. */
function regularAxes(
  times: Float64Array,
  names: readonly string[],
): Pick<NodeGrid, "ends" | "instruments"> | undefined {
  let width = 0;
  while (width < times.length && times[width] === times[0]) {
    width += 1;
  }
  const instruments = names.slice(0, width);
  const ends: number[] = [];
  for (let row = 0; row < times.length; ++row) {
    const time = times[row] as number;
    const column = row % width;
    if (column === 0) {
      if (!(time > (ends.at(-1) ?? Number.NEGATIVE_INFINITY))) {
        return undefined;
      }
      ends.push(time);
    }
    if (time !== ends.at(-1) || names[row] !== instruments[column]) {
      return undefined;
    }
  }
  return times.length === ends.length * width && new Set(instruments).size === width
    ? {ends: Float64Array.from(ends), instruments}
    : undefined;
}

/** @param places undefined where each row is in its own place */
function layOut(
  places: Int32Array | undefined,
  {
    path,
    features,
    names,
    size,
  }: {
    readonly path: string;
    readonly features: readonly NumberColumn[];
    readonly names: readonly string[];
    readonly size: number;
  },
): Pick<NodeGrid, "cells" | "repeated" | "absent"> {
  if (places === undefined) {
    const cells = new Map(features.map(({name, data}) => [name, data]));
    return {cells, repeated: 0, absent: 0};
  }
  const firstRow = new Map<number, number>();
  places.forEach((place, row) => {
    const first = firstRow.get(place) ?? row;
    firstRow.set(place, first);
    if (features.some(({data}) => !Object.is(data[first], data[row]))) {
      throw new ReckonError("bad-data", {
        place: `${path} row ${row + 1}`,
        expected: `one row for ${names[row]} at each end`,
        found: `repeated rows that differ (row ${first + 1} is of the same end)`,
        fix: "restore the file or run again",
      });
    }
  });
  const cells = features.map(({name, data}): [string, Float64Array] => {
    const laid = new Float64Array(size).fill(Number.NaN);
    for (const [place, row] of firstRow) {
      laid[place] = data[row] as number;
    }
    return [name, laid];
  });
  const found = firstRow.size;
  return {cells: new Map(cells), repeated: places.length - found, absent: size - found};
}
