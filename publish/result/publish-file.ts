import {readFile} from "node:fs/promises";
import {basename, extname} from "node:path";
import {PublishError} from "../errors.js";
import {parseNotebook, whyUnread} from "../notebook/file/read-notebook.js";
import {renderPage} from "../render/page.js";
import {withFigurePainter} from "../render/picture/figure-painter.js";
import {noticesOf, paintFigures} from "../render/picture/figures.js";
import {aheadPainter} from "../render/picture/paint-ahead.js";
import {titleOfPage, whatPageSays} from "../site/page-status.js";
import {assetsFolder, pictureFile} from "../site/picture-file.js";
import type {PageFacts, SharedFile} from "../site/publish-page.js";
import {isNoFailure} from "../site/site-entry.js";
import {endInNotebook, endInRecord, pageInputOf} from "./notebook-end.js";
import {pictureReader} from "./notebook-picture.js";
import {recordOf} from "./record/record-beside.js";
import type {RunRecord} from "./record/run-record-schema.js";

/** A page that was made elsewhere, or is made of an executed notebook. */
export interface PageOfFile {
  /** All in one file. */
  readonly html: string;
  /** The same with its large parts beside it. */
  readonly shared: {readonly html: string; readonly files: readonly SharedFile[]};
  readonly thumbnail: string | undefined;
  readonly facts: PageFacts;
  /** What could not be shown as the notebook meant it. */
  readonly problems: readonly string[];
}

/**
 * Reads a page, or renders an executed notebook. What is known of the run comes from the record
 * beside the file, when that lists the file as it is; else a page that this package made says it
 * itself, and so does a notebook: by a mark, or by the error of a cell. Of other files nobody knows
 * how they came to be. Whether all of a notebook is shown is seen here, whatever an earlier page of
 * it lacked.
 *
 * @throws PublishError `bad-notebook` when the file is neither, or holds a notebook that never ran
 */
export async function pageOfFile(path: string, now: number): Promise<PageOfFile> {
  const ending = extname(path).toLowerCase();
  if (![".ipynb", ".html", ".htm"].includes(ending)) {
    throw fault(path, "an executed .ipynb or a page .html", `"${ending || "no ending"}"`);
  }
  const content = await readFile(path).catch((cause: Error) => {
    throw fault(path, "a file that can be read", whyUnread(cause));
  });
  const record = await recordOf(path, content);
  return ending === ".ipynb"
    ? await ofNotebook(path, {text: content.toString("utf8"), record, now})
    : ofPage(path, {html: content.toString("utf8"), record, now});
}

interface FileSource {
  readonly record: RunRecord | undefined;
  readonly now: number;
}

function ofPage(
  path: string,
  {html, record, now}: FileSource & {readonly html: string},
): PageOfFile {
  if (!/<(html|body|!doctype|p|h1|div)[\s>]/i.test(html)) throw fault(path, "a page", "no HTML");
  const name = record?.name ?? plainName(path);
  const title = titleOfPage(html) ?? name;
  const shared = {html, files: []};
  const told = record && {status: record.status, failure: record.failure?.message ?? null};
  const said = {name, title, ...(told ?? whatPageSays(html))};
  const facts = factsOf(said, {record, now, problems: []});
  return {html, shared, thumbnail: undefined, facts, problems: []};
}

async function ofNotebook(
  path: string,
  {text, record, now}: FileSource & {readonly text: string},
): Promise<PageOfFile> {
  const notebook = parseNotebook(text, path);
  const code = notebook.cells.filter((cell) => cell.cell_type === "code");
  if (
    code.every(({outputs, execution_count}) => outputs.length === 0 && execution_count === null)
  ) {
    const found = "a notebook that never ran";
    throw fault(
      path,
      "an executed notebook",
      `${found}; reckon notebook run runs and publishes it`,
    );
  }
  const name = record?.name ?? plainName(path);
  const painted = await withFigurePainter((painter) =>
    paintFigures(notebook, aheadPainter(painter)),
  );
  const run = record === undefined ? endInNotebook(notebook) : endInRecord(record);
  const input = {
    notebook,
    name,
    pictures: painted.pictures,
    notices: noticesOf(painted),
    readPicture: pictureReader(path, record),
    ...pageInputOf(run),
  };
  const whole = renderPage(input);
  const page = renderPage({...input, share: {base: assetsFolder}});
  const pictures = [...painted.pictures].slice(0, 1).map(([stem, png]) => pictureFile(stem, png));
  const files = page.files.map(({name: file, bytes}) => ({
    key: `${assetsFolder}${file}`,
    content: bytes,
  }));
  const {status, failure = {message: null}} = run;
  const said = {name, title: page.title, status, failure: failure.message};
  const problems = [...painted.problems, ...page.problems];
  return {
    html: whole.html,
    shared: {html: page.html, files: [...files, ...pictures]},
    thumbnail: pictures[0]?.key,
    facts: factsOf(said, {record, now, problems}),
    problems,
  };
}

interface Said {
  readonly name: string;
  readonly title: string;
  readonly status: PageFacts["status"];
  readonly failure: string | null;
}

/** What the page lacks is known here. */
function factsOf(
  {name, title, status, failure}: Said,
  {record, now, problems}: FileSource & {readonly problems: readonly string[]},
): PageFacts {
  const parameters = (record?.parameters ?? []).filter(({value}) => value !== undefined);
  return {
    notebook: name,
    title,
    status: problems.length > 0 && isNoFailure(status) ? "render-failed" : status,
    failure,
    runId: record?.runId ?? null,
    startedAt: record === undefined ? now : Date.parse(record.startedAt),
    durationMs: record?.durationMs ?? null,
    parameters: parameters.map(({name: key, value}) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  };
}

/** `pnl` of `pnl.0.20250902-000112.html`, `pnl.0.ipynb` and `pnl.ipynb`. */
function plainName(path: string): string {
  const stem = basename(path, extname(path));
  return stem.replace(/\.\d{8}-\d{6}(\..*)?$/, "").replace(/\.\d+$/, "") || stem;
}

function fault(path: string, expected: string, found: string): PublishError {
  return new PublishError("bad-notebook", `${path}: expected ${expected}, found ${found}`);
}
