import {createRequire} from "node:module";
import type {HLJSApi, LanguageFn} from "highlight.js";
import {escapeHtml, Html} from "./markup.js";

const require = createRequire(import.meta.url);
const languages = ["typescript", "javascript", "json", "bash", "python", "sql", "yaml", "xml"];
let highlighter: HLJSApi | undefined;

/** Code as coloured HTML; a language that is not known stays plain. */
export function highlightCode(code: string, language: string): Html {
  highlighter ??= load();
  if (highlighter.getLanguage(language) === undefined) return new Html(escapeHtml(code));
  return new Html(highlighter.highlight(code, {language, ignoreIllegals: true}).value);
}

function load(): HLJSApi {
  const core = require("highlight.js/lib/core") as HLJSApi;
  for (const name of languages) {
    core.registerLanguage(name, require(`highlight.js/lib/languages/${name}`) as LanguageFn);
  }
  return core;
}
