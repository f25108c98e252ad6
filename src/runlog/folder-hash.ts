import {createHash} from "node:crypto";
import {readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import type {ConfigTree} from "../config/config-tree.js";
import {NODE_PROFILE_DIR} from "./layout.js";
import {readJson} from "./run-texts.js";
import {RESERVE_FILE} from "./writing/run-log.js";

/** What differs between equal runs: of the machine, not of the inputs. */
export const VOLATILE_IN_RUN_FOLDER = {
  /** Keys of `run.json`. */
  runRecordKeys: ["volatile"],
  /** Files and folders, relative to the run folder. */
  paths: [NODE_PROFILE_DIR, RESERVE_FILE],
} as const;

/**
 * SHA-256 (hex) of everything a run recorded, less {@link VOLATILE_IN_RUN_FOLDER}: names and
 * contents of all files. Runs of a simulation that were given the same have the same.
 *
 * @throws ReckonError `bad-data` when `run.json` is damaged
 */
export function runFolderHash(dir: string): string {
  const hash = createHash("sha256");
  for (const name of stableFiles(dir)) {
    const content = name === "run.json" ? stableRecord(dir) : readFileSync(join(dir, name));
    const path = name.replaceAll("\\", "/");
    hash.update(`${JSON.stringify(path)} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

function stableFiles(dir: string): string[] {
  return readdirSync(dir, {recursive: true, encoding: "utf8"})
    .filter((name) => !VOLATILE_IN_RUN_FOLDER.paths.some((path) => name.startsWith(path)))
    .filter((name) => statSync(join(dir, name)).isFile())
    .sort();
}

function stableRecord(dir: string): string {
  const record = readJson(join(dir, "run.json")) as ConfigTree;
  const isStable = ([key]: [string, unknown]): boolean =>
    !VOLATILE_IN_RUN_FOLDER.runRecordKeys.some((volatile) => volatile === key);
  return JSON.stringify(Object.fromEntries(Object.entries(record).filter(isStable)));
}
