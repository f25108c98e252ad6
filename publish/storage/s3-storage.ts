import {PublishError} from "../errors.js";
import {contentType} from "./content-type.js";
import {type S3Access, type S3Connection, s3Client} from "./s3-client.js";
import {s3Error, s3Status} from "./s3-fault.js";
import type {KeepOptions, Storage, StoredFile} from "./storage.js";
import type {StorageDeed} from "./storage-error.js";
import {checkKey} from "./storage-key.js";

export interface S3Options extends S3Access {
  /** Everybody may read what is put; without it the bucket's own rules hold, private by default. */
  readonly isPublic?: boolean;
}

/** Where in which bucket. */
interface S3Place {
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
}

/** One request: the SDK's part that builds it, and what it is about. */
type Send = <T>(
  deed: {readonly verb: StorageDeed["verb"]; readonly key: string},
  request: (connection: S3Connection) => Promise<T>,
) => Promise<T>;

/** How many keys S3 removes in one request. */
const removeAtOnce = 1_000;

/** `s3://bucket/prefix` as a storage; the SDK is loaded with the first request. */
export function s3Storage(place: string, options: S3Options = {}): Storage {
  const at = parsePlace(place);
  let opened: Promise<S3Connection> | undefined;
  const address = (key: string) => `s3://${at.bucket}/${at.prefix}${key}`;
  const send: Send = async ({verb, key}, request) => {
    opened ??= s3Client(options);
    try {
      return await request(await opened);
    } catch (error) {
      if (error instanceof PublishError) throw error;
      throw s3Error({verb, address: address(key)}, error, options);
    }
  };
  const readers = reading(at, send);
  return {
    place: `s3://${at.bucket}/${at.prefix}`.replace(/\/$/, ""),
    ...readers,
    ...writing(at, {send, has: readers.has, isPublic: options.isPublic === true}),
    address: (key) => address(checkKey(key)),
    close: () => {
      opened?.then(({client}) => client.destroy()).catch(() => {}); // it never opened
      opened = undefined;
    },
  };
}

/** Whether a place is of this kind. */
export function isS3Place(place: string): boolean {
  return /^s3:\/\//i.test(place);
}

function parsePlace(place: string): S3Place {
  const [, bucket, rest = ""] =
    /^s3:\/\/([a-z0-9][a-z0-9._-]{1,62})(?:\/(.*))?$/i.exec(place) ?? [];
  if (bucket === undefined) {
    const message = `${place}: expected s3://bucket/prefix, found no name of a bucket`;
    throw new PublishError("bad-parameter", `${message}; see the names of your buckets`);
  }
  const prefix = rest.replace(/\/+$/, "");
  return {bucket, prefix: prefix === "" ? "" : `${checkKey(prefix)}/`};
}

type Writing = Pick<Storage, "put" | "create" | "copy" | "remove">;

interface WritingParts {
  readonly send: Send;
  readonly has: Storage["has"];
  readonly isPublic: boolean;
}

function writing({bucket, prefix}: S3Place, {send, has, isPublic}: WritingParts): Writing {
  // What the site keeps for itself is nobody's to read.
  const acl = (key: string) =>
    isPublic && !key.startsWith(".") ? ({ACL: "public-read"} as const) : {};
  const put = async (key: string, Body: string | Uint8Array, more: object = {}) => {
    const Key = prefix + checkKey(key);
    const input = {Bucket: bucket, Key, Body, ContentType: contentType(key), ...acl(key)};
    await send({verb: "write", key}, ({client, sdk}) =>
      client.send(new sdk.PutObjectCommand({...input, ...more})),
    );
  };
  return {
    put: (key, content, {immutable = false}: KeepOptions = {}) =>
      put(key, content, {CacheControl: cacheControl(immutable)}),
    create: async (key, content) => {
      if (await has(key)) return false; // also for servers that know no condition
      try {
        await put(key, content, {IfNoneMatch: "*", CacheControl: cacheControl(false)});
        return true;
      } catch (error) {
        const status = s3Status((error as Error).cause);
        if (status === 412 || status === 409) return false;
        throw error;
      }
    },
    copy: async (from, to) => {
      const source = `${bucket}/${prefix}${checkKey(from)}`.split("/").map(encodeURIComponent);
      const input = {Bucket: bucket, Key: prefix + checkKey(to), CopySource: source.join("/")};
      await send({verb: "write", key: to}, ({client, sdk}) =>
        client.send(new sdk.CopyObjectCommand({...input, ...acl(to)})),
      );
    },
    remove: async (keys) => {
      for (let i = 0; i < keys.length; i += removeAtOnce) {
        const some = keys.slice(i, i + removeAtOnce);
        const Objects = some.map((key) => ({Key: prefix + checkKey(key)}));
        await send({verb: "remove", key: some[0] as string}, async ({client, sdk}) => {
          const input = {Bucket: bucket, Delete: {Objects, Quiet: true}};
          const {Errors = []} = await client.send(new sdk.DeleteObjectsCommand(input));
          if (Errors[0] !== undefined) throw new Error(`${Errors[0].Code} for ${Errors[0].Key}`);
        });
      }
    },
  };
}

function reading({bucket, prefix}: S3Place, send: Send): Pick<Storage, "get" | "has" | "list"> {
  const input = (key: string) => ({Bucket: bucket, Key: prefix + checkKey(key)});
  return {
    get: (key) =>
      send({verb: "read", key}, async ({client, sdk}) => {
        const {Body} = await client.send(new sdk.GetObjectCommand(input(key))).catch(noneIf404);
        return Body && Buffer.from(await Body.transformToByteArray());
      }),
    has: (key) =>
      send({verb: "read", key}, async ({client, sdk}) => {
        const found = await client.send(new sdk.HeadObjectCommand(input(key))).catch(noneIf404);
        return "ETag" in found;
      }),
    list: (under) =>
      send({verb: "list", key: under}, async ({client, sdk}) => {
        const found = sdk.paginateListObjectsV2({client}, {Bucket: bucket, Prefix: prefix + under});
        const files: StoredFile[] = [];
        for await (const {Contents = []} of found) {
          for (const {Key = "", Size = 0, LastModified, ETag = ""} of Contents) {
            const modifiedAt = LastModified?.getTime() ?? 0;
            files.push({key: Key.slice(prefix.length), bytes: Size, modifiedAt, version: ETag});
          }
        }
        return files;
      }),
  };
}

/** A bucket that is missing answers 404 too, and is an error. */
function noneIf404(error: unknown): {Body?: undefined} {
  if (s3Status(error) === 404 && (error as Error).name !== "NoSuchBucket") return {};
  throw error;
}

/** Pages and pointers are asked for anew each time: a page that changed must be seen at once. */
function cacheControl(immutable: boolean): string {
  return immutable ? "max-age=31536000, immutable" : "no-cache";
}
