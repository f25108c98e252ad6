import {formatCsv} from "../table/csv.js";
import type {FileColumn} from "../table/parquet.js";
import {formatUtc, parseUtc} from "../time/utc-text.js";
import {type CellsPlace, isNumberCell, numberCells} from "./number-cells.js";

/** One column of a table with two levels of heads: a feature of an instrument. */
interface FeatureColumn {
  readonly feature: string;
  readonly id: string;
  readonly cells: ArrayLike<number | string>;
}

/**
 * True for the rows of a csv that pandas wrote of a table with two levels of columns: features,
 * below them instrument ids, below them the index's name alone where it has one. In front of the
 * two levels stand their names, where these have any.
 */
export function isTwoLevelCsv(rows: readonly (readonly string[])[]): boolean {
  const [features, ids, third] = rows;
  if (features === undefined || ids === undefined || ids.length < 2 || isTime(ids[0])) {
    return false;
  }
  return third === undefined
    ? features[0] === "" && ids[0] === ""
    : isIndexName(third) || isTime(third[0]);
}

/** A row that names the index: nothing beside it. A row of the table begins with a time. */
function isIndexName([name = "", ...rest]: readonly string[]): boolean {
  return name !== "" && !isTime(name) && rest.every((cell) => cell === "");
}

function isTime(cell: string | undefined): boolean {
  return /^\d{4}-\d{2}-\d{2}([ T]|$)/.test(cell ?? "");
}

/**
 * The rows of such a csv as our own records have them: `end_timestamp`, `asset_id`, then a column
 * per feature; one row per bar and instrument. A feature that is no number (an instant) is text.
 *
 * @throws ReckonError `bad-data` when the index is no time, or a cell among numbers is none
 */
export function toRecordColumns(rows: readonly (readonly string[])[], path: string): FileColumn[] {
  const [features = [], ids = [], third = []] = rows;
  const heads = isIndexName(third) ? 3 : 2;
  const body = rows.slice(heads);
  const ends = Float64Array.from(body, (row) => parseUtc(row[0] as string, path));
  const columns = features.slice(1).map((feature, j) => ({
    feature,
    id: ids[j + 1] as string,
    cells: toCells(
      body.map((row) => row[j + 1] as string),
      {path, column: `${feature} of ${ids[j + 1]}`, line: heads + 1},
    ),
  }));
  return stackColumns(ends, columns);
}

/** A node's rows as such a csv, from one row per bar and instrument; instants are UTC. */
export function formatTwoLevelCsv(columns: readonly FileColumn[]): string {
  const [ends, ids, ...features] = columns as [FileColumn, FileColumn, ...FileColumn[]];
  const names = [...new Set(ids.data as readonly string[])];
  const bars = names.length === 0 ? 0 : ends.data.length / names.length;
  const body = Array.from({length: bars}, (_, t) => [
    formatUtc(ends.data[t * names.length] as number),
    ...features.flatMap(({data}) =>
      names.map((_id, j) => data[t * names.length + j] as string | number),
    ),
  ]);
  return formatCsv([
    ["", ...features.flatMap(({name}) => names.map(() => name))],
    ["", ...features.flatMap(() => names)],
    [ends.name, ...features.flatMap(() => names.map(() => ""))],
    ...body,
  ]);
}

const TUPLE_HEAD = /^\('(.+)', '?(.+?)'?\)$/;

/**
 * Columns of a Parquet file that pandas wrote of a table with two levels: their heads are printed
 * pairs such as `('close', 101)`, beside them stands the index. Others come back as they are.
 */
export function fromTwoLevelParquet(columns: readonly FileColumn[]): readonly FileColumn[] {
  const index = columns.find(({name}) => !TUPLE_HEAD.test(name));
  if (index === undefined || columns.length < 2 || index.kind === "text") {
    return columns;
  }
  const pairs = columns.filter((column) => column !== index);
  if (!pairs.every(({name}) => TUPLE_HEAD.test(name))) {
    return columns;
  }
  const cells = pairs.map(({name, data}): FeatureColumn => {
    const [, feature = "", id = ""] = TUPLE_HEAD.exec(name) ?? [];
    return {feature, id, cells: data};
  });
  return stackColumns(index.data, cells);
}

/** One row per bar and instrument; what a feature lacks of an instrument is missing. */
function stackColumns(ends: Float64Array, columns: readonly FeatureColumn[]): FileColumn[] {
  const ids = [...new Set(columns.map(({id}) => id))];
  const features = [...new Set(columns.map(({feature}) => feature))];
  const rows = Array.from(ends).flatMap((_, t) => ids.map((id) => ({t, id})));
  const stacked = features.map((feature): FileColumn => {
    const own = columns.filter((column) => column.feature === feature);
    const byId = new Map(own.map(({id, cells}) => [id, cells]));
    const isText = own.some(({cells}) => typeof cells[0] === "string");
    return isText
      ? {name: feature, kind: "text", data: rows.map(({t, id}) => String(byId.get(id)?.[t] ?? ""))}
      : {
          name: feature,
          kind: "number",
          data: Float64Array.from(rows, ({t, id}) => Number(byId.get(id)?.[t] ?? Number.NaN)),
        };
  });
  return [
    {
      name: "end_timestamp",
      kind: "time",
      data: Float64Array.from(rows, ({t}) => ends[t] as number),
    },
    {name: "asset_id", kind: "text", data: rows.map(({id}) => id)},
    ...stacked,
  ];
}

/** Text where no cell is a number and one is not missing, otherwise numbers. */
function toCells(cells: readonly string[], place: CellsPlace): ArrayLike<number | string> {
  const isText = cells.some((cell) => !isNumberCell(cell));
  const hasNumber = cells.some((cell) => cell !== "" && isNumberCell(cell));
  return isText && !hasNumber ? cells : numberCells(cells, place);
}
