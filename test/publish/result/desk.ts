import {existsSync} from "node:fs";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Cell, Output} from "../../../publish/notebook/file/nbformat.js";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {exitCodeOf, type RunOutcome} from "../../../publish/notebook/run-outcome.js";
import type {FigurePainter} from "../../../publish/render/picture/figure-painter.js";
import {publishNotebook} from "../../../publish/result/publish-notebook.js";
import type {
  PublishEffects,
  PublishRequest,
  PublishResult,
} from "../../../publish/result/publish-request.js";
import type {Provenance} from "../../../publish/result/record/provenance.js";
import {writeWhole} from "../../../publish/whole-file.js";
import {code, figureOutput, lineFigure, notebookOf, text} from "../render/sample-notebook.js";

/** The wall clock of these runs. */
export const startedAt = Date.UTC(2025, 8, 2, 0, 1, 12);

const error = {
  ename: "TypeError",
  evalue: "x is not a function",
  traceback: ["> x()"],
  line: 1,
  column: 1,
  late: false,
};
const errorOutput: Output = {output_type: "error", ...error} as Output;

/** A run as the runner would report it. */
export function outcomeOf(cells: Cell[], part: Partial<RunOutcome> = {}): RunOutcome {
  const {status = "ok"} = part;
  return {
    status,
    exitCode: exitCodeOf[status],
    notebook: notebookOf(...cells),
    cells: cells.map((_, index) => ({
      index,
      id: `c${index}`,
      name: `cell ${index + 1}`,
      title: "PnL",
      status: "ok",
      startedAt,
      durationMs: 10.4,
      error: null,
    })),
    failure: null,
    parameters: [
      {name: "model", type: "string", comment: "", value: "C1", given: true, origin: "caller"},
    ],
    results: {pnl: 1.5},
    startedAt,
    durationMs: 3_200,
    kernel: null,
    ...part,
  };
}

export const good = () =>
  outcomeOf([text("# PnL"), code("show(f)", [figureOutput(lineFigure("Net PnL"))])]);
export const failed = () =>
  outcomeOf([text("# PnL"), code("x()", [errorOutput])], {
    status: "cell-failed",
    failure: {cellIndex: 1, message: "cell 2 (PnL) failed: TypeError: x is not a function", error},
  });

/** Where these runs came from. */
export const provenance: Provenance = {
  gitCommit: "0123abc",
  gitDirty: false,
  lockFileSha256: null,
  host: "desk-1",
};

const painter: FigurePainter = {paint: async () => Buffer.from("no real PNG"), warm: () => {}};

/** The world with a run that is known beforehand and no browser. */
export function worldOf(outcome: RunOutcome, part: Partial<PublishEffects> = {}): PublishEffects {
  return {
    runNotebook: async ({onEvent}) => {
      onEvent?.({type: "kernel-started", pid: 7, durationMs: 900});
      return outcome;
    },
    writeFile: writeWhole,
    withPainter: (use) => use(painter),
    readProvenance: async () => provenance,
    ...part,
  };
}

/** A folder of its own for one test, with a notebook in it. */
export interface Desk {
  readonly folder: string;
  readonly dstDir: string;
  readonly notebookPath: string;
  publish(effects: PublishEffects, part?: Partial<PublishRequest>): Promise<PublishResult>;
  /** Text of a file below `dstDir`. */
  read(...path: string[]): Promise<string>;
  hasMarker(): boolean;
  /** Saves a notebook of these cells and returns its path. */
  save(name: string, ...cells: Cell[]): Promise<string>;
  remove(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), "reckon-publish-"));
  const dstDir = join(folder, "dst");
  const save = async (name: string, ...cells: Cell[]) => {
    const path = join(folder, `${name}.ipynb`);
    const named = cells.map((cell, i) => ({...cell, id: `cell-${i}`}));
    await writeFile(path, formatNotebook(notebookOf(...named)));
    return path;
  };
  const notebookPath = await save("pnl", text("# PnL"), code("1"));
  return {
    folder,
    dstDir,
    notebookPath,
    publish: (effects, part = {}) =>
      publishNotebook({notebookPath, dstDir, now: () => startedAt, ...part}, effects),
    read: (...path) => readFile(join(dstDir, ...path), "utf8"),
    hasMarker: () => existsSync(join(dstDir, "result_0", "success.txt")),
    save,
    remove: () => rm(folder, {recursive: true, force: true}),
  };
}
