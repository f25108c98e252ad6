import {rename, rm} from "node:fs/promises";
import {dirname} from "node:path";
import process from "node:process";
import {messageOf, ReckonError} from "../../errors.js";
import {makeFolder} from "../../make-folder.js";

/**
 * Writes a file aside and puts it in place whole: a reader sees the old file or the new one.
 *
 * @param write makes the file at the path it is given
 * @throws ReckonError `failed` when it cannot be written; the aside file is gone then
 */
export async function replaceFile(
  path: string,
  write: (aside: string) => Promise<unknown>,
): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(path));
    await write(aside);
    await rename(aside, path);
  } catch (error) {
    // What stopped the writing is the news; that the scrap cannot be removed either is not.
    await rm(aside, {force: true}).catch(() => undefined);
    const text = `${path}: could not be written: ${messageOf(error)}`;
    throw new ReckonError("failed", text, {cause: error});
  }
}
