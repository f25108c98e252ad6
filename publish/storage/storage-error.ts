import {PublishError} from "../errors.js";

/** What was being done to which address, in the words of a message. */
export interface StorageDeed {
  readonly address: string;
  readonly verb: "read" | "write" | "list" | "remove";
}

/** `place: expected to write it, found …; what to do`. */
export function storageError(
  {address, verb}: StorageDeed,
  {found, fix}: {readonly found: string; readonly fix: string},
  cause: unknown,
): PublishError {
  const message = `${address}: expected to ${verb} it, found ${found}; ${fix}`;
  return new PublishError("upload-failed", message, {cause});
}
