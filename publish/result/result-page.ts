import {dirname, isAbsolute, relative, sep} from "node:path";
import type {RunOutcome} from "../notebook/run-outcome.js";
import {type Page, renderPage} from "../render/page.js";
import type {PageShare} from "../render/page-assets.js";
import type {PageInput} from "../render/page-input.js";
import {noticesOf, type Pictures} from "../render/picture/figures.js";
import {fillTemplate, templateText} from "../render/template-files.js";
import {readPicture} from "./notebook-picture.js";
import {parameterValues} from "./record/config-files.js";
import type {Provenance} from "./record/provenance.js";
import {shownPath, versionsOf} from "./record/run-record.js";
import {readableDuration, readableTime} from "./result-folder.js";

export interface ResultPageInput {
  readonly name: string;
  readonly notebookPath: string;
  readonly outcome: RunOutcome;
  readonly painted: Pictures;
  readonly provenance: Provenance;
  /** Values that are paths below this folder are shown relative to it. */
  readonly pathRoot?: string | undefined;
  /** What the log says so far; shown when there is nothing better. */
  readonly logText: () => string;
  /** For a page that finds its large parts in files beside it; without it the page holds all. */
  readonly share?: PageShare;
}

/**
 * The page of one run. Where it cannot be made at all, a page that says so with the log: somebody
 * waits for an answer at this address.
 */
export function makePage(input: ResultPageInput): Page {
  try {
    const page = renderPage(toPageInput(input));
    return {...page, problems: [...input.painted.problems, ...page.problems]};
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const html = fillTemplate("failed.html", {
      name: input.name,
      message,
      notebook: `${input.name}.ipynb`,
      status: input.outcome.status === "ok" ? "render-failed" : "failed",
      log: input.logText(),
      styles: templateText("report.css"),
    });
    const problems = [`page: expected to render it, found ${message}`];
    return {title: input.name, html, problems, files: []};
  }
}

function toPageInput({
  name,
  outcome,
  painted,
  notebookPath,
  provenance,
  pathRoot,
  share,
}: ResultPageInput): PageInput {
  const {notebook, cells, failure, startedAt, durationMs} = outcome;
  const time = readableTime(startedAt);
  return {
    notebook,
    name,
    cells: cells.map(({status}) => status),
    parameters: shownValues(parameterValues(outcome.parameters), pathRoot),
    status: outcome.status === "ok" ? "ok" : "failed",
    ...failureOf(failure),
    byline: `Ran ${time} in ${readableDuration(durationMs)}`,
    provenance: [
      ["Notebook", shownPath(notebookPath)],
      ["Ran at", time],
      ["Duration", readableDuration(durationMs)],
      ...commitRow(provenance),
      ...Object.entries(versionsOf(outcome)),
    ],
    pictures: painted.pictures,
    notices: noticesOf(painted),
    readPicture: (address) => readPicture(dirname(notebookPath), address),
    ...(share && {share}),
  };
}

function commitRow({gitCommit, gitDirty}: Provenance): (readonly [string, string])[] {
  if (gitCommit === null) return [];
  const commit = gitCommit.slice(0, 12); // the record has it whole
  return [["Git commit", gitDirty === true ? `${commit}, with changes` : commit]];
}

/** Page values: a path below `root` becomes relative to it, `root` itself `.`; all else stays. */
export function shownValues(
  values: Readonly<Record<string, unknown>>,
  root: string | undefined,
): Record<string, unknown> {
  if (root === undefined) return {...values};
  const shown = Object.entries(values).map(([name, value]) => [name, shownValue(value, root)]);
  return Object.fromEntries(shown);
}

function shownValue(value: unknown, root: string): unknown {
  if (typeof value !== "string" || !isAbsolute(value)) return value;
  const local = relative(root, value);
  const isBelow = !isAbsolute(local) && local.split(sep)[0] !== "..";
  return isBelow ? local.replaceAll("\\", "/") || "." : value;
}

function failureOf(failure: RunOutcome["failure"]): Pick<PageInput, "failure"> {
  if (failure === null) return {};
  const {message, cellIndex} = failure;
  return {failure: {message, ...(cellIndex !== null && {cellIndex})}};
}
