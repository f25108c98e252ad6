import {createRequire} from "node:module";
import type {KatexOptions} from "katex";
import {Html, html} from "../markup.js";

const require = createRequire(import.meta.url);

/**
 * What a formula may do: nothing but be drawn. `trust` would allow links, pictures and styles of
 * its own; size and expansion are bounded, so that it covers and stalls no page.
 */
const options: KatexOptions = {
  trust: false,
  strict: false, // characters beyond TeX's are drawn, without a complaint on the console
  maxSize: 20,
  maxExpand: 500,
  output: "htmlAndMathml",
  errorColor: "var(--error)",
};

/** A formula in TeX as HTML; one that TeX would refuse is shown as it was written, with why. */
export function renderFormula(tex: string, isDisplay: boolean): Html {
  const {renderToString} = require("katex") as typeof import("katex").default;
  try {
    return new Html(renderToString(tex, {...options, displayMode: isDisplay}));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return html`<code class="formula-error" title="${reason}">${tex}</code>`;
  }
}

/** Whether HTML of a page holds a formula; no other source may use this class. */
export function holdsFormula({text}: Html): boolean {
  return text.includes('<span class="katex');
}
