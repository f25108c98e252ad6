import {escapeHtml, scriptJson} from "../../render/markup.js";
import {scriptHash} from "../../render/script-hash.js";
import {fillTemplate, templateText} from "../../render/template-files.js";
import {readableDuration, readableTime} from "../../result/result-folder.js";
import {latestName} from "../page-names.js";
import type {SiteConfig} from "../site-config.js";
import {type EntryStatus, isNoFailure, isSuccess, type SiteEntry} from "../site-entry.js";

/** How many runs stand in the page without JavaScript, and how many more each step shows. */
const shownAtOnce = 100;

/** A run as the page's script knows it. */
interface IndexRow {
  readonly state: "ok" | "failed" | "unknown";
  /** The status in words. */
  readonly said: string;
  readonly notebook: string;
  readonly title: string;
  readonly tag: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly time: string;
  readonly ms: number | null;
  readonly took: string;
  readonly href: string;
  readonly picture: string | null;
  readonly failure: string | null;
  readonly parameters: readonly (readonly [string, string])[];
  /** The promoted parameters, in the order of the columns. */
  readonly columns: readonly string[];
}

const words: Readonly<Partial<Record<EntryStatus, string>>> = {
  ok: "ok",
  "publish-failed": "ok",
  unknown: "not known",
  running: "not ended",
  "cell-failed": "cell failed",
  "cell-timeout": "cell timeout",
  "notebook-timeout": "timeout",
  "kernel-died": "kernel died",
  "output-incomplete": "output incomplete",
  "kernel-not-started": "no kernel",
  "render-failed": "not all shown",
};

/** The mark by which an index is known as one that this package made. */
export const indexMark = '<meta name="generator" content="reckon site">';

/** The page of all runs. What needs a person comes first: notebooks whose newest run failed. */
export function renderSiteIndex(entries: readonly SiteEntry[], config: SiteConfig): string {
  const columns = config.columns.filter((name) =>
    entries.some(({parameters}) => parameters.some(([key]) => key === name)),
  );
  const rows = entries.map((entry) => toRow(entry, columns));
  const script = templateText("site-index.js");
  const theme = templateText("report-theme.js");
  const failed = rows.filter(({state}) => state === "failed").length;
  return fillTemplate("site-index.html", {
    title: config.title,
    mark: indexMark,
    policy: [
      "default-src 'none'",
      `script-src '${scriptHash(theme)}' '${scriptHash(script)}'`,
      "style-src 'unsafe-inline'",
      "img-src 'self' data:",
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; "),
    styles: `${templateText("report.css")}\n${templateText("site-index.css")}`,
    theme,
    script,
    broken: brokenNow(entries),
    columns,
    rows: rows.slice(0, shownAtOnce),
    total: rows.length,
    failed,
    notebooks: [...new Set(entries.map(({notebook}) => notebook))].sort(),
    newest: entries[0] === undefined ? null : readableTime(Date.parse(entries[0].startedAt)),
    data: scriptJson({columns, shownAtOnce, rows}),
  });
}

/** A notebook whose newest run failed, with the way to its last good page. */
interface Broken {
  readonly title: string;
  readonly notebook: string;
  readonly tag: string;
  readonly said: string;
  readonly failure: string;
  readonly time: string;
  readonly href: string;
  readonly lastGood: {readonly href: string; readonly time: string} | null;
}

function brokenNow(entries: readonly SiteEntry[]): Broken[] {
  const seen = new Map<string, SiteEntry[]>();
  for (const entry of entries) {
    const series = JSON.stringify([entry.notebook, entry.tag]);
    const runs = seen.get(series);
    if (runs === undefined) seen.set(series, [entry]);
    else runs.push(entry);
  }
  return [...seen.values()]
    .filter(([newest]) => newest !== undefined && !isNoFailure(newest.status))
    .map(([newest, ...older]) => toBroken(newest as SiteEntry, older));
}

function toBroken(entry: SiteEntry, older: readonly SiteEntry[]): Broken {
  const {failure, notebook, page, startedAt, status, tag, title} = entry;
  const good = older.find((each) => isSuccess(each.status));
  return {
    title,
    notebook,
    tag: tag ?? "",
    said: words[status] ?? status,
    failure: failure ?? "",
    time: readableTime(Date.parse(startedAt)),
    href: hrefOf(page),
    lastGood: good
      ? {
          href: hrefOf(latestName({notebook, tag: tag ?? undefined}, "latest-success")),
          time: readableTime(Date.parse(good.startedAt)),
        }
      : null,
  };
}

function toRow(entry: SiteEntry, columns: readonly string[]): IndexRow {
  const {durationMs, failure, notebook, page, parameters, startedAt, status, tag, title} = entry;
  const at = Date.parse(startedAt);
  const values = new Map(parameters);
  return {
    state: isSuccess(status) ? "ok" : isNoFailure(status) ? "unknown" : "failed",
    said: words[status] ?? status,
    notebook,
    title,
    tag: tag ?? "",
    at,
    time: startedAt.slice(0, 16).replace("T", " "),
    ms: durationMs,
    took: durationMs === null ? "" : readableDuration(durationMs),
    href: hrefOf(page),
    picture: entry.thumbnail === null ? null : hrefOf(entry.thumbnail),
    failure,
    parameters: parameters.filter(([name, value]) => !columns.includes(name) && isSet(value)),
    columns: columns.map((name) => values.get(name) ?? ""),
  };
}

/** Relative, so that the site may lie anywhere; each part is encoded. */
function hrefOf(key: string): string {
  return escapeHtml(key.split("/").map(encodeURIComponent).join("/"));
}

/** What a parameter without a value is written as. */
const UNSET = ["", "null", "[]"];

function isSet(value: string): boolean {
  return !UNSET.includes(value);
}
