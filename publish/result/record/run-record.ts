import {readFileSync} from "node:fs";
import {join, relative} from "node:path";
import {packageRoot} from "../../kernel/package-root.js";
import type {RunOutcome} from "../../notebook/run-outcome.js";
import {sha256} from "../../sha256.js";
import type {PublishStatus} from "../publish-request.js";
import type {Provenance} from "./provenance.js";
import {type RunRecord, volatileFields} from "./run-record-schema.js";

/** A file of the result, by its path inside the result folder. */
export type Artefact = RunRecord["artefacts"][number];

/** What was run, before anything is known of how it went. */
export interface RecordBeginning {
  readonly name: string;
  readonly notebookPath: string;
  /** The notebook file as it was read. */
  readonly source: string;
  readonly provenance: Provenance;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export interface RecordEnding extends RecordBeginning {
  readonly outcome: RunOutcome;
  readonly status: PublishStatus;
  readonly exitCode: number;
  readonly problems: readonly string[];
  readonly artefacts: readonly Artefact[];
}

/** The record while the run goes on: what a runner that is killed leaves behind. */
export function runningRecord(beginning: RecordBeginning): RunRecord {
  const {name, notebookPath, source, provenance, startedAt} = beginning;
  const notebook = {path: shownPath(notebookPath), sha256: sha256(source)};
  return {
    schema: 1,
    runId: runIdOf([name, notebook.sha256, startedAt]),
    name,
    status: "running",
    exitCode: null,
    startedAt: isoTime(startedAt),
    durationMs: null,
    notebook,
    ...provenance,
    parameters: [],
    cells: [],
    failure: null,
    problems: [],
    results: {},
    versions: {reckon: packageVersion(), node: process.versions.node},
    platform: `${process.platform}-${process.arch}`,
    peakRssBytes: null,
    artefacts: [],
    volatile: [...volatileFields],
  };
}

/** The record of a run that is over. */
export function toRunRecord(ending: RecordEnding): RunRecord {
  const {outcome, status, exitCode, problems, artefacts} = ending;
  const {durationMs, failure, kernel, parameters, results} = outcome;
  return {
    ...runningRecord(ending),
    status,
    exitCode,
    durationMs: Math.round(durationMs),
    parameters: parameters.map((parameter) => ({...parameter})),
    cells: outcome.cells.map((_, index) => toCellRecord(outcome, index)),
    failure: failure && {...failure, error: toErrorRecord(failure.error)},
    problems: [...problems],
    results,
    versions: versionsOf(outcome),
    peakRssBytes: kernel?.peakRssBytes ?? null,
    artefacts: [...artefacts],
  };
}

/** What ran: this package, Node, and what the kernel says of itself. */
export function versionsOf({kernel}: RunOutcome): Record<string, string> {
  return {reckon: packageVersion(), node: process.versions.node, ...kernel?.versions};
}

/** A path that tells nothing of the machine: relative to the working folder, or a bare name. */
export function shownPath(path: string): string {
  const local = relative(process.cwd(), path);
  return local.startsWith("..")
    ? (path.split(/[\\/]/).at(-1) ?? path)
    : local.replaceAll("\\", "/");
}

/** A function of what ran, with what, and when. */
function runIdOf(identity: readonly unknown[]): string {
  return sha256(JSON.stringify(identity)).slice(0, 16);
}

function toCellRecord({cells, notebook}: RunOutcome, index: number): RunRecord["cells"][number] {
  const {durationMs, error, id, name, startedAt, status, title} = cells[index]!;
  const cell = notebook.cells[index];
  const outputs = cell?.cell_type === "code" ? cell.outputs : [];
  const endedAt = startedAt === null || durationMs === null ? null : startedAt + durationMs;
  return {
    index,
    id,
    name,
    title,
    tags: [...(cell?.metadata?.tags ?? [])],
    status,
    startedAt: startedAt === null ? null : isoTime(startedAt),
    endedAt: endedAt === null ? null : isoTime(endedAt),
    durationMs: durationMs === null ? null : Math.round(durationMs),
    outputBytes: outputs.length === 0 ? 0 : Buffer.byteLength(JSON.stringify(outputs)),
    error: toErrorRecord(error),
  };
}

function toErrorRecord(error: RunOutcome["cells"][number]["error"]) {
  return error && {...error, traceback: [...error.traceback]};
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function packageVersion(): string {
  const {version} = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}
