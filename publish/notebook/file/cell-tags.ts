import {PublishError} from "../../errors.js";
import {nearestName} from "../nearest-name.js";
import {cellNames} from "./cell-title.js";
import type {Cell, Notebook} from "./nbformat.js";

/** The tags that running and publishing act on. */
export const knownTags = {
  parameters: "declares the parameters",
  "injected-parameters": "sets them for one run; made anew by each",
  skip: "the cell is kept and not run",
  "raises-exception": "the cell must fail",
  "timeout=5s": "the cell may take so many seconds",
  "no-cache": "the notebook is run even where a result of it is kept",
  "hide-input": "the page leaves out the code",
  "hide-output": "the page leaves out the output",
  "hide-cell": "the page leaves out the cell",
} as const;

/** Which cells of a run are passed over, beside those tagged `skip`. */
export interface TagChoice {
  /** Cells with any of these tags. */
  readonly skipTags?: readonly string[];
  /** Cells with none of these tags; those that set parameters run all the same. */
  readonly onlyTags?: readonly string[];
}

/** Whether a code cell with these tags is passed over. */
export function isPassedOver(tags: readonly string[], {skipTags = [], onlyTags}: TagChoice) {
  const has = (names: readonly string[]) => tags.some((tag) => names.includes(tag));
  const setsParameters = has(["parameters", "injected-parameters"]);
  const isLeftOut = onlyTags !== undefined && onlyTags.length > 0 && !has(onlyTags);
  return has(["skip", ...skipTags]) || (isLeftOut && !setsParameters);
}

/** The seconds of `timeout=5s`, in milliseconds; undefined without such a tag. */
export function timeoutOf({metadata}: Cell): number | undefined {
  const seconds = metadata.tags?.map((tag) => timeoutTag.exec(tag)?.[1]).find(Boolean);
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/**
 * Refuses tags that say nothing as they are written but almost do: a misspelt `skip` would run the
 * cell. A tag of the notebook's own stands far enough from the known ones.
 *
 * @param path names the notebook in complaints
 * @throws PublishError `bad-notebook`; `bad-parameter` for a chosen tag that no cell has
 */
export function checkTags(notebook: Notebook, path: string, choice: TagChoice = {}): void {
  const names = cellNames(notebook);
  const complaints = notebook.cells.flatMap((cell, index) =>
    (cell.metadata.tags ?? []).flatMap((tag) =>
      complainOf(tag).map((text) => `${path}: ${names[index]}: ${text}`),
    ),
  );
  if (complaints.length > 0) {
    throw new PublishError("bad-notebook", complaints.join("\n"));
  }
  const tags = new Set(notebook.cells.flatMap(({metadata}) => metadata.tags ?? []));
  const {onlyTags = [], skipTags = []} = choice;
  const unknown = [...skipTags, ...onlyTags].filter((tag) => !tags.has(tag));
  if (unknown.length > 0) {
    const text = unknown.map((tag) => `${path}: tag ${tag}: ${noCellHas(tag, tags)}`).join("\n");
    throw new PublishError("bad-parameter", text);
  }
}

const timeoutTag = /^timeout=(\d*\.?\d+)s$/;

function complainOf(tag: string): string[] {
  if (Object.hasOwn(knownTags, tag) || timeoutTag.test(tag)) return [];
  const [name = "", ...value] = tag.split("=");
  const isTimeout = value.length > 0 && nearestName(name, ["timeout"]) !== undefined;
  const seconds = Number.parseFloat(value.join("="));
  const timeout = Number.isFinite(seconds) ? `timeout=${seconds}s` : "timeout=5s";
  const near = isTimeout ? timeout : nearestName(tag, Object.keys(knownTags));
  return near === undefined
    ? []
    : [`expected a known tag, found "${tag}"; did you mean "${near}"?`];
}

function noCellHas(tag: string, tags: ReadonlySet<string>): string {
  const near = nearestName(tag, tags);
  const list = tags.size === 0 ? "a notebook with tags" : `one of ${[...tags].join(", ")}`;
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return `expected ${list}, found a tag that no cell has${hint}`;
}
