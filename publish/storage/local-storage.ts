import {randomUUID} from "node:crypto";
import {existsSync, statSync} from "node:fs";
import {link, readdir, readFile, rename, rm} from "node:fs/promises";
import {dirname, join, resolve, sep} from "node:path";
import {pathToFileURL} from "node:url";
import {PublishError} from "../errors.js";
import {makeFolder, type WriteFile, writeWhole} from "../whole-file.js";
import type {Storage, StoredFile} from "./storage.js";
import {type StorageDeed, storageError} from "./storage-error.js";
import {checkKey} from "./storage-key.js";

/** Where a file that must not replace another waits until it is whole. */
const incoming = ".reckon/incoming";

/** A folder as a storage; it is made with its first file. */
export function localStorage(folder: string, writeFile: WriteFile = writeWhole): Storage {
  const root = resolve(folder);
  const pathOf = (key: string) => join(root, ...checkKey(key).split("/"));
  const address = (key: string) => pathToFileURL(pathOf(key)).href;
  const read = async (key: string) =>
    told({address: pathOf(key), verb: "read"}, readOrNone(pathOf(key)));
  const put = async (key: string, content: string | Uint8Array) =>
    told({address: pathOf(key), verb: "write"}, writeFile(pathOf(key), content));
  return {
    place: folder,
    put,
    create: async (key, content) => {
      const waiting = `${incoming}/${randomUUID()}`;
      if (existsSync(pathOf(key))) return false;
      await put(waiting, content);
      const deed = {address: pathOf(key), verb: "write"} as const;
      return await told(deed, moveUnlessTaken(pathOf(waiting), pathOf(key)));
    },
    get: read,
    has: async (key) => existsSync(pathOf(key)),
    list: async (prefix) => told({address: root, verb: "list"}, listFiles(root, prefix)),
    copy: async (from, to) => {
      const content = await read(from);
      if (content === undefined) throw missing(pathOf(from));
      await put(to, content);
    },
    remove: async (keys) => {
      for (const key of keys) {
        const path = pathOf(key);
        await told({address: path, verb: "remove"}, rm(path, {force: true}));
      }
    },
    address,
    close: () => {},
  };
}

async function told<T>(deed: StorageDeed, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const cause = error instanceof PublishError ? (error.cause ?? error) : error;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw storageError(deed, {found, fix: "check the disk and the rights"}, cause);
  }
}

function missing(path: string): PublishError {
  const fix = "publish it again";
  return storageError({address: path, verb: "read"}, {found: "no such file", fix}, undefined);
}

async function readOrNone(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** A link fails where the name is taken, in one step; some file systems know no links. */
async function moveUnlessTaken(from: string, to: string): Promise<boolean> {
  await makeFolder(dirname(to));
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      await rm(from, {force: true});
      return false;
    }
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(error))) throw error;
    if (existsSync(to)) return false;
    await rename(from, to);
  }
  await rm(from, {force: true});
  return true;
}

/** Only the folder that the prefix names is walked; files that are being written are no files. */
async function listFiles(root: string, prefix: string): Promise<StoredFile[]> {
  const within = prefix.split("/").slice(0, -1);
  const start = join(root, ...within);
  const entries = await readdir(start, {recursive: true, withFileTypes: true}).catch((error) => {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  });
  const keys = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".tmp"))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .map((path) => path.split(sep).join("/"))
    .filter((key) => key.startsWith(prefix))
    .sort();
  return keys.map((key) => describe(root, key)).filter((file) => file !== undefined);
}

/** Not one promise for each: ten thousand of them take three times as long as the work. */
function describe(root: string, key: string): StoredFile | undefined {
  const found = statSync(join(root, key), {throwIfNoEntry: false});
  if (found === undefined) return undefined; // removed since it was listed
  const {size, mtimeMs, ino} = found;
  return {key, bytes: size, modifiedAt: mtimeMs, version: `${mtimeMs}-${size}-${ino}`};
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
