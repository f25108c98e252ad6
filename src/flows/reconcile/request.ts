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
  /** Root of the recorded runs, a folder or `s3://bucket/prefix`. */
  readonly prodDataSourceDir: string;
  /** The run folder itself, wherever it is; it goes before the root. */
  readonly runDir?: string | undefined;
  /** How a root in a bucket is reached: a profile of the AWS files. */
  readonly awsProfile?: string | undefined;
  /** How the folders are laid out; as they are where they exist, else ours. */
  readonly layout?: FolderLayout | undefined;
  /** The market store that the replay file is made from. */
  readonly dataDir: string;
  /** Folder with a `test_data.csv.gz` that is used instead of the store. */
  readonly marketDataSourceDir?: string | undefined;
  /** The overrides the run was started with; the simulation gets the same. */
  readonly overrides: readonly Override[];
  /** The same as one text, for the notebook: joined by `;`. */
  readonly setConfigValues: string;
  readonly abortIfExists: boolean;
  readonly backupDirIfExists: boolean;
  /** Keep what is there and whole: the copy, the replay file, the simulation, the pages. */
  readonly incremental: boolean;
  /** Take write permission off what was copied and dumped. */
  readonly preventOverwriting: boolean;
}

/** The folders of a request. */
export function foldersOf(request: ReconciliationRequest): ReconciliationFolders {
  return reconciliationFolders(request.dstRootDir, request, request.layout);
}
