/** A piece of a page in words: as HTML in the page's classes, and as plain text. */
export interface Sentence {
  /** Safe to put on a page: everything that came from data is escaped. */
  readonly html: string;
  readonly text: string;
}

/** One headline figure: what it is, its value with the unit, and what has to be said with it. */
export interface Kpi {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** A verdict at a glance: all is well, something differs, or there is nothing to judge. */
export type Tone = "ok" | "differs" | "empty";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML that shows exactly it, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] as string);
}

/** The same in a line that is broken where it is full: never between the sign and its money. */
function toLineHtml(text: string): string {
  return escapeHtml(text).replace(/\u2212(?=\p{Sc})/gu, "\u2212\u2060");
}

/** A coloured box: what matters in bold, then the rest. */
export function verdictBox(tone: Tone, headline: string, details = ""): Sentence {
  const bold = `<strong>${toLineHtml(headline)}</strong>`;
  const rest = details === "" ? "" : ` ${toLineHtml(details)}`;
  return {
    html: `<div class="verdict verdict-${tone}">${bold}${rest}</div>`,
    text: details === "" ? headline : `${headline} ${details}`,
  };
}

/** A remark in small type. */
export function note(text: string): Sentence {
  return {html: `<p class="note">${toLineHtml(text)}</p>`, text};
}

/** Headline figures side by side; without any, an empty sentence. */
export function kpiRow(kpis: readonly Kpi[]): Sentence {
  const cells = kpis.map(({label, value, note: remark}) => {
    const small = remark === undefined ? "" : `<span class="note">${escapeHtml(remark)}</span>`;
    const name = `<span class="kpi-label">${escapeHtml(label)}</span>`;
    const figure = `<span class="kpi-value">${escapeHtml(value)}</span>`;
    return `<div class="kpi">${name}${figure}${small}</div>`;
  });
  const lines = kpis.map(({label, value, note: remark}) =>
    remark === undefined ? `${label}: ${value}` : `${label}: ${value} (${remark})`,
  );
  return {html: `<div class="kpi-row">${cells.join("")}</div>`, text: lines.join("\n")};
}

/** Several sentences, one below the other. */
export function joinSentences(...sentences: readonly Sentence[]): Sentence {
  return {
    html: sentences.map(({html}) => html).join("\n"),
    text: sentences.map(({text}) => text).join("\n"),
  };
}

/**
 * A table of texts for a page: the first row holds the heads; all but the leading columns are
 * numbers and stand to the right.
 *
 * @param leading how many columns hold words
 */
export function tableOfTexts(rows: readonly (readonly string[])[], leading = 1): Sentence {
  const [heads = [], ...body] = rows;
  const cells = (tag: "th" | "td", row: readonly string[]): string =>
    row
      .map((cell, j) => `<${tag}${j < leading ? "" : ' class="num"'}>${escapeHtml(cell)}</${tag}>`)
      .join("");
  const htmlRows = body.map((row) => `<tr>${cells("td", row)}</tr>`).join("");
  const widths = heads.map((_, j) => Math.max(...rows.map((row) => row[j]?.length ?? 0)));
  const pad = (cell: string, j: number): string =>
    j < leading ? cell.padEnd(widths[j] ?? 0) : cell.padStart(widths[j] ?? 0);
  return {
    html: `<table><thead><tr>${cells("th", heads)}</tr></thead><tbody>${htmlRows}</tbody></table>`,
    text: rows.map((row) => row.map(pad).join("  ").trimEnd()).join("\n"),
  };
}

/** `a`, `a and b`, `a, b and c`. */
export function listInWords(names: readonly string[]): string {
  return names.length <= 1
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
