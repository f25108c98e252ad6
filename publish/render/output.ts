import {
  type ErrorOutput,
  type MimeBundle,
  type Output,
  PLOTLY_MIME,
  RECORD_MIME,
} from "../notebook/file/nbformat.js";
import {figureHeight} from "./figure/figure.js";
import {figureProblems} from "./figure/figure-problems.js";
import type {NamedFigure} from "./figure/notebook-figures.js";
import {latexAsMarkdown} from "./formula/formula-rules.js";
import {highlightCode} from "./highlight.js";
import {createAnchors, renderMarkdown} from "./markdown.js";
import {Html, html} from "./markup.js";
import type {PageAssets} from "./page-assets.js";
import {losesContent, type PictureSource, sanitizeHtml} from "./sanitize.js";
import {plainText, streamHtml, terminalHtml} from "./terminal/terminal-text.js";

/** What an output may need beyond itself. */
export interface OutputContext extends PictureSource {
  readonly figures: ReadonlyMap<Output, NamedFigure>;
  /** PNG bytes by figure name; a figure without one has no picture. */
  readonly pictures: ReadonlyMap<string, Uint8Array>;
  readonly assets: PageAssets;
  /** Collects what the page could not show as the notebook meant it. */
  readonly onProblem: (problem: string) => void;
}

/** One output of a code cell as HTML that is safe to open. */
export function renderOutput(output: Output, context: OutputContext): Html {
  switch (output.output_type) {
    case "stream":
      return html`<pre class="stream ${output.name}"${focusOf(output.text)}>${streamHtml(
        output.text,
      )}</pre>`;
    case "error":
      return renderError(output);
    default:
      return renderBundle(output, output.data, context);
  }
}

function renderError({ename, evalue, traceback}: ErrorOutput): Html {
  const lines = traceback.join("\n").split("\n");
  const head = plainText(`${ename}: ${evalue}`).split("\n");
  // The traceback begins with the message, which stands above it.
  const isRepeated = head.every((line, i) => plainText(lines[i] ?? "") === line);
  const rest = isRepeated ? lines.slice(head.length) : lines;
  const details = rest.join("") === "" ? "" : html`<pre tabindex="0">${rest.map(traceLine)}</pre>`;
  const message = html`<p><strong>${ename}</strong>: ${terminalHtml(evalue)}</p>`;
  return html`<div class="error" role="note">${message}${details}</div>`;
}

/** A line of a traceback: the place is what a reader looks for, frames are for later. */
function traceLine(line: string): Html {
  const shown = html`${terminalHtml(line)}\n`;
  if (/^> |^ +\| *\^$/.test(line)) return html`<span class="at">${shown}</span>`;
  return /^ +at /.test(line) ? html`<span class="frames">${shown}</span>` : shown;
}

type Renderer = (value: unknown, context: OutputContext) => Html;

/** From the richest form to the plainest; the first that a bundle holds is shown. */
const renderers: readonly [mime: string, render: Renderer][] = [
  ["text/html", renderHtml],
  ["text/markdown", (text, context) => renderText(String(text), context)],
  [
    "image/svg+xml",
    (svg, {assets}) => renderPicture("image/svg+xml", Buffer.from(String(svg)), assets),
  ],
  ["text/latex", (text, context) => renderText(latexAsMarkdown(String(text)), context)],
  ...["image/png", "image/jpeg", "image/gif", "image/webp"].map((mime): [string, Renderer] => [
    mime,
    (base64, {assets}) => renderPicture(mime, fromBase64(base64), assets),
  ]),
  ["application/json", renderJson],
  ["text/plain", (text) => renderPlain(String(text))],
];

