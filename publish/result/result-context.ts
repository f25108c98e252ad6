import type {AheadPainter} from "../render/picture/paint-ahead.js";
import type {WriteFile} from "../whole-file.js";
import type {RunLog} from "./log/run-log.js";
import type {RunnerLog} from "./log/runner-log.js";
import type {PublishRequest} from "./publish-request.js";
import type {Provenance} from "./record/provenance.js";
import type {ResultPaths} from "./result-folder.js";

/** Everything that writing a result needs beside the outcome. */
export interface ResultContext {
  readonly name: string;
  /** The notebook file as it was read. */
  readonly source: string;
  readonly request: PublishRequest;
  readonly paths: ResultPaths;
  readonly log: RunLog;
  readonly painter: AheadPainter;
  readonly writeFile: WriteFile;
  readonly runnerLog: RunnerLog;
  /** Counts from 1. */
  readonly attempt: number;
  /** Epoch milliseconds of this attempt. */
  readonly startedAt: number;
  readonly now: () => number;
}

/** What is known once the run is over. */
export interface EndedContext extends ResultContext {
  readonly provenance: Provenance;
}
