import {existsSync, readdirSync, readFileSync} from "node:fs";
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
export const preloadScript = join(packageRoot, "publish", "kernel", "preload.cjs");

/**
 * The folder a notebook's imports resolve from: the nearest one upward that has packages in a
 * `node_modules`, else this package's root.
 */
export function importFolder(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (hasPackages(join(folder, "node_modules"))) {
      return folder;
    }
    if (folder === dirname(folder)) {
      return packageRoot;
    }
  }
}

/** A test runner leaves a `node_modules` with nothing but its cache wherever it was started. */
function hasPackages(modules: string): boolean {
  return existsSync(modules) && readdirSync(modules).some((name) => !name.startsWith("."));
}
