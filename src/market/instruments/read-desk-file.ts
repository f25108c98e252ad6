import {readFile} from "node:fs/promises";
import {parse} from "yaml";
import {isErrno, messageOf, ReckonError} from "../../errors.js";

/**
 * What a JSON or YAML file says; undefined where there is no such file.
 *
 * @param what the things it lists, for the message
 * @throws ReckonError `bad-data` when it cannot be read
 */
export async function readDeskFile(path: string, what: string): Promise<unknown> {
  try {
    return parse(await readFile(path, "utf8"));
  } catch (error) {
    if (isErrno(error, "ENOENT")) {
      return undefined;
    }
    const text = `${path}: expected a JSON or YAML file of ${what}, found ${messageOf(error)}`;
    throw new ReckonError("bad-data", text, {cause: error});
  }
}
