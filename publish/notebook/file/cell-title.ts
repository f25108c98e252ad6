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
 * What each cell is called: `cell N`, counting from 1 as its author does, who does not see the cell
 * that a run injects; that one is `the given parameters`.
 */
export function cellNames({cells}: Notebook): string[] {
  let count = 0;
  return cells.map((cell) =>
    hasTag(cell, "injected-parameters") ? "the given parameters" : `cell ${++count}`,
  );
}

function lastHeading(source: string): string | undefined {
  const outsideFences = source.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
  const headings = [...outsideFences.matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$/gm)];
  return headings.at(-1)?.[1];
}
