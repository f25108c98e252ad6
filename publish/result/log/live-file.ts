import {closeSync, openSync, writeFileSync} from "node:fs";
import {writeError} from "../../whole-file.js";

/**
 * A log that grows on the disk while a run goes on, so that it can be followed, and is there when
 * the runner is killed. Each piece is with the system when `add` returns.
 */
export interface LiveFile {
  add(text: string): void;
  /** @throws PublishError `write-failed` when a piece could not be written; later ones were not */
  close(): void;
}

/**
 * Begins a log at `path`, in place of an older one.
 *
 * @throws PublishError `write-failed`
 */
export function openLiveFile(path: string): LiveFile {
  let failure: unknown;
  let fd: number | undefined;
  try {
    fd = openSync(path, "w");
  } catch (cause) {
    throw writeError(path, cause);
  }
  return {
    add: (text) => {
      if (failure !== undefined || fd === undefined) return;
      try {
        writeFileSync(fd, text);
      } catch (cause) {
        failure = cause;
      }
    },
    close: () => {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
      if (failure !== undefined) throw writeError(path, failure);
    },
  };
}
