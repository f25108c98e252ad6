import type {Notebook} from "./nbformat.js";

/** For each cell the nearest heading above it or in it, else `cell N`, counting from 1. */
export function cellTitles({cells}: Notebook): string[] {
  let heading: string | undefined;
  return cells.map((cell, index) => {
    if (cell.cell_type === "markdown") {
      heading = lastHeading(cell.source) ?? heading;
    }
    return heading ?? `cell ${index + 1}`;
  });
}

function lastHeading(source: string): string | undefined {
  const outsideFences = source.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
  const headings = [...outsideFences.matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$/gm)];
  return headings.at(-1)?.[1];
}
