import {ReckonError} from "../errors.js";
import {parseNumberCell} from "../table/csv.js";

/** Where cells stand, for messages. */
export interface CellsPlace {
  readonly path: string;
  readonly column: string;
  /** Line of the first cell in its file. */
  readonly line: number;
}

const NUMBER = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf|Infinity)$/;
const MISSING = /^(?:nan)?$/i;

/** A number as this kit and pandas write one; an empty cell is a missing one. */
export function isNumberCell(cell: string): boolean {
  return NUMBER.test(cell) || MISSING.test(cell);
}

/**
 * The numbers of cells; a missing one is NaN.
 *
 * @throws ReckonError `bad-data` naming line and column of a cell that is no number
 */
export function numberCells(
  cells: readonly string[],
  {path, column, line}: CellsPlace,
): Float64Array {
  const numbers = new Float64Array(cells.length);
  cells.forEach((cell, row) => {
    if (NUMBER.test(cell)) {
      numbers[row] = parseNumberCell(cell.endsWith("inf") ? cell.replace("inf", "Infinity") : cell);
    } else if (MISSING.test(cell)) {
      numbers[row] = Number.NaN;
    } else {
      throw new ReckonError("bad-data", {
        place: `${path} line ${line + row}, column ${column}`,
        expected: "a number or an empty cell",
        found: JSON.stringify(cell),
        fix: "restore the file or run again",
      });
    }
  });
  return numbers;
}
