import {hasTag, type Notebook} from "./nbformat.js";

/** For each cell the nearest heading above it or in it, else its name. */
export function cellTitles(notebook: Notebook): string[] {
  const names = cellNames(notebook);
  let heading: string | undefined;
  return notebook.cells.map((cell, index) => {
    if (cell.cell_type === "markdown") {
      heading = lastHeading(cell.source) ?? heading;
    }
    return heading ?? (names[index] as string);
  });
}

/**
 * What each cell is called, wherever a person reads of it: `cell N` by its number, and the cell
 * that a run injects `the given parameters`.
 */
export function cellNames(notebook: Notebook): string[] {
  return cellNumbers(notebook).map((number) =>
    number === null ? "the given parameters" : `cell ${number}`,
  );
}

/**
 * The number of each cell: all kinds of cells, from 1, as an editor shows them to their author. The
 * cell that a run injects is not among those, and has none.
 */
export function cellNumbers({cells}: Notebook): (number | null)[] {
  let count = 0;
  return cells.map((cell) => (hasTag(cell, "injected-parameters") ? null : ++count));
}

function lastHeading(source: string): string | undefined {
  const outsideFences = source.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
  const headings = [...outsideFences.matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$/gm)];
  return headings.at(-1)?.[1];
}
