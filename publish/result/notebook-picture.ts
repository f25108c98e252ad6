import {readFileSync} from "node:fs";
import {dirname, join, relative, resolve} from "node:path";
import {sha256} from "../sha256.js";
import {contentType} from "../storage/content-type.js";
import type {RunRecord} from "./record/run-record-schema.js";

/** A picture file as a `data:` address; only from the notebook's own folder and those below it. */
export function readPicture(folder: string, address: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return undefined;
  try {
    const path = resolve(folder, decodeURIComponent(address));
    const type = contentType(path);
    if (!type.startsWith("image/") || relative(folder, path).startsWith("..")) return undefined;
    return `data:${type};base64,${readFileSync(path).toString("base64")}`;
  } catch {
    return undefined; // the page tells which picture is missing
  }
}

/**
 * The pictures of an executed notebook, which lie beside it, or, as its result holds none, beside
 * the notebook that was run. The record names that one by a path from the folder of the run, which
 * is the present one or holds the result; its content tells that it is the one.
 */
export function pictureReader(path: string, record: RunRecord | undefined) {
  const beside = dirname(resolve(path));
  const source = record && sourceOf(beside, record);
  const folders = source === undefined ? [beside] : [beside, dirname(source)];
  return (address: string): string | undefined =>
    folders.map((folder) => readPicture(folder, address)).find((picture) => picture !== undefined);
}

function sourceOf(folder: string, {notebook}: RunRecord): string | undefined {
  return [process.cwd(), ...foldersAbove(folder)]
    .map((start) => join(start, notebook.path))
    .find((candidate) => isSame(candidate, notebook.sha256));
}

function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [] : [above, ...foldersAbove(above)];
}

function isSame(path: string, hash: string): boolean {
  try {
    return sha256(readFileSync(path, "utf8")) === hash;
  } catch {
    return false; // there is none
  }
}
