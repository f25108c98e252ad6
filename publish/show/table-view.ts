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
  /** It holds times of a day; its head says that they are in UTC. */
  readonly isTime: boolean;
}

/**
 * The cells of one column as text. Numbers of a column get the same number of decimals and groups
 * of thousands, as {@link decimalsOf} says; times, in UTC, what says them all; NaN and nothing are
 * empty. Texts that somebody made of numbers stay as they are and count as numbers where they
 * stand.
 */
export function formatColumns(values: readonly unknown[]): ColumnText {
  const present = values.filter((value) => value !== null && value !== undefined);
  const areNumbers = present.length > 0 && present.every((value) => typeof value === "number");
  const decimals = areNumbers ? decimalsOf(present as number[]) : 0;
  const isNumeric = areNumbers || areNumberTexts(present);
  const timeLength = timeLengthOf(present);
  const isTime = timeLength > dayLength && present.some((value) => value instanceof Date);
  return {
    texts: values.map((value) => formatCell(value, {decimals, timeLength})),
    isNumeric,
    isTime,
  };
}

/** How much of `2025-01-01 09:05:00.250` says it all, by the unit that all times are whole in. */
const dayLength = 10;
const timeLengths = [
  [86_400_000, dayLength],
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

/** What people write where a number is not there. */
const absentTexts: ReadonlySet<unknown> = new Set(["", "missing", "n/a"]);

function areNumberTexts(values: readonly unknown[]): boolean {
  const texts = values.filter((value) => !absentTexts.has(value));
  const isOne = (value: unknown) => typeof value === "string" && numberText.test(value.trim());
  return texts.length > 0 && texts.every(isOne);
}

/** A cell of more characters is a sentence: it is broken into lines rather than cut. */
const longestOnOneLine = 60;

/** An HTML table with numbers to the right, and the number of rows below when not all are shown. */
export function toHtmlTable({names, columns, count, total}: Rows): string {
  const attribute = ({isNumeric}: ColumnText) => (isNumeric ? ' style="text-align:right"' : "");
  const heads = columns.map(
    (column, i) => `<th${attribute(column)}>${escapeHtml(headOf(names[i], column))}</th>`,
  );
  const rows = Array.from({length: count}, (_, row) => {
    const cells = columns.map((column) => {
      const text = column.texts[row] ?? "";
      const kind = text.length > longestOnOneLine ? ' class="long"' : attribute(column);
      return `<td${kind}>${escapeHtml(text)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const head = `<thead><tr>${heads.join("")}</tr></thead>`;
  const table = `<table>${head}<tbody>${rows.join("")}</tbody></table>`;
  return count < total ? `${table}<p>${restOf(count, total)}</p>` : table;
}

/** The same for a terminal, in columns. */
export function toTextTable({names, columns, count, total}: Rows): string {
  const heads = columns.map((column, i) => headOf(names[i], column));
  const widths = columns.map(({texts}, i) =>
    Math.max(heads[i]?.length ?? 0, ...texts.map((text) => text.length)),
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
  return [line(heads), ...rows, ...rest].join("\n");
}

function restOf(count: number, total: number): string {
  return `showing ${count} of ${total} rows`;
}

function headOf(name = "", {isTime}: ColumnText): string {
  return isTime && !/\butc\b/i.test(name) ? `${name} (UTC)` : name;
}

const fewestDecimals = 2;
const mostDecimals = 10;
/** Far below the largest value, further decimals would only widen the column. */
const mostForSmallest = 6;

/**
 * How many decimals the numbers of a column have: none where all are whole, else at least 2. They
 * are enough for 6 significant digits of the largest number (at most 10) and for 2 of the smallest
 * (at most 6), and not more than any of the numbers needs.
 */
function decimalsOf(values: readonly number[]): number {
  const sizes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  if (sizes.every(Number.isInteger)) return 0;
  const largest = sizes.reduce((max, size) => Math.max(max, size), 0);
  const smallest = sizes.reduce((min, size) => Math.min(min, size), Number.POSITIVE_INFINITY);
  const wanted = Math.max(
    Math.min(mostDecimals, decimalsFor(largest, 6)),
    Math.min(mostForSmallest, decimalsFor(smallest, 2)),
  );
  const needed = sizes.map((size) => usedDecimals(size, Math.max(fewestDecimals, wanted)));
  return needed.reduce((max, count) => Math.max(max, count), fewestDecimals);
}

/** Decimals that show so many significant digits; negative where whole digits are enough. */
function decimalsFor(size: number, significant: number): number {
  return significant - 1 - Math.floor(Math.log10(size));
}

/** How many of so many decimals do not end in zeros. */
function usedDecimals(size: number, decimals: number): number {
  if (size >= largestGrouped) return 0;
  return size.toFixed(decimals).replace(/0+$/, "").split(".")[1]?.length ?? 0;
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

/** From here on a number is told as the language writes it. */
const largestGrouped = 1e15;
/** A number that its column's decimals would misstate by more, as a share, stands apart. */
const mostMisstated = 0.05;

/** A number too small for its column's decimals is `1.23e-12`, never a bare zero. */
function formatNumber(value: number, decimals: number): string {
  if (Number.isNaN(value)) {
    return "";
  }
  if (Math.abs(value) >= largestGrouped || !Number.isFinite(value)) {
    return String(value);
  }
  const fixed = value.toFixed(decimals);
  if (Math.abs(Number(fixed) - value) > mostMisstated * Math.abs(value)) {
    return String(Number(value.toPrecision(3)));
  }
  const [whole = "", fraction] = fixed.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Text as it may stand in HTML, also inside a quoted attribute. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"};
  return text.replace(/[&<>"']/g, (c) => entities[c] ?? "&#39;");
}
