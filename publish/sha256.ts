import {createHash} from "node:crypto";

/** Of a text (its UTF-8) or of bytes, as 64 hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The first 16 digits: enough to name a file by its content. */
export function shortSha256(content: string | Uint8Array): string {
  return sha256(content).slice(0, 16);
}
