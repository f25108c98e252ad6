import {existsSync, mkdirSync, rmdirSync, rmSync, statSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import process from "node:process";
import {messageOf, ReckonError} from "./errors.js";

/**
 * Makes a folder with its parents.
 *
 * @throws ReckonError `misuse` when something else stands there or writing is not allowed
 */
export function makeFolder(path: string): void {
  try {
    makeFolders(resolve(path));
  } catch (cause) {
    throw new ReckonError(
      "misuse",
      {place: path, expected: "a folder that can be made", found: messageOf(cause)},
      {cause},
    );
  }
}

/**
 * Makes a folder inside another and takes it away: a permission alone says little, of a read-only
 * disk or to the superuser. What a killed process leaves has its number, like all that is aside.
 *
 * @throws Error of Node where nothing can be made
 */
export function tryWriting(folder: string): void {
  const probe = join(folder, `.reckon.${process.pid}.tmp`);
  rmSync(probe, {recursive: true, force: true});
  mkdirSync(probe);
  rmdirSync(probe);
}

/** Step by step: where nothing can be made, as below /proc, Node's own way never ends. */
function makeFolders(path: string): void {
  if (!existsSync(path)) {
    makeFolders(dirname(path));
    try {
      mkdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // somebody else made it
    }
  } else if (!statSync(path).isDirectory()) {
    throw new Error("a file");
  }
}
