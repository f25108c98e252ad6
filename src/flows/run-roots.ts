import {existsSync} from "node:fs";
import {join, posix} from "node:path";
import {taggedModel} from "../reconcile/discovery/reconciliation-layout.js";

/** Below a root, runs are in one of these folders, or right in it. */
const DATA_ROOT_DIR = "system_reconciliation";

/** A root that somebody names, and whose runs are looked for below it. */
export interface NamedRoot {
  /** Folder of the runs, or one above it. */
  readonly root: string;
  /** A folder between root and runs, for example `prod`. */
  readonly stage?: string | undefined;
  readonly model: string;
  readonly tag?: string | undefined;
}

/**
 * What may stand between a root and its runs, with the slash of bucket keys, which paths may have
 * as well; what the stage names comes last.
 */
export function rootPrefixes(stage: string | undefined): string[] {
  const staged = stage === undefined ? [] : [stage, posix.join(stage, DATA_ROOT_DIR)];
  return ["", DATA_ROOT_DIR, ...staged];
}

/** The root itself and what may stand between it and the runs; those that have the model. */
export function runRoots({root, stage, model, tag}: NamedRoot): string[] {
  return rootPrefixes(stage)
    .map((prefix) => join(root, prefix))
    .filter((place) => existsSync(join(place, taggedModel({model, tag}))));
}
