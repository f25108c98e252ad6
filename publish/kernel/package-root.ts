import {existsSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

/**
 * This package's own folder, found upward from this file, which runs from the source tree as well
 * as from the built one; what is not compiled (the kernel's preload) lies in the source tree only.
 */
export const packageRoot = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

function findPackageRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isReckon(join(folder, "package.json"))) {
      return folder;
    }
    if (folder === dirname(folder)) {
      throw new Error(`${start}: expected a folder of the package "reckon" above it, found none`);
    }
  }
}

function isReckon(path: string): boolean {
  if (!existsSync(path)) {
    return false;
  }
  const {name} = JSON.parse(readFileSync(path, "utf8")) as {name?: unknown};
  return name === "reckon";
}

/** The script that starts a tslab kernel. */
export function tslabScript(): string {
  return createRequire(import.meta.url).resolve("tslab/bin/tslab");
}

/** Loaded before it: mends what tslab loses. */
export const preloadScript = join(packageRoot, "publish", "kernel", "inside", "preload.cjs");

/** Where a notebook in the folder `start` has its imports resolved from; see the file. */
export const {importFolder} = createRequire(import.meta.url)(
  join(packageRoot, "publish", "kernel", "inside", "import-folder.cjs"),
) as {importFolder: (start: string) => string};
