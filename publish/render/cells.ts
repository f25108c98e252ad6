import {cellNames} from "../notebook/file/cell-title.js";
import {
  type Cell,
  type CodeCell,
  hasTag,
  type MarkdownCell,
  type Notebook,
} from "../notebook/file/nbformat.js";
import type {CellStatus} from "../notebook/run-outcome.js";
import {highlightCode} from "./highlight.js";
import {type Anchors, createAnchors, type Heading, renderMarkdown} from "./markdown.js";
import {type Html, html} from "./markup.js";
import {type OutputContext, renderOutput} from "./output.js";
import type {PageInput} from "./page-input.js";

export interface RenderedCells {
  /** What the title cell says beside the title. */
  readonly intro: Html;
  readonly body: Html;
  readonly headings: readonly Heading[];
}

/** A parameters cell that is hidden hides the values of the run too: the page is for others. */
export function hidesParameters({cells}: Notebook): boolean {
  return cells.some((cell) => hasTag(cell, "parameters") && hasTag(cell, "hide-cell"));
}

/** All cells as HTML, and the headings of the contents list. */
export function renderCells(input: PageInput, context: OutputContext): RenderedCells {
  const names = cellNames(input.notebook);
  const anchors = createAnchors();
  const headings: Heading[] = [];
  const hidesInjected = hidesParameters(input.notebook);
  const cells = input.notebook.cells.map((cell, index) => {
    const state = input.cells?.[index] ?? "ok";
    const name = names[index] as string;
    const isHidden =
      hasTag(cell, "hide-cell") || (hidesInjected && hasTag(cell, "injected-parameters"));
    if (isHidden && isHarmless(state)) return html``;
    if (cell.cell_type === "code") return renderCode(cell, {name, state, context});
    if (cell.cell_type !== "markdown") return html``;
    const rendered = renderText(cell, {input, name, isFirst: index === 0, anchors, context});
    headings.push(...rendered.headings);
    return html`<section class="cell text" id="${anchorOf(name)}">${rendered.html}</section>\n`;
  });
  const [first, ...others] = cells;
  const isTitle = input.notebook.cells[0]?.cell_type === "markdown";
  return {
    intro: html`${isTitle ? first : ""}`,
    body: html`${isTitle ? others : cells}`,
    headings,
  };
}

/** The address of a cell within its page. */
export function anchorOf(cellName: string): string {
  return cellName.replaceAll(" ", "-");
}

interface TextPlace {
  readonly input: PageInput;
  readonly name: string;
  readonly isFirst: boolean;
  readonly anchors: Anchors;
  readonly context: OutputContext;
}

function renderText(cell: MarkdownCell, {input, name, isFirst, anchors, context}: TextPlace) {
  return renderMarkdown(cell.source, {
    anchors,
    withoutTitle: isFirst,
    picture: (address) => attachment(cell, address) ?? input.readPicture?.(address),
    onMissingPicture: missingIn(name, context),
  });
}

function missingIn(name: string, {onProblem}: OutputContext): (address: string) => void {
  return (address) => {
    const place = address.length > 100 ? `${address.slice(0, 100)}…` : address;
    const wanted = address === "" ? "the address of a picture (src)" : `a picture at ${place}`;
    onProblem(`${name}: expected ${wanted}, found none`);
  };
}

function attachment({attachments = {}}: MarkdownCell, address: string): string | undefined {
  if (!address.startsWith("attachment:")) return undefined;
  const bundle = attachments[decodedName(address.slice("attachment:".length))] ?? {};
  const [mime, content] = Object.entries(bundle)[0] ?? [];
  return mime === undefined
    ? undefined
    : `data:${mime};base64,${String(content).replace(/\s/g, "")}`;
}

function decodedName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a name with a per cent sign of its own
  }
}

interface CodePlace {
  readonly name: string;
  readonly state: CellStatus;
  readonly context: OutputContext;
}

function renderCode(cell: CodeCell, {name, state, context}: CodePlace): Html {
  const isFailed = !isHarmless(state);
  const onProblem = (problem: string) => context.onProblem(`${name}: ${problem}`);
  const own = {...context, onProblem, onMissingPicture: missingIn(name, context)};
  const outputs = shownOutputs(cell, isFailed).map((output) => renderOutput(output, own));
  const source = showsSource(cell, isFailed) ? renderSource(cell, {name, state}) : "";
  if (source === "" && outputs.length === 0) return html``;
  const bare = state === "ok" && outputs.every(({text}) => text === "") ? "bare" : "";
  const kind = isFailed ? "failed" : `${state} ${bare}`.trim();
  const id = anchorOf(name);
  return html`<section class="cell code ${kind}" id="${id}">${source}${outputs}</section>\n`;
}

/** A failure is never hidden: of a cell with hidden output the errors still show. */
function shownOutputs(cell: CodeCell, isFailed: boolean): CodeCell["outputs"] {
  if (!hasTag(cell, "hide-output")) return cell.outputs;
  return cell.outputs.filter(({output_type}) => isFailed || output_type === "error");
}

function showsSource(cell: Cell, isFailed: boolean): boolean {
  return cell.source.trim() !== "" && (isFailed || !hasTag(cell, "hide-input"));
}

const badges: Readonly<Partial<Record<CellStatus, string>>> = {
  failed: "failed",
  timeout: "ran out of time",
  died: "kernel died",
  incomplete: "output incomplete",
  interrupted: "interrupted",
  "not-run": "not run",
  skipped: "skipped",
};

/** Whether a cell ended in a way that nobody need look into. */
export function isHarmless(state: CellStatus): boolean {
  return ["ok", "not-run", "skipped", "not-code"].includes(state);
}

function renderSource(
  cell: CodeCell,
  {name, state}: {readonly name: string; readonly state: CellStatus},
): Html {
  const badge = badges[state] && html`<span class="badge">${badges[state]}</span>`;
  const open = isHarmless(state) ? "" : "open";
  const code = highlightCode(cell.source, "typescript");
  const kind = hasTag(cell, "parameters") ? ": parameters and their defaults" : "";
  return html`<details class="source" ${open}><summary>Code of ${name}${kind} ${badge}</summary><pre
tabindex="0"><code class="hljs">${code}</code></pre></details>`;
}
