import {createHash} from "node:crypto";

/** How a content security policy names an inline script: `sha256-…`, without quotes. */
export function scriptHash(text: string): string {
  return `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
}
