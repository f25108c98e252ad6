import {createHash} from "node:crypto";

/** Plotly is long, and its pages are many. */
const known = new Map<string, string>();
const mostKnown = 100;

/** How a content security policy names an inline script: `sha256-…`, without quotes. */
export function scriptHash(text: string): string {
  const found = known.get(text);
  if (found !== undefined) return found;
  const hash = `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
  if (known.size < mostKnown) known.set(text, hash);
  return hash;
}
