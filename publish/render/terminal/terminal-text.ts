import {stripVTControlCharacters} from "node:util";
import {AnsiUp} from "ansi_up";
import {Html, html} from "../markup.js";
import {readableColours} from "./terminal-colours.js";

/** A page shows so many lines of one stream; the notebook file beside it always has all. */
const shownLines = 2_000;

/** Text of a terminal as HTML: its colours can be read on the page, all else is escaped. */
export function terminalHtml(text: string): Html {
  const ansi = new AnsiUp();
  ansi.use_classes = true;
  ansi.url_allowlist = {http: 1, https: 1};
  return new Html(readableColours(ansi.ansi_to_html(text)));
}

/** Text of a terminal without its colours. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text);
}

/** A stream's text; of a very long one the first and last 1,000 lines, with a notice between. */
export function streamHtml(text: string): Html {
  const lines = text.replace(/\n$/, "").split("\n");
  if (lines.length <= shownLines) return terminalHtml(lines.join("\n"));
  const half = shownLines / 2;
  const left = (lines.length - shownLines).toLocaleString("en-US");
  return html`${terminalHtml(lines.slice(0, half).join("\n"))}
<span class="left-out">… ${left} lines are not shown; the executed notebook has them …</span>
${terminalHtml(lines.slice(-half).join("\n"))}`;
}
