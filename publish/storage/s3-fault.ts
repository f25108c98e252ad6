import type {PublishError} from "../errors.js";
import type {S3Access} from "./s3-client.js";
import {type StorageDeed, storageError} from "./storage-error.js";

/** What the SDK throws, as far as it says anything. */
interface S3Fault {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly Code?: string;
  readonly $metadata?: {readonly httpStatusCode?: number; readonly attempts?: number};
}

/** The HTTP status of an answer; undefined when there was none. */
export function s3Status(error: unknown): number | undefined {
  return (error as S3Fault).$metadata?.httpStatusCode;
}

/** The error of a bucket in words that say whom to ask. */
export function s3Error(deed: StorageDeed, error: unknown, access: S3Access): PublishError {
  const fault = error as S3Fault;
  const tries = fault.$metadata?.attempts ?? 1;
  const {found, fix} = explain(fault, access);
  const often = tries > 1 ? `${found}, ${tries} times` : found;
  return storageError(deed, {found: often, fix}, error);
}

function explain(fault: S3Fault, {profile}: S3Access): {found: string; fix: string} {
  const {name = "", code = "", message = String(fault), $metadata} = fault;
  const status = $metadata?.httpStatusCode;
  const who = profile === undefined ? "the AWS environment" : `AWS profile ${profile}`;
  if (name === "NoSuchBucket") {
    return {found: "no such bucket", fix: "make it, or mend its name"};
  }
  if (/Credential|^Token|ExpiredToken/.test(name)) {
    return {found: firstLine(message), fix: `check the credentials of ${who}`};
  }
  if (status === 401 || status === 403) {
    return {found: `access denied (${name}, ${status})`, fix: `check the rights of ${who}`};
  }
  if (code === "ETIMEDOUT" || (code === "" && name === "TimeoutError")) {
    return {found: "no answer in time", fix: "check the network, then publish again"};
  }
  if (/^E[A-Z_]+$/.test(code)) {
    return {found: firstLine(`${code} ${message}`), fix: "check the endpoint and the network"};
  }
  if (status !== undefined && status >= 500) {
    return {found: `the server failing (${status})`, fix: "publish again later"};
  }
  return {found: firstLine(message), fix: "check bucket, region and endpoint"};
}

function firstLine(text: string): string {
  return (text.split("\n")[0] as string).trim().replace(/\.$/, "");
}
