import MarkdownIt, {type Token} from "markdown-it";
import {addFormulaRules, type FormulaEnv} from "./formula/formula-rules.js";
import {highlightCode} from "./highlight.js";
import {type Html, slugOf} from "./markup.js";
import {type PictureSource, sanitizeHtml} from "./sanitize.js";
import {addTaskLists} from "./task-lists.js";

export interface Heading {
  readonly level: number; // 1 to 6
  readonly text: string;
  readonly id: string;
}

/** A page's anchors: each is given out once. */
export type Anchors = (text: string) => string;

export interface MarkdownOptions extends PictureSource {
  readonly anchors: Anchors;
  /** Leaves the first level-1 heading out: the page shows it as its title. */
  readonly withoutTitle?: boolean;
}

const parser = new MarkdownIt({
  html: true, // sanitised below
  linkify: true,
  highlight: (code, language) => highlightCode(code, language || "text").text,
});
addFormulaRules(parser);
addTaskLists(parser);

/** Markdown, formulas included, as sanitised HTML with an anchor on each heading; and those. */
export function renderMarkdown(
  source: string,
  options: MarkdownOptions,
): {html: Html; headings: Heading[]} {
  const env: FormulaEnv = {formulas: []};
  const tokens = parser.parse(source, env);
  if (options.withoutTitle) dropTitle(tokens);
  const headings = anchorHeadings(tokens, options.anchors);
  const dirty = parser.renderer.render(tokens, parser.options, env);
  const ids = new Set(headings.map(({id}) => id));
  return {html: sanitizeHtml(dirty, {...options, ids, formulas: env.formulas}), headings};
}

/** The text of the first level-1 heading, if the source begins with one. */
export function titleOf(source: string): string | undefined {
  const [first, content] = parser.parse(source, {});
  return first?.type === "heading_open" && first.tag === "h1" ? plainText(content) : undefined;
}

/** The text of the last heading; undefined when there is none. */
export function lastHeadingOf(source: string): string | undefined {
  const tokens = parser.parse(source, {});
  const heads = tokens.flatMap(({type}, i) => (type === "heading_open" ? [i] : []));
  const last = heads.at(-1);
  return last === undefined ? undefined : plainText(tokens[last + 1]);
}

/** Gives out each anchor once: a second "Orders" becomes `orders-2`. */
export function createAnchors(): Anchors {
  const taken = new Set<string>();
  return (text) => {
    const stem = `s-${slugOf(text) || "section"}`;
    let id = stem;
    for (let i = 2; taken.has(id); ++i) id = `${stem}-${i}`;
    taken.add(id);
    return id;
  };
}

function dropTitle(tokens: Token[]): void {
  if (tokens[0]?.type === "heading_open" && tokens[0].tag === "h1") tokens.splice(0, 3);
}

function anchorHeadings(tokens: Token[], anchors: Anchors): Heading[] {
  const headings: Heading[] = [];
  tokens.forEach((token, i) => {
    if (token.type !== "heading_open") return;
    const text = plainText(tokens[i + 1]);
    const id = anchors(text);
    token.attrSet("id", id);
    headings.push({level: Number(token.tag.slice(1)), text, id});
  });
  return headings;
}

function plainText(inline: Token | undefined): string {
  const parts = inline?.children ?? [];
  return parts.map(({type, content}) => (type === "html_inline" ? "" : content)).join("");
}
