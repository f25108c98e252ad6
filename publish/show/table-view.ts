/** The shown part of a table: cells as text, by column. */
export interface Rows {
  readonly names: readonly string[];
  readonly columns: readonly ColumnText[];
  readonly count: number;
  readonly total: number;
}

export interface ColumnText {
  readonly texts: readonly string[];
  readonly isNumeric: boolean;
}

/**
 * The cells of one column as text. Numbers of a column get the same number of decimals, enough for
 * six significant digits of the largest, and groups of thousands; times, in UTC, what says them
 * all; NaN and nothing are empty. Texts
 * that somebody made of numbers stay as they are and count as numbers where they stand.
 */
export function formatColumns(values: readonly unknown[]): ColumnText {
  const present = values.filter((value) => value !== null && value !== undefined);
  const areNumbers = present.length > 0 && present.every((value) => typeof value === "number");
  const decimals = areNumbers ? decimalsOf(present as number[]) : 0;
  const isNumeric = areNumbers || areNumberTexts(present);
  const timeLength = timeLengthOf(present);
  return {texts: values.map((value) => formatCell(value, {decimals, timeLength})), isNumeric};
}

/** How much of `2025-01-01 09:05:00.250` says it all, by the unit that all times are whole in. */
const timeLengths = [
  [86_400_000, 10],
  [60_000, 16],
  [1_000, 19],
] as const;
const longestTime = 23;

function timeLengthOf(values: readonly unknown[]): number {
  const times = values.map((value) => (value instanceof Date ? value.getTime() : Number.NaN));
  const isWhole = (unit: number) => times.every((time) => Number.isNaN(time) || time % unit === 0);
  return timeLengths.find(([unit]) => isWhole(unit))?.[1] ?? longestTime;
}

/** `1,234.5`, `−$12`, `0.3 %`, `12 bps`, `1.00×`: a sign, a currency, digits, a unit. */
const numberText = /^[+\-−]?\p{Sc}?(\d[\d,]*(\.\d+)?|\.\d+)(e[+-]?\d+)?\s?(%|bps|[x×])?$/u;

function areNumberTexts(values: readonly unknown[]): boolean {
  const texts = values.filter((value) => value !== "");
  const isOne = (value: unknown) => typeof value === "string" && numberText.test(value.trim());
  return texts.length > 0 && texts.every(isOne);
}

/** An HTML table with numbers to the right, and the number of rows below when not all are shown. */
export function toHtmlTable({names, columns, count, total}: Rows): string {
  const attribute = ({isNumeric}: ColumnText) => (isNumeric ? ' style="text-align:right"' : "");
  const heads = names.map((name, i) => `<th${attribute(columns[i]!)}>${escapeHtml(name)}</th>`);
  const rows = Array.from({length: count}, (_, row) => {
    const cells = columns.map(
      (column) => `<td${attribute(column)}>${escapeHtml(column.texts[row] ?? "")}</td>`,
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  const head = `<thead><tr>${heads.join("")}</tr></thead>`;
  const table = `<table>${head}<tbody>${rows.join("")}</tbody></table>`;
  return count < total ? `${table}<p>${restOf(count, total)}</p>` : table;
}

/** The same for a terminal, in columns. */
export function toTextTable({names, columns, count, total}: Rows): string {
  const widths = columns.map(({texts}, i) =>
    Math.max(names[i]?.length ?? 0, ...texts.map((text) => text.length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) =>
        columns[i]?.isNumeric ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      )
      .join("  ")
      .trimEnd();
  const rows = Array.from({length: count}, (_, row) =>
    line(columns.map(({texts}) => texts[row] ?? "")),
  );
  const rest = count < total ? [restOf(count, total)] : [];
  return [line(names), ...rows, ...rest].join("\n");
}

function restOf(count: number, total: number): string {
  return `showing ${count} of ${total} rows`;
}

const significant = 6;

function decimalsOf(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  if (finite.every(Number.isInteger)) {
    return 0;
  }
  const largest = finite.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const whole =
    largest < 1 ? Math.ceil(Math.log10(largest || 1)) : Math.floor(Math.log10(largest)) + 1;
  return Math.min(10, Math.max(0, significant - whole));
}

interface CellFormat {
  readonly decimals: number;
  readonly timeLength: number;
}

function formatCell(value: unknown, {decimals, timeLength}: CellFormat): string {
  if (value === null || value === undefined) {
    return "";
  }
  if (typeof value === "number") {
    return formatNumber(value, decimals);
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) {
      return "";
    }
    return value.toISOString().replace("T", " ").slice(0, timeLength);
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function formatNumber(value: number, decimals: number): string {
  if (Number.isNaN(value)) {
    return "";
  }
  const size = Math.abs(value);
  if (size >= 1e15 || !Number.isFinite(value)) {
    return String(value);
  }
  const [whole = "", fraction] = value.toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Text as it may stand in HTML, also inside a quoted attribute. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"};
  return text.replace(/[&<>"']/g, (c) => entities[c] ?? "&#39;");
}
