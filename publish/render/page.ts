import {cellNames} from "../notebook/file/cell-title.js";
import type {CellStatus} from "../notebook/run-outcome.js";
import {anchorOf, hidesParameters, isHarmless, renderCells} from "./cells.js";
import {notebookFigures} from "./figure/notebook-figures.js";
import {holdsFormula} from "./formula/formula.js";
import {formulaStyles} from "./formula/formula-styles.js";
import {type Heading, titleOf} from "./markdown.js";
import {escapeHtml, Html, html} from "./markup.js";
import {PageAssets, type PageFile} from "./page-assets.js";
import type {PageInput, PageStatus} from "./page-input.js";
import {contentPolicy, pageScripts} from "./page-scripts.js";
import {fillTemplate, templateText} from "./template-files.js";

export interface Page {
  readonly title: string;
  readonly html: string;
  /** What could not be shown as the notebook meant it; each is visible on the page too. */
  readonly problems: readonly string[];
  /** What must lie in the folder `share.base` before the page does; without `share` none. */
  readonly files: readonly PageFile[];
}

/**
 * An HTML page from an executed notebook. It is one self-contained file that makes no request, or,
 * with `share`, a small page with files beside it; its content security policy says so. It reads
 * well without JavaScript: pictures then stand for the figures.
 */
export function renderPage(input: PageInput): Page {
  const problems: string[] = [];
  const figures = notebookFigures(input.notebook);
  const assets = new PageAssets(input.share);
  const {intro, body, headings} = renderCells(input, {
    figures,
    assets,
    pictures: input.pictures ?? new Map(),
    picture: input.readPicture,
    onProblem: (problem) => problems.push(problem),
  });
  const title = pageTitle(input);
  const hasFormulas = holdsFormula(intro) || holdsFormula(body);
  const scripts = pageScripts([...figures.values()], assets);
  const page = fillTemplate("report.html", {
    title,
    tabTitle: input.failure === undefined ? title : `Failed: ${title}`,
    name: input.name,
    status: statusOf(input, problems),
    byline: input.byline ?? "",
    policy: contentPolicy(scripts, {isShared: assets.isShared, hasFormulas}),
    styles: templateText("report.css"),
    formulas: hasFormulas ? formulaPart(html`${intro}${body}`, assets).text : "",
    scripts,
    banner: (banner(input) ?? lackBanner(input, problems)).text,
    // A page that shows its run otherwise well tells of them in its banner.
    notices: input.failure === undefined ? [] : (input.notices ?? []),
    parameters: shownParameters(input).map(([key, value]) => [key, breakable(show(value))]),
    intro: intro.text,
    contents: contentsList(headings).text,
    hasCode: body.text.includes('<details class="source'),
    body: body.text,
    provenance: input.provenance ?? [],
  });
  return {title, html: page, problems, files: assets.files};
}

/** On the page of a run that failed they may be the reason: there they are never hidden. */
function shownParameters({notebook, parameters = {}, failure}: PageInput): [string, unknown][] {
  return hidesParameters(notebook) && failure === undefined ? [] : Object.entries(parameters);
}

/** Styles and fonts of formulas: those that the page needs, or all in a file that pages share. */
function formulaPart({text}: Html, assets: PageAssets): Html {
  if (!assets.isShared) return new Html(`<style>${formulaStyles(text)}</style>`);
  const content = Buffer.from(formulaStyles());
  const address = assets.file({stem: "katex", type: "text/css", content});
  return html`<link rel="stylesheet" href="${address}">`;
}

/** Notices tell of pictures that are missing. */
function statusOf(
  {failure, notices = [], status}: PageInput,
  problems: readonly string[],
): PageStatus {
  if (failure !== undefined || status === "failed") return "failed";
  return notices.length + problems.length > 0 ? "render-failed" : (status ?? "unknown");
}

function pageTitle({notebook, name}: PageInput): string {
  const [first] = notebook.cells;
  return (first?.cell_type === "markdown" ? titleOf(first.source) : undefined) ?? name;
}

function banner({failure, cells = [], notebook}: PageInput): Html | undefined {
  if (failure === undefined) return undefined;
  const {message, cellIndex} = failure;
  const names = cellNames(notebook);
  const link = cellIndex === undefined ? "" : html` ${linkTo(names[cellIndex], "Go to ")}`;
  return html`<div class="banner" role="alert"><strong>This run failed.</strong> ${message}${link}
<span class="banner-note">${restOf(cells, {cellIndex, names})}</span></div>`;
}

/** What a page of a run that did not fail has to do without; nothing where all is shown. */
function lackBanner(
  {notebook, notices = [], status}: PageInput,
  problems: readonly string[],
): Html {
  const lacks = [...notices.map((one) => html`${one}`), ...problems.map(withLink(notebook))];
  if (lacks.length === 0) return html``;
  const rest = status === "ok" ? " The run itself went well." : "";
  const more = lacks.length > mostLacks ? html`<li>and ${lacks.length - mostLacks} more</li>` : "";
  const items = lacks.slice(0, mostLacks).map((one) => html`<li>${one}</li>`);
  return html`<div class="banner lacking" role="note"><strong>Not all of this run could be
shown.</strong>${rest}<ul>${items}${more}</ul></div>`;
}

const mostLacks = 20;

/** A problem begins with the name of its cell. */
function withLink(notebook: PageInput["notebook"]): (problem: string) => Html {
  const names = cellNames(notebook);
  return (problem) => {
    const name = names.find((one) => problem.startsWith(`${one}: `));
    return name === undefined
      ? html`${problem}`
      : html`${linkTo(name)}${problem.slice(name.length)}`;
  };
}

/** What a reader of a failed run may count on: other cells that failed, and those never begun. */
function restOf(
  cells: readonly CellStatus[],
  {cellIndex, names}: {readonly cellIndex: number | undefined; readonly names: readonly string[]},
): Html {
  const others = cells.flatMap((state, i) =>
    isHarmless(state) || i === cellIndex ? [] : [names[i]],
  );
  const also = others.slice(0, 20).map((name, n) => html`${n === 0 ? " " : ", "}${linkTo(name)}`);
  const more = others.length > also.length ? ` and ${others.length - also.length} more` : "";
  const left = cells.filter((state) => state === "not-run").length;
  const rest = left === 0 ? "" : ` ${left} cell${left === 1 ? "" : "s"} did not run.`;
  const failed = others.length === 0 ? "" : html` Also failed:${also}${more}.`;
  return html`What did run is shown below.${failed}${rest}`;
}

function linkTo(name = "", verb = ""): Html {
  return html`<a class="banner-link" href="#${anchorOf(name)}">${verb}${name}</a>`;
}

/** Nested lists are not needed: indentation by level reads the same and stays flat. */
function contentsList(headings: readonly Heading[]): Html {
  const shown = headings.filter(({level}) => level <= 3);
  if (shown.length < 2) return html``;
  const top = Math.min(...shown.map(({level}) => level));
  const items = shown.map(
    ({id, text, level}) => html`<li class="depth-${level - top}"><a href="#${id}">${text}</a></li>`,
  );
  return html`<ol>${items}</ol>`;
}

const longestLine = 24; // characters that surely fit a parameter's column

/** As HTML; a long path may wrap after each slash, and the style sheet gives it more room. */
function breakable(text: string): string {
  if (text.length <= longestLine) return escapeHtml(text);
  const parts = text.split(/(?<=[^/\\][/\\])(?=[^/\\])/);
  return html`${parts.map((part, i) => (i === 0 ? part : html`<wbr>${part}`))}`.text;
}

function show(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text === "" || text === "null" ? "–" : text;
}
