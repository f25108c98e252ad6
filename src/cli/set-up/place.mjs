import * as fs from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

/** The folder of package.json. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A reason not to go on that a person can mend; its message needs no stack. */
export class SetUpError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Progress goes to stderr, so that a task's own output stays clean. */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}

/** The text of a file, or undefined when it is not there. */
export function readText(path) {
  try {
    return fs.readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") {
      return undefined;
    }
    throw error;
  }
}

/** The JSON of a file, or undefined when it is not there or cut short. */
export function readJson(path) {
  const text = readText(path);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** Every file below a folder, in path order. */
export function listFiles(folder) {
  return fs
    .readdirSync(folder, {withFileTypes: true})
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? listFiles(path) : [path];
    });
}
