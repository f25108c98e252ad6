import {inspect} from "node:util";

/** Pieces of base64 that are shorter could be part of a picture by chance. */
const shortestPiece = 6;
/** Lines of a secret of several lines, as of a key file; shorter ones say nothing. */
const shortestLine = 8;

/**
 * The texts that give a secret away: itself and what JSON, URLs, HTML, `console.log`, hexadecimal
 * and base64 make of it, the latter also where the secret is part of a longer encoded text. The
 * longest come first.
 */
export function secretForms(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= shortestLine);
  const forms = [secret, secret.trim(), ...lines].flatMap((text) => [
    ...plainForms(text),
    ...encodedForms(Buffer.from(text)),
  ]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function plainForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, toJsonEscape);
  const url = encodeURIComponent(text);
  return [
    text,
    json,
    ascii,
    json.replaceAll('\\"', '"'),
    json.replaceAll("'", "\\'"),
    JSON.stringify(json).slice(1, -1),
    json.replace(/[<>&\u2028\u2029]/g, toJsonEscape),
    inspect(text).slice(1, -1),
    url,
    url.replace(/%../g, (code) => code.toLowerCase()),
    encodeURI(text),
    new URLSearchParams({a: text}).toString().slice("a=".length),
    ...htmlForms(text),
  ];
}

function toJsonEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Writers of HTML agree on `&amp;` and `&lt;` only. */
function htmlForms(text: string): string[] {
  const content = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const quotes = [
    ["&quot;", "&#39;"],
    ["&#34;", "&#39;"],
    ["&quot;", "&#x27;"],
    ["&quot;", "&apos;"],
    ["&quot;", "'"],
  ] as const;
  return [
    content,
    ...quotes.map(([double, single]) => content.replaceAll('"', double).replaceAll("'", single)),
  ];
}

function encodedForms(bytes: Buffer): string[] {
  const hex = bytes.toString("hex");
  const pieces = [0, 1, 2].map((before) => base64Piece(bytes, before));
  const base64 = [bytes.toString("base64"), ...pieces.filter((p) => p.length >= shortestPiece)];
  const forUrls = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  const inUrls = base64.map((text) => encodeURIComponent(text));
  return [hex, hex.toUpperCase(), ...base64, ...forUrls, ...inUrls];
}

/** The characters that the bytes alone decide when `before` bytes stand in front of them. */
function base64Piece(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
  const start = Math.ceil((before * 8) / 6);
  const end = Math.floor(((before + bytes.length) * 8) / 6);
  return text.slice(start, end);
}
