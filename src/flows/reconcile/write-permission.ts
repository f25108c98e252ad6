import {chmodSync, lstatSync, readdirSync} from "node:fs";
import {join} from "node:path";

const WRITE_BITS = 0o222;
/** Permission of the owner to write. */
export const OWNER_WRITE_BIT = 0o200;

/** Takes write permission off a file, or off a folder and all that is in it. */
export function lockTree(path: string): void {
  forEachEntry(path, (entry, mode) => {
    chmodSync(entry, mode & ~WRITE_BITS);
  });
}

/** Gives the owner write permission on a file, or on a folder and all that is in it. */
export function unlockTree(path: string): void {
  chmodSync(path, lstatSync(path).mode | OWNER_WRITE_BIT);
  forEachEntry(path, (entry, mode) => {
    chmodSync(entry, mode | OWNER_WRITE_BIT);
  });
}

/** Children first, so that a folder is locked after its content; links are left alone. */
function forEachEntry(path: string, change: (entry: string, mode: number) => void): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) {
    return;
  }
  if (stat.isDirectory()) {
    for (const name of readdirSync(path)) {
      const child = join(path, name);
      if (lstatSync(child).isDirectory()) {
        chmodSync(child, lstatSync(child).mode | OWNER_WRITE_BIT);
      }
      forEachEntry(child, change);
    }
  }
  change(path, stat.mode & 0o777);
}
