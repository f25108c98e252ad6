import {existsSync} from "node:fs";
import {mkdir, readFile, rm} from "node:fs/promises";
import {homedir} from "node:os";
import {join, resolve} from "node:path";
import {pathToFileURL} from "node:url";
import {removeEarlierPages} from "../result/earlier-pages.js";
import {withLockedFolder} from "../result/locked-folder.js";
import type {PublishResult} from "../result/publish-request.js";
import type {RunRecord} from "../result/record/run-record-schema.js";
import {sha256} from "../sha256.js";
import {type WriteFile, writeWhole} from "../whole-file.js";

/** Where results of earlier runs are, by key; the results themselves stay in their folders. */
export interface ResultCache {
  /** The record of the run under the key; null where there is none, or not as it was. */
  peek(key: string): Promise<RunRecord | null>;
  /** Puts the result under the key into a folder; null where none is there, whole and as it was. */
  reuse(key: string, to: ReuseTarget): Promise<ReusedResult | null>;
  /** Remembers a run that succeeded in everything; no other is kept. */
  keep(key: string, result: PublishResult): Promise<void>;
}

export interface ReuseTarget {
  readonly folder: string;
  readonly index: number;
  readonly writeFile: WriteFile;
}

export interface ReusedResult {
  readonly folder: string;
  /** The page as a `file://` link. */
  readonly link: string;
  /** When the run began that the result is of, in ISO, UTC. */
  readonly startedAt: string;
  readonly runId: string;
}

interface Pointer {
  readonly folder: string;
  readonly index: number;
  readonly runId: string;
}

/** `$RECKON_CACHE_DIR`, else of this user: what others may write is not trusted. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const {RECKON_CACHE_DIR: own, XDG_CACHE_HOME: user} = env;
  return own ?? join(user ?? join(homedir(), ".cache"), "reckon", "notebooks");
}

/** The cache in a folder, which is made when something is kept. */
export function openResultCache(dir: string): ResultCache {
  const pathOf = (key: string) => join(dir, `${key}.json`);
  const find = async (key: string) => {
    const pointer = await readJson<Pointer>(pathOf(key));
    if (pointer === null || !existsSync(join(pointer.folder, "success.txt"))) return null;
    const record = await readJson<RunRecord>(join(pointer.folder, "run.json"));
    const isSame = record?.runId === pointer.runId && record.status === "ok";
    return isSame ? {pointer, record} : null;
  };
  return {
    peek: async (key) => (await find(key))?.record ?? null,
    reuse: async (key, to) => {
      const found = await find(key);
      return found === null ? null : reuseFolder(found.pointer, found.record, to);
    },
    keep: async (key, {outcome, paths, status}) => {
      const hasSecret = outcome.parameters.some(({isSecret}) => isSecret === true);
      if (status !== "ok" || hasSecret) return;
      const record = await readJson<RunRecord>(paths.record);
      if (record === null) return;
      const index = Number(/_(\d+)$/.exec(paths.folder)?.[1] ?? 0);
      const pointer: Pointer = {folder: resolve(paths.folder), index, runId: record.runId};
      await mkdir(dir, {recursive: true, mode: 0o700});
      await writeWhole(pathOf(key), `${JSON.stringify(pointer)}\n`);
    },
  };
}

async function reuseFolder(
  pointer: Pointer,
  record: RunRecord,
  to: ReuseTarget,
): Promise<ReusedResult | null> {
  const contents = await readArtefacts(pointer.folder, record);
  if (contents === null) return null;
  const {runId} = record;
  const folder = resolve(to.folder);
  const page = record.artefacts.find(({path}) => /^[^/]*\.html$/.test(path))?.path ?? "";
  const link = pathToFileURL(join(folder, renamed(page, pointer, to))).href;
  const startedAt = record.cachedFrom?.startedAt ?? record.startedAt;
  if (folder !== pointer.folder) {
    const copy = {...to, folder, from: pointer, link};
    await withLockedFolder(folder, () => copyResult(record, contents, copy));
  }
  return {folder, link, startedAt, runId};
}

/** The bytes by path; null where one is not what the record says. */
async function readArtefacts(folder: string, {artefacts}: RunRecord) {
  const contents = new Map<string, Uint8Array>();
  for (const artefact of artefacts) {
    const {path} = artefact;
    const bytes = await readFile(join(folder, path)).catch(() => null);
    if (bytes === null || sha256(bytes) !== artefact.sha256) return null;
    contents.set(path, bytes);
  }
  return contents;
}

interface Copy extends ReuseTarget {
  readonly from: Pointer;
  readonly link: string;
}

/** As a run writes them: the old marker goes first, the new one comes last. */
async function copyResult(
  record: RunRecord,
  contents: ReadonlyMap<string, Uint8Array>,
  {folder, from, index, link, writeFile}: Copy,
): Promise<void> {
  await rm(join(folder, "success.txt"), {force: true});
  await rm(join(folder, "figures"), {recursive: true, force: true});
  removeEarlierPages(folder, {name: record.name, index});
  const artefacts = await Promise.all(
    record.artefacts.map(async (artefact) => {
      const path = renamed(artefact.path, from, {index});
      const isLink = path.endsWith(".html.log");
      const bytes = isLink ? Buffer.from(`${link}\n`) : contents.get(artefact.path);
      const content = bytes ?? Buffer.alloc(0); // there is one for each: they were read just now
      await writeFile(join(folder, path), content);
      return {...artefact, path, bytes: content.length, sha256: sha256(content)};
    }),
  );
  const {runId, startedAt} = record;
  const cachedFrom = record.cachedFrom ?? {runId, startedAt};
  const copied = {...record, artefacts, cachedFrom};
  await writeFile(join(folder, "run.json"), `${JSON.stringify(copied, null, 2)}\n`);
  await writeFile(join(folder, "success.txt"), "success\n");
}

/** The name of a file in a folder of another number: `pnl.0.ipynb` is `pnl.3.ipynb`. */
function renamed(path: string, from: {readonly index: number}, to: {readonly index: number}) {
  return path.replace(
    new RegExp(`\\.${from.index}(?=\\.(?:ipynb|log|html\\.log|\\d{8}-\\d{6}\\.))`),
    `.${to.index}`,
  );
}

async function readJson<T>(path: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T;
  } catch {
    return null; // there is none, or it says nothing
  }
}
