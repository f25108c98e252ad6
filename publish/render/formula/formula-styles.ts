import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {templateText} from "../template-files.js";

const require = createRequire(import.meta.url);

/** Each font of KaTeX, and the classes in a page's HTML that ask for it. */
const fonts: readonly (readonly [face: string, classes: RegExp])[] = [
  ["Main-Regular", /katex/],
  ["Math-Italic", /mathnormal/],
  ["Main-Italic", /mathit|textit/],
  ["Main-Bold", /mathbf|textbf/],
  ["Main-BoldItalic", /textbf.*textit|textit.*textbf/],
  ["Math-BoldItalic", /boldsymbol/],
  ["AMS-Regular", /amsrm|mathbb|textbb/],
  ["Caligraphic-Regular", /mathcal/],
  ["Caligraphic-Bold", /mathcal.*textbf|textbf.*mathcal/],
  ["Fraktur-Regular", /mathfrak|textfrak/],
  ["Fraktur-Bold", /mathboldfrak|textboldfrak/],
  ["Typewriter-Regular", /mathtt|texttt/],
  ["Script-Regular", /mathscr|textscr/],
  ["SansSerif-Regular", /mathsf|textsf/],
  ["SansSerif-Bold", /mathboldsf|textboldsf|textsf.*textbf|textbf.*textsf/],
  ["SansSerif-Italic", /mathitsf|mathsfit|textitsf|textsf.*textit|textit.*textsf/],
  ["Size1-Regular", /delimsizing size1|delim-size1|small-op/],
  ["Size2-Regular", /delimsizing size2|large-op/],
  ["Size3-Regular", /delimsizing size3/],
  ["Size4-Regular", /delimsizing size4|delim-size4/],
];

/**
 * The style sheet of formulas with their fonts inside.
 *
 * @param markup HTML of the page; only fonts that it asks for are put in. All are without it.
 */
export function formulaStyles(markup?: string): string {
  const folder = dirname(require.resolve("katex/dist/katex.min.css"));
  const styles = readFileSync(join(folder, "katex.min.css"), "utf8");
  const classes =
    markup && [...markup.matchAll(/class="([^"]*)"/g)].map(([, one]) => one).join(" ");
  const embedded = styles.replace(/@font-face\{[^}]*\}/g, (rule) => {
    const face = /KaTeX_(\w+-\w+)\.woff2/.exec(rule)?.[1] ?? "";
    const pattern = fonts.find(([name]) => name === face)?.[1];
    if (classes !== undefined && pattern?.test(classes) !== true) return "";
    const font = readFileSync(join(folder, "fonts", `KaTeX_${face}.woff2`)).toString("base64");
    return rule.replace(/src:[^;}]*/, `src:url(data:font/woff2;base64,${font}) format("woff2")`);
  });
  return `${embedded}\n${templateText("formula.css")}`;
}
