import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";
import {join, relative} from "node:path";
import {packageRoot} from "../kernel/package-root.js";
import type {RunOutcome, UsedParameter} from "../notebook/run-outcome.js";

/** A file of the result, by its path inside the result folder. */
export interface Artefact {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** `run.json`: all that a later reader may ask about one run. Nothing is of the environment. */
export interface RunRecord {
  readonly schema: 1;
  /** A function of what ran, with what, and when. */
  readonly runId: string;
  readonly name: string;
  /** The outcome's, or `render-failed` or `publish-failed` for a run that was fine itself. */
  readonly status: string;
  readonly exitCode: number;
  readonly startedAt: string; // ISO, UTC
  readonly durationMs: number;
  readonly notebook: {readonly path: string; readonly sha256: string};
  readonly gitCommit: string | null;
  readonly parameters: readonly UsedParameter[];
  readonly cells: readonly Record<string, unknown>[];
  readonly failure: RunOutcome["failure"];
  readonly problems: readonly string[];
  readonly results: RunOutcome["results"];
  readonly versions: Readonly<Record<string, string>>;
  readonly platform: string;
  readonly peakRssBytes: number | null;
  readonly artefacts: readonly Artefact[];
}

export interface RecordInput {
  readonly name: string;
  readonly notebookPath: string;
  /** The notebook file as it was read. */
  readonly source: string;
  readonly outcome: RunOutcome;
  readonly status: string;
  readonly exitCode: number;
  readonly problems: readonly string[];
  readonly artefacts: readonly Artefact[];
  readonly gitCommit?: string | undefined;
}

export function toRunRecord(input: RecordInput): RunRecord {
  const {outcome, name, notebookPath, source} = input;
  const notebook = {path: shownPath(notebookPath), sha256: sha256(source)};
  const startedAt = new Date(outcome.startedAt).toISOString();
  const identity = [name, notebook.sha256, startedAt, outcome.parameters];
  return {
    schema: 1,
    runId: sha256(JSON.stringify(identity)).slice(0, 16),
    name,
    status: input.status,
    exitCode: input.exitCode,
    startedAt,
    durationMs: Math.round(outcome.durationMs),
    notebook,
    gitCommit: input.gitCommit ?? null,
    parameters: outcome.parameters,
    cells: outcome.cells.map(toCellRecord),
    failure: outcome.failure,
    problems: input.problems,
    results: outcome.results,
    versions: versionsOf(outcome),
    platform: `${process.platform}-${process.arch}`,
    peakRssBytes: outcome.kernel?.peakRssBytes ?? null,
    artefacts: input.artefacts,
  };
}

/** What ran: this package, Node, and what the kernel says of itself. */
export function versionsOf({kernel}: RunOutcome): Record<string, string> {
  return {reckon: packageVersion(), node: process.versions.node, ...kernel?.versions};
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A path that tells nothing of the machine: relative to the working folder, or a bare name. */
export function shownPath(path: string): string {
  const local = relative(process.cwd(), path);
  return local.startsWith("..")
    ? (path.split(/[\\/]/).at(-1) ?? path)
    : local.replaceAll("\\", "/");
}

function toCellRecord(cell: RunOutcome["cells"][number]): Record<string, unknown> {
  const {startedAt, durationMs, ...rest} = cell;
  return {
    ...rest,
    startedAt: startedAt === null ? null : new Date(startedAt).toISOString(),
    durationMs: durationMs === null ? null : Math.round(durationMs),
  };
}

function packageVersion(): string {
  const {version} = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}
