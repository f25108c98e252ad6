import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {runFolderHash} from "../../../src/runlog/folder-hash.js";

/** Names and contents of what a reconciliation holds, less what differs between equal ones. */
export function treeOf(root: string): string[] {
  const hashed = ["prod", "simulation"].flatMap((side) => {
    const folder = readdirSync(join(root, side)).find((name) => name.startsWith("system_log_dir"));
    return [runFolderHash(join(root, side, folder as string))];
  });
  const names = (["", "prod", "simulation"] as const).flatMap((side) =>
    readdirSync(join(root, side)).map((name) => join(side, name)),
  );
  const dump = readFileSync(join(root, "simulation", "test_data.csv.gz"));
  return [...names.sort(), ...hashed, dump.toString("base64")];
}
