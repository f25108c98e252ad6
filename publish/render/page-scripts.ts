import {darkFigures, lightFigures} from "./figure/figure-theme.js";
import type {NamedFigure} from "./figure/notebook-figures.js";
import {scriptJson} from "./markup.js";
import type {PageAssets} from "./page-assets.js";
import {scriptHash} from "./script-hash.js";
import {plotlyText, templateText} from "./template-files.js";

/** What a page runs, and the data of its figures. Each text is empty where it is not needed. */
export interface PageScripts {
  /** Sets light or dark before anything is drawn. */
  readonly theme: string;
  readonly plotly: string;
  readonly page: string;
  /** JSON, safe inside a `<script>`: the figures, where they stand in the page. */
  readonly figures: string;
  /** JSON: how figures look in light and in dark. */
  readonly themes: string;
  /** JSON: the script files that the page's own script loads, each with its hash. */
  readonly files: string;
}

/** Figures with more data than this go into a file, where the page shares files. */
const mostInlineBytes = 100_000;

/** The scripts of a page with these figures; plotly is among them only when there is one. */
export function pageScripts(figures: readonly NamedFigure[], assets: PageAssets): PageScripts {
  const own = {theme: templateText("report-theme.js"), page: templateText("report.js")};
  if (figures.length === 0) return {...own, plotly: "", figures: "", themes: "", files: ""};
  const data = scriptJson(figures.map(({name, figure}) => ({name, ...figure})));
  const themes = scriptJson({light: lightFigures, dark: darkFigures});
  if (!assets.isShared) return {...own, plotly: plotlyText(), figures: data, themes, files: ""};
  const isLarge = data.length > mostInlineBytes;
  const files = [
    scriptFile("plotly", plotlyText(), assets),
    ...(isLarge ? [scriptFile("figures", `globalThis.__figures = ${data};\n`, assets)] : []),
  ];
  return {...own, plotly: "", figures: isLarge ? "" : data, themes, files: scriptJson(files)};
}

interface ScriptFile {
  readonly src: string;
  readonly integrity: string;
}

function scriptFile(stem: string, text: string, assets: PageAssets): ScriptFile {
  const src = assets.file({stem, type: "text/javascript", content: Buffer.from(text)});
  return {src, integrity: scriptHash(text)};
}

/**
 * Only the page's own scripts run, each known by its hash, and what they load themselves; nothing
 * else is loaded but, where the page shares files, the pictures and styles beside it.
 */
export function contentPolicy(
  {theme, plotly, page, files}: PageScripts,
  {isShared, hasFormulas}: {readonly isShared: boolean; readonly hasFormulas: boolean},
): string {
  const hashes = [theme, plotly, page].filter((text) => text !== "").map(scriptHash);
  const scripts = hashes.map((hash) => `'${hash}'`);
  const own = isShared ? " 'self'" : "";
  return [
    "default-src 'none'",
    `script-src ${[...scripts, ...(files === "" ? [] : ["'strict-dynamic'"])].join(" ")}`,
    `style-src 'unsafe-inline'${hasFormulas ? own : ""}`,
    ...(hasFormulas ? ["font-src data:"] : []),
    `img-src data: blob:${own}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
