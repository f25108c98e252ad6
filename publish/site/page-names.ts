import {PublishError} from "../errors.js";
import {fileStamp} from "../result/result-folder.js";
import {checkName, encodeName} from "../storage/storage-key.js";

/** What a page is called by. */
export interface NamedPage {
  /** The notebook's name; odd characters are encoded. */
  readonly notebook: string;
  readonly tag?: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** `{notebook}.{YYYYMMDD-HHMMSS}[.{tag}].html`; the second page of a second has `-2` there. */
export function pageName({notebook, tag, at}: NamedPage, attempt = 1): string {
  const stamp = attempt === 1 ? fileStamp(at) : `${fileStamp(at)}-${attempt}`;
  return `${encodeName(notebook)}.${stamp}${tagPart(tag)}.html`;
}

/** `{notebook}[.{tag}].latest.html` and `….latest-success.html`. */
export function latestName(
  {notebook, tag}: Pick<NamedPage, "notebook" | "tag">,
  which: "latest" | "latest-success",
): string {
  return `${encodeName(notebook)}${tagPart(tag)}.${which}.html`;
}

/** Whether a name is one that `pageName` gives. */
export function isPageName(name: string): boolean {
  return /\.\d{8}-\d{6}(-\d+)?(\.[^/]+)?\.html$/.test(name);
}

/** @throws PublishError `bad-parameter` for a tag that no file name can hold */
export function checkTag(tag: string | undefined): void {
  if (tag !== undefined && tag !== "") checkName(tag, "tag");
}

/**
 * A name under which the newest page shall stand, with its ending.
 *
 * @throws PublishError `bad-parameter` for one that no file can have, or that the site uses itself
 */
export function stableName(name: string): string {
  const file = checkName(/\.html$/i.test(name) ? name : `${name}.html`, "stable name");
  if (file.toLowerCase() !== "index.html" && !isPageName(file)) return file;
  const message = `stable name "${file}": expected one of your own, found one that the site uses`;
  throw new PublishError("bad-parameter", `${message}; choose another`);
}

function tagPart(tag: string | undefined): string {
  return tag === undefined || tag === "" ? "" : `.${tag}`;
}