function renderBundle(output: Output, data: MimeBundle, context: OutputContext): Html {
  if (data[RECORD_MIME] !== undefined) return html``; // for the caller, not for the reader
  const mimes = Object.keys(data);
  const figure = context.figures.get(output);
  if (figure !== undefined) return renderFigure(figure, context);
  const known = renderers.find(([mime]) => data[mime] !== undefined);
  const shown = known === undefined ? html`` : known[1](data[known[0]], context);
  const richer = mimes.filter((mime) => !renderers.some(([name]) => name === mime));
  const isPlain = known === undefined || known[0] === "text/plain";
  return isPlain && richer.length > 0 ? html`${warn(richer, data, context)}${shown}` : shown;
}

function warn(mimes: string[], data: MimeBundle, {onProblem}: OutputContext): Html {
  const problem =
    data[PLOTLY_MIME] === undefined
      ? `an output of type ${mimes.join(", ")} cannot be shown on a page`
      : "a figure could not be read: it is no {data: [...], layout: {...}}";
  onProblem(problem);
  return html`<p class="warning" role="note">${problem.replace(/^a/, "A")}.</p>`;
}

function renderText(markdown: string, context: OutputContext): Html {
  const {html: text} = renderMarkdown(markdown, {...picturesOf(context), anchors: createAnchors()});
  return html`<div class="text">${text}</div>`;
}

function picturesOf({picture, onMissingPicture}: OutputContext): PictureSource {
  return {picture, onMissingPicture};
}

function renderHtml(value: unknown, context: OutputContext): Html {
  const dirty = String(value);
  const notice = html`<p class="warning" role="note">Active or embedded content of this output was
left out: a page runs no script of an output. Show a figure with <code>show(figure)</code>.</p>`;
  const clean = sanitizeHtml(dirty, picturesOf(context));
  return html`<div class="html">${clean}</div>${losesContent(dirty) ? notice : ""}`;
}

/** An SVG stands in an `<img>` too, where it can neither run a script nor load a file. */
function renderPicture(type: string, content: Uint8Array, assets: PageAssets): Html {
  const address = assets.picture({stem: "picture", type, content});
  return html`<p class="picture"><img src="${address}" alt="picture"></p>`;
}

function fromBase64(text: unknown): Uint8Array {
  return Buffer.from(String(text), "base64"); // leaves out what is none
}

function renderPlain(text: string): Html {
  return html`<pre class="result"${focusOf(text)}>${terminalHtml(text)}</pre>`;
}

/** A box that scrolls can be reached without a mouse; others are no stops on a reader's way. */
function focusOf(text: string): Html {
  const lines = text.split("\n", 21);
  const scrolls = lines.length > 20 || lines.some((line) => line.length > 40);
  return html`${scrolls ? new Html(' tabindex="0"') : ""}`;
}

function renderJson(value: unknown): Html {
  const json = JSON.stringify(value, null, 2);
  const code = highlightCode(json, "json");
  return html`<pre class="result"${focusOf(json)}><code class="hljs">${code}</code></pre>`;
}

/**
 * A figure's place: the link to its file, then a box with the picture, which is what shows without
 * JavaScript and on paper, and the place that the page's script draws the live figure in. The box
 * scrolls sideways where the screen is narrower than a figure that can be read.
 */
function renderFigure(named: NamedFigure, context: OutputContext): Html {
  const {name, title, figure} = named;
  const {assets, onProblem, pictures} = context;
  const png = pictures.get(name);
  const height = figureHeight(figure);
  const picture =
    png === undefined
      ? html`<p class="note no-picture">“${title}” has no picture; JavaScript draws it.</p>`
      : html`<img class="still" alt="${title}"
src="${assets.picture({stem: name, type: "image/png", content: png})}">`;
  const link =
    png && html`<a class="png js-only" download="${name}.png" title="Save as PNG">PNG</a>`;
  const warnings = figureProblems(named).map((problem) => {
    onProblem(problem);
    return html`<p class="warning" role="note">${problem}</p>`;
  });
  return html`<figure class="plot" data-figure="${name}" aria-label="${title}"><div
class="plot-line">${link}</div><div class="plot-box" tabindex="0">${picture}<div
class="live" style="height:${height}px" hidden></div></div>${warnings}</figure>`;
}
