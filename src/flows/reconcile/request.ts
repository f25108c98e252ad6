import type {Override} from "../../config/override.js";
import type {RunMode} from "../../config/system-config.js";
import type {
  FolderLayout,
  ReconciliationFolders,
  RunIdentity,
} from "../../reconcile/discovery/reconciliation-layout.js";
import {reconciliationFolders} from "../../reconcile/discovery/reconciliation-layout.js";

/** Which run is reconciled, from where to where, and how existing folders are treated. */
export interface ReconciliationRequest extends RunIdentity {
  readonly runMode: RunMode;
  readonly dstRootDir: string;
  /** Root of the recorded runs, a folder or `s3://bucket/prefix`; not needed once it is copied. */
  readonly prodDataSourceDir?: string | undefined;
  /** What the run was recorded with; perhaps also a folder between the root and the runs. */
  readonly stage?: string | undefined;
  /** The run folder itself, wherever it is; it goes before the root. */
  readonly runDir?: string | undefined;
  /** How a root in a bucket is reached: a profile of the AWS files. */
  readonly awsProfile?: string | undefined;
  /** How the folders are laid out; as they are where they exist, else ours. */
  readonly layout?: FolderLayout | undefined;
  /** The market store that the replay file is made from; empty for steps that read none. */
  readonly dataDir: string;
  /** Folder, or place in a bucket, with a `test_data.csv.gz` that is used instead of the store. */
  readonly marketDataSourceDir?: string | undefined;
  /** The universe whose instruments are dumped; those that the run traded where left out. */
  readonly universeVersion?: string | undefined;
  /** The overrides the run was started with; the simulation gets the same. */
  readonly overrides: readonly Override[];
  /** The same as one text, for the notebook: joined by `;`. */
  readonly setConfigValues: string;
  readonly abortIfExists: boolean;
  readonly backupDirIfExists: boolean;
  /** Keep what is there and whole: copy, replay file, simulation. Pages are made anew. */
  readonly incremental: boolean;
  /** Take write permission off what was made, and let no step by itself replace such a result. */
  readonly preventOverwriting: boolean;
}

/** The folders of a request. */
export function foldersOf(request: ReconciliationRequest): ReconciliationFolders {
  return reconciliationFolders(request.dstRootDir, request, request.layout);
}
