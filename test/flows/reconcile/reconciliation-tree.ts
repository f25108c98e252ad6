import {readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {runFolderHash} from "../../../src/runlog/folder-hash.js";

/** Names, contents and locks of what a reconciliation holds, but for what equal ones differ in. */
export function treeOf(root: string): string[] {
  const hashed = ["prod", "simulation"].flatMap((side) => {
    const folder = readdirSync(join(root, side)).find((name) => name.startsWith("system_log_dir"));
    return [runFolderHash(join(root, side, folder as string))];
  });
  const names = (["", "prod", "simulation"] as const).flatMap((side) =>
    readdirSync(join(root, side)).map((name) => join(side, name)),
  );
  const locks = readdirSync(root, {recursive: true, encoding: "utf8"})
    .filter((name) => (statSync(join(root, name)).mode & 0o222) === 0)
    .map((name) => `${name} is read-only`);
  const dump = readFileSync(join(root, "simulation", "test_data.csv.gz"));
  return [...names.sort(), ...locks.sort(), ...hashed, dump.toString("base64")];
}
