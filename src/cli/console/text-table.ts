/** A column of a printed table. */
export interface TextColumn<Row> {
  readonly title: string;
  /** Text or number; numbers are set flush right with thousands separated. */
  readonly cell: (row: Row) => string | number;
}

/** Rows as lines of aligned text under a line of titles, columns two spaces apart. */
export function formatTextTable<Row>(
  rows: readonly Row[],
  columns: readonly TextColumn<Row>[],
): string {
  const printed = columns.map(({title, cell}) => {
    const values = rows.map(cell);
    const texts = [title, ...values.map(toText)];
    const width = Math.max(...texts.map((text) => text.length));
    const isNumber = values.length > 0 && values.every((value) => typeof value === "number");
    return texts.map((text) => (isNumber ? text.padStart(width) : text.padEnd(width)));
  });
  const lines = [-1, ...rows.keys()].map((row) =>
    printed
      .map((cells) => cells[row + 1] as string)
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

function toText(value: string | number): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : value;
}
