import {messageOf, ReckonError} from "../../errors.js";

/** The file systems of WebAssembly number their errors (WASI), and throw them as bare objects. */
const WASI_NO_SPACE = 51;

/** Why an embedded database could not be opened, for people. */
export function openingFailure(folder: string, cause: unknown): ReckonError {
  const {errno, code} = (cause ?? {}) as {readonly errno?: unknown; readonly code?: unknown};
  if (errno === WASI_NO_SPACE || code === "ENOSPC") {
    const complaint = {
      place: folder,
      expected: "room on the disk for the embedded database",
      found: "none left",
      fix: "free some space and try again; what was stored is still there",
    };
    return new ReckonError("failed", complaint, {cause});
  }
  const complaint = {
    place: folder,
    expected: "the files of an embedded database",
    found: messageOf(cause),
    fix: "put a backup there, or move the folder away to start with an empty one",
  };
  return new ReckonError("bad-data", complaint, {cause});
}
