import type {WriteFile} from "../whole-file.js";
import {localStorage} from "./local-storage.js";
import {isS3Place, type S3Options, s3Storage} from "./s3-storage.js";
import type {Storage} from "./storage.js";

export interface StorageOptions extends S3Options {
  /** How a local file is written; a test puts one here that fails. */
  readonly writeFile?: WriteFile;
}

/**
 * Opens a folder or `s3://bucket/prefix`. Nothing is read or written yet.
 *
 * @throws PublishError `bad-parameter` when the place cannot be one
 */
export function openStorage(place: string, {writeFile, ...s3}: StorageOptions = {}): Storage {
  return isS3Place(place) ? s3Storage(place, s3) : localStorage(place, writeFile);
}
