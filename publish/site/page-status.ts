import type {PageStatus} from "../render/page-input.js";
import type {SiteEntry} from "./site-entry.js";

/** How the run of a page ended, with the reason where it failed. */
export type WhatPageSays = Pick<SiteEntry, "status" | "failure">;

const statuses: Readonly<Record<PageStatus, SiteEntry["status"]>> = {
  ok: "ok",
  failed: "cell-failed",
  "render-failed": "render-failed",
  unknown: "unknown",
};

/** Pages have had this banner before they had a status of their own. */
const banner = /<div class="banner" role="alert"><strong>([^<]+)<\/strong>\s*([^<]*)/;
const tabMark = /^Failed: /;

/**
 * What a page says of its run. One that this package made names it in its head, or shows it in its
 * banner when it is an older one; any other page says nothing.
 */
export function whatPageSays(html: string): WhatPageSays {
  const head = /<meta name="reckon-status" content="([a-z-]+)">/.exec(headOf(html))?.[1];
  const [, headline, reason = ""] = banner.exec(html) ?? [];
  const status = isStatus(head) ? statuses[head] : statusOfBanner(headline);
  const isFailed = status !== "ok" && status !== "unknown";
  return {status, failure: isFailed ? unescaped(reason).trim() || null : null};
}

/** The title of a page; one of a failed run without what marks its tab. */
export function titleOfPage(html: string): string | undefined {
  const text = /<title>([^<]{1,300})<\/title>/i.exec(html)?.[1];
  const title = text === undefined ? "" : unescaped(text).trim();
  const isMarked = whatPageSays(html).status === "cell-failed";
  return (isMarked ? title.replace(tabMark, "") : title) || undefined;
}

/** What cells put out stands in the body and is not asked. */
function headOf(html: string): string {
  const end = html.search(/<\/head>|<body/i);
  return end < 0 ? "" : html.slice(0, end);
}

function isStatus(text: string | undefined): text is PageStatus {
  return text !== undefined && Object.hasOwn(statuses, text);
}

function statusOfBanner(headline: string | undefined): SiteEntry["status"] {
  if (headline === "This run failed.") return "cell-failed";
  return headline === "This page could not be made." ? "render-failed" : "unknown";
}

function unescaped(text: string): string {
  const entities: Record<string, string> = {amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'"};
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] as string);
}
