import {PublishError} from "../errors.js";

/** Longest name that common file systems take, in bytes. */
const longestName = 255;

/** Path separators, what file systems or addresses treat apart, and what cannot be seen. */
const oddCharacter = /[\\/:*?"<>|%#\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/**
 * Returns a key that stays below the root, in the file system as in an address.
 *
 * @throws PublishError `bad-parameter`
 */
export function checkKey(key: string): string {
  for (const part of key.split("/")) {
    const fault = faultOf(part, {isEncoded: true});
    if (fault !== undefined) throw badName("key", key, fault);
  }
  return key;
}

/**
 * Returns a name that a person chose, when a file can have it as it is.
 *
 * @throws PublishError `bad-parameter` naming what it is for
 */
export function checkName(name: string, purpose: string): string {
  const fault = name.startsWith(".") ? "a dot in front" : faultOf(name);
  if (fault !== undefined) throw badName(purpose, name, fault);
  return name;
}

/** Any text as a name: odd characters, and a dot in front, become `%XX`; no two texts collide. */
export function encodeName(text: string): string {
  const odd = new RegExp(oddCharacter, "gu");
  return text.replace(odd, percent).replace(/^\./, "%2E");
}

function percent(character: string): string {
  const bytes = [...Buffer.from(character)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

function faultOf(name: string, {isEncoded = false} = {}): string | undefined {
  if (name === "") return "an empty name";
  if (name === "." || name === "..") return "a way out of the folder";
  if (Buffer.byteLength(name) > longestName) return `more than ${longestName} bytes`;
  if (/^\s|[\s.]$/u.test(name)) return "a blank or a dot at an end";
  const checked = isEncoded ? name.replace(/%[0-9A-F]{2}/g, "") : name;
  const odd = oddCharacter.exec(checked)?.[0];
  return odd === undefined ? undefined : `${JSON.stringify(odd)} in it`;
}

function badName(purpose: string, name: string, fault: string): PublishError {
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  const fix = "use letters, digits, and . _ -";
  return new PublishError(
    "bad-parameter",
    `${purpose} ${shown}: expected a plain file name, found ${fault}; ${fix}`,
  );
}
