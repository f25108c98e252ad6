import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import {Eta} from "eta";
import {packageRoot} from "../kernel/package-root.js";

const require = createRequire(import.meta.url);
const eta = new Eta({autoEscape: true});
const texts = new Map<string, string>();

/** The text of a file in `templates/`, read once. */
export function templateText(name: string): string {
  return cached(name, () => join(packageRoot, "templates", name));
}

/** A file of `templates/` filled with `data`; `<%= %>` escapes, `<%~ %>` does not. */
export function fillTemplate(name: string, data: object): string {
  return eta.renderString(templateText(name), data);
}

/** Where plotly's one-file build lies. */
export function plotlyPath(): string {
  return require.resolve("plotly.js-dist-min/plotly.min.js");
}

/** Plotly's one-file build, 4.8 MB, read once. */
export function plotlyText(): string {
  return cached("plotly", plotlyPath);
}

/** With the line ends that a browser hashes a script with, however the file was checked out. */
function cached(key: string, path: () => string): string {
  const text = texts.get(key) ?? readFileSync(path(), "utf8").replace(/\r\n/g, "\n");
  texts.set(key, text);
  return text;
}
