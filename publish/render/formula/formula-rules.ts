import type {MarkdownIt, StateBlock, Token} from "markdown-it";
import {type Html, html} from "../markup.js";
import {renderFormula} from "./formula.js";

/** A formula in markdown text: how it is written, and whether it stands on a line of its own. */
interface Form {
  readonly pattern: RegExp;
  readonly isDisplay: boolean;
}

/**
 * The forms that Jupyter knows. "$1,000 of $2,000" is money: within single dollars a formula begins
 * and ends with no space, and no digit follows it.
 */
const forms: readonly Form[] = [
  {pattern: /\$\$([^$]+)\$\$/sy, isDisplay: true},
  {pattern: /\$((?![\s$])(?:[^$\\]|\\.)*?(?<!\s))\$(?!\d)/sy, isDisplay: false},
  {pattern: /\\\\\(((?:(?!\\\\\)).)+)\\\\\)/sy, isDisplay: false},
  {pattern: /\\\\\[((?:(?!\\\\\]).)+)\\\\\]/sy, isDisplay: true},
  {pattern: /(\\begin\{([a-z]+\*?)\}(?:(?!\\end\{\2\}).)*\\end\{\2\})/sy, isDisplay: true},
];

/** How a block of its own begins and how it ends; blank lines may lie between. */
const blocks: readonly (readonly [begin: RegExp, end: string])[] = [
  [/^\$\$/, "$$"],
  [/^\\\\\[/, "\\\\]"],
  [/^\\begin\{([a-z]+\*?)\}/, "\\end{$1}"],
];

/** The element that holds a formula's place until the text around it is sanitised. */
export const formulaTag = "x-formula";

/** What the parser gathers for one text. */
export type FormulaEnv = {readonly formulas: Html[]};

/** Teaches a markdown parser formulas; parse with a {@link FormulaEnv} as `env`. */
export function addFormulaRules(parser: MarkdownIt): void {
  parser.inline.ruler.before("escape", "formula", (state, silent) => {
    const found = findForm(state.src, state.pos);
    if (found === undefined) return false;
    if (!silent) {
      const token = state.push("formula", "", 0);
      token.content = found.tex;
      token.markup = found.isDisplay ? "$$" : "$";
    }
    state.pos = found.end;
    return true;
  });
  const before = {alt: ["paragraph", "reference", "blockquote", "list"]};
  parser.block.ruler.before("fence", "formula_block", takeBlock, before);
  parser.renderer.rules.formula = (tokens, i, ...[, env]) => {
    const {formulas} = env as FormulaEnv;
    const {content, markup} = tokens[i] as Token;
    formulas.push(renderFormula(content, markup === "$$"));
    return `<${formulaTag} n="${formulas.length - 1}"></${formulaTag}>`;
  };
}

interface FoundForm {
  readonly tex: string;
  readonly isDisplay: boolean;
  readonly end: number;
}

function findForm(source: string, start: number): FoundForm | undefined {
  if (source[start] !== "$" && source[start] !== "\\") return undefined;
  for (const {pattern, isDisplay} of forms) {
    pattern.lastIndex = start;
    const tex = pattern.exec(source)?.[1];
    if (tex !== undefined) return {tex, isDisplay, end: pattern.lastIndex};
  }
  return undefined;
}

/** A display formula over several lines, which markdown would read as lists and headings. */
function takeBlock(state: StateBlock, ...place: [from: number, to: number, silent: boolean]) {
  const [startLine, endLine, silent] = place;
  const lineOf = (line: number) =>
    state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
  const first = lineOf(startLine);
  const [begin, ending] = blocks.find(([pattern]) => pattern.test(first)) ?? [];
  if (begin === undefined || ending === undefined) return false;
  const [opening = "", environment = ""] = begin.exec(first) ?? [];
  const end = ending.replace("$1", () => environment);
  let line = startLine;
  let text = first;
  while (!text.slice(opening.length).trimEnd().endsWith(end)) {
    if (++line >= endLine) return false;
    text += `\n${lineOf(line)}`;
  }
  const found = findForm(text, 0);
  if (found === undefined || text.slice(found.end).trim() !== "") return false;
  if (silent) return true;
  state.line = line + 1;
  const paragraph = state.push("paragraph_open", "p", 1);
  paragraph.map = [startLine, state.line];
  const inline = state.push("inline", "", 0);
  inline.content = text;
  inline.children = [];
  state.push("paragraph_close", "p", -1);
  return true;
}

/** An output of type `text/latex`: a formula, or text with formulas in it. */
export function latexAsMarkdown(latex: string): string {
  const text = latex.trim();
  const isText = /\$|\\\\[([]|^\\begin\{/.test(text);
  return isText ? text : `$$${text}$$`;
}

/** Puts the formulas into sanitised text, in which a tag can only be an element. */
export function putFormulas(clean: string, formulas: readonly Html[]): string {
  const place = new RegExp(`<${formulaTag} n="(\\d+)"></${formulaTag}>`, "g");
  return clean.replace(place, (_all, n: string) => (formulas[Number(n)] ?? html``).text);
}
