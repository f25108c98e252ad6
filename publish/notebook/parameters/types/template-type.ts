import type {PatternType} from "./parameter-type.js";

/** What may stand between the texts of a template literal type. */
export type Placeholder = "string" | "number" | "integer";

export interface Template {
  /** As written: `` `${number}m` ``. */
  readonly text: string;
  /** One more than there are placeholders: a text before each, and one after the last. */
  readonly texts: readonly string[];
  readonly placeholders: readonly Placeholder[];
}

/**
 * The pattern of a template literal type. The compiler gives a placeholder what comes before the
 * first occurrence of the text that follows it, exactly one character where another placeholder
 * follows at once, and the last one all the rest; so does the pattern, without ever going back.
 */
export function templateType({text, texts, placeholders}: Template): PatternType {
  const [before = "", ...after] = texts.map(exactly);
  const parts = placeholders.map((placeholder, i) => {
    const isLast = i === placeholders.length - 1;
    return segment(placeholder, isLast ? undefined : texts[i + 1]) + (after[i] ?? "");
  });
  return {kind: "pattern", text, pattern: `^${before}${parts.join("")}$`};
}

/** What one placeholder takes, where `end` follows it; undefined for the last one. */
function segment(placeholder: Placeholder, end: string | undefined): string {
  if (end === "") {
    return placeholder === "string" ? "[\\s\\S]" : "\\d";
  }
  // Only a text that might be a part of the placeholder's own must be kept out of it.
  const mayHold = placeholder === "string" || /^[\d.eE+-]/.test(end ?? "");
  const guard = end !== undefined && mayHold ? `(?!${exactly(end)})` : "";
  const one = (atom: string) => (guard === "" ? atom : `(?:${guard}${atom})`);
  if (placeholder === "string") {
    return `${one("[\\s\\S]")}*`;
  }
  const digit = one("\\d");
  if (placeholder === "integer") {
    return `${one("-")}?${digit}+`;
  }
  const sign = `${one("[+-]")}?`;
  const mantissa = `(?:${digit}+${one("\\.")}?${digit}*|${one("\\.")}${digit}+)`;
  return `${sign}${mantissa}(?:${one("[eE]")}${sign}${digit}+)?`;
}

function exactly(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Patterns of the types that TypeScript has for the case of texts. */
const casePatterns: Readonly<Record<string, string>> = {
  Uppercase: "^\\P{Changes_When_Uppercased}*$",
  Lowercase: "^\\P{Changes_When_Lowercased}*$",
  Capitalize: "^(?:\\P{Changes_When_Uppercased}[\\s\\S]*)?$",
  Uncapitalize: "^(?:\\P{Changes_When_Lowercased}[\\s\\S]*)?$",
};

/** `Uppercase<string>` and its like; undefined for another name. */
export function caseType(name: string): PatternType | undefined {
  const pattern = casePatterns[name];
  return pattern === undefined ? undefined : {kind: "pattern", text: `${name}<string>`, pattern};
}

/** Names of properties that are numbers, as the compiler takes them. */
export const numericKeys: PatternType = {
  kind: "pattern",
  text: "number",
  pattern: "^(?:0|-?[1-9]\\d*|-?(?:0|[1-9]\\d*)\\.\\d*[1-9])$",
};
