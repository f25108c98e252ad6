import type {Panel} from "../../table/panel.js";
import {formatUtc} from "../../time/utc-text.js";

/** Rows printed from the top and from the bottom of a long table. */
const SHOWN_ROWS = 3;

/** One column of a panel: a feature of an instrument. */
interface CellColumn {
  readonly head: string;
  readonly feature: string;
  readonly id: string;
  readonly data: Float64Array;
}

/**
 * What a node put out, told in lines: range of the index, columns, `shape=(rows, columns)`, type
 * and first value of each column with its distinct and missing values, memory, missing and zero
 * values in all, and the table itself, its middle left out when it is long.
 *
 * The layout is the reference's. Its counts of rows and columns with missing values are not: here
 * they are what their names say, out of all rows and out of all columns.
 */
export function describePanel(panel: Panel): string[] {
  const columns = columnsOf(panel);
  const rows = panel.index.length;
  const [first, last] = [panel.index.at(0), panel.index.at(-1)];
  const range = first === undefined ? "" : [first, last as number].map(formatUtc).join(", ");
  const isMissingAt = (t: number): boolean => columns.some(({data}) => Number.isNaN(data[t]));
  const cells = columns.flatMap(({data}) => Array.from(data));
  return [
    `index=[${range}]`,
    `columns=${columns.map(({head}) => head).join(",")}`,
    `shape=(${rows}, ${columns.length})`,
    "* type=",
    ...typeTable(panel, columns),
    "* memory=",
    ...memoryTable(rows, columns),
    `num_nans=${share(cells.filter(Number.isNaN).length, cells.length)}`,
    `num_zeros=${share(cells.filter((cell) => cell === 0).length, cells.length)}`,
    `num_nan_rows=${share(Array.from(panel.index.keys()).filter(isMissingAt).length, rows)}`,
    `num_nan_cols=${share(
      columns.filter(({data}) => data.some(Number.isNaN)).length,
      columns.length,
    )}`,
    ...printedTable(panel, columns),
  ];
}

function columnsOf({columns, features}: Panel): CellColumn[] {
  return Array.from(features, ([feature, data]) =>
    columns.map((id, j) => ({
      head: `('${feature}', ${/^\d+$/.test(id) ? id : `'${id}'`})`,
      feature,
      id,
      data: data[j] as Float64Array,
    })),
  ).flat();
}

function typeTable({index}: Panel, columns: readonly CellColumn[]): string[] {
  const rows = index.length;
  const body = columns.map(({head, data}, j) => {
    const known = data.filter((cell) => !Number.isNaN(cell));
    return [
      String(j + 1),
      head,
      "float64",
      share(new Set(known).size, rows),
      share(rows - known.length, rows),
      rows === 0 ? "" : formatCell(data[0] as number),
    ];
  });
  const first = rows === 0 ? "" : formatUtc(index[0] as number);
  return alignRight([
    ["", "col_name", "dtype", "num_unique", "num_nans", "first_elem"],
    ["0", "index", "datetime64[ms, UTC]", share(new Set(index).size, rows), share(0, rows), first],
    ...body,
  ]);
}

/** Every cell and every time takes 8 bytes; nothing lies deeper. */
function memoryTable(rows: number, columns: readonly CellColumn[]): string[] {
  const bytes = (count: number): string[] => new Array<string>(2).fill(`${count.toFixed(1)} b`);
  return alignRight([
    ["", "shallow", "deep"],
    ["Index", ...bytes(8 * rows)],
    ...columns.map(({head}) => [head, ...bytes(8 * rows)]),
    ["total", ...bytes(8 * rows * (columns.length + 1))],
  ]);
}

function printedTable({index}: Panel, columns: readonly CellColumn[]): string[] {
  const isLong = index.length > 2 * SHOWN_ROWS;
  const all = Array.from(index.keys());
  const shown = isLong ? [...all.slice(0, SHOWN_ROWS), ...all.slice(-SHOWN_ROWS)] : all;
  const lines = alignRight([
    ["", ...columns.map(({feature}) => feature)],
    ["", ...columns.map(({id}) => id)],
    ...shown.map((t) => [
      formatUtc(index[t] as number),
      ...columns.map(({data}) => formatCell(data[t] as number)),
    ]),
  ]);
  const middle = 2 + SHOWN_ROWS;
  return isLong ? [...lines.slice(0, middle), "...", ...lines.slice(middle)] : lines;
}

/** `6 / 56 = 10.71%`. */
function share(count: number, of: number): string {
  const percent = of === 0 ? "nan" : ((100 * count) / of).toFixed(2);
  return `${count} / ${of} = ${percent}%`;
}

function formatCell(value: number): string {
  if (Number.isNaN(value)) {
    return "NaN";
  }
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
}

function alignRight(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, j) =>
    Math.max(...rows.map((row) => (row[j] as string).length)),
  );
  return rows.map((row) => row.map((cell, j) => cell.padStart(widths[j] as number)).join("  "));
}
