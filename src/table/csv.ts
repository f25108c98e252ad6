/** Rows of cells as comma-separated text; a cell with a comma, quote or line end is quoted. */
export function formatCsv(rows: readonly (readonly (string | number)[])[]): string {
  return `${rows.map((row) => row.map(formatCell).join(",")).join("\n")}\n`;
}

/** NaN is written as an empty cell, as pandas does. */
function formatCell(cell: string | number): string {
  if (typeof cell === "number") {
    return Number.isNaN(cell) ? "" : String(cell);
  }
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The rows of comma-separated text; quotes, doubled quotes and both line ends are understood. */
export function parseCsv(text: string): string[][] {
  if (!text.includes('"')) {
    const lines = text.split(/\r?\n/);
    return (lines.at(-1) === "" ? lines.slice(0, -1) : lines).map((line) => line.split(","));
  }
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r?\n|$)/g,
  )) {
    row.push(quoted === undefined ? (plain as string) : quoted.replaceAll('""', '"'));
    if (end !== ",") {
      rows.push(row);
      row = [];
      if (end === "") {
        break;
      }
    }
  }
  const last = rows.at(-1);
  return last?.length === 1 && last[0] === "" ? rows.slice(0, -1) : rows;
}

/** A number of a cell; an empty cell is NaN. */
export function parseNumberCell(cell: string): number {
  return cell === "" ? Number.NaN : Number(cell);
}
