import type {Storage, StoredFile} from "../../storage/storage.js";
import {entriesPrefix, type SiteEntry, siteEntrySchema} from "../site-entry.js";

/** All entries that were read so far, in one file: a bucket answers one request, not thousands. */
const cacheKey = ".reckon/entries.json";

/** How many entries are asked for at a time. */
const atOnce = 32;

interface Cached {
  readonly version: string;
  readonly entry: SiteEntry;
}

export interface SiteEntries {
  /** The newest run first. */
  readonly entries: readonly SiteEntry[];
  /** Changes whenever an entry comes, changes or goes. */
  readonly version: string;
  /** Keys of entries that say nothing sensible; they are left alone. */
  readonly unreadable: readonly string[];
}

/** Reads what the site knows of its pages; only what is new since the last time is opened. */
export async function readEntries(storage: Storage): Promise<SiteEntries> {
  const files = await storage.list(entriesPrefix);
  const known = await readCache(storage);
  const found = new Map<string, Cached>();
  const unreadable: string[] = [];
  const fresh: string[] = [];
  for (const {key, version} of files) {
    const cached = known.get(key);
    if (cached?.version === version) found.set(key, cached);
    else fresh.push(key);
  }
  const versions = new Map(files.map(({key, version}) => [key, version]));
  for (let i = 0; i < fresh.length; i += atOnce) {
    const some = fresh.slice(i, i + atOnce);
    const contents = await Promise.all(some.map((key) => storage.get(key)));
    some.forEach((key, at) => {
      const content = contents[at];
      if (content === undefined) return; // gone since it was listed
      const entry = parseEntry(content);
      if (entry === undefined) unreadable.push(key);
      else found.set(key, {version: versions.get(key) as string, entry});
    });
  }
  if (fresh.length > unreadable.length || found.size !== known.size) {
    await storage.put(cacheKey, JSON.stringify([...found]));
  }
  return {
    entries: [...found.values()].map(({entry}) => entry).sort(newestFirst),
    version: versionOf(files),
    unreadable,
  };
}

/** The version that the entries have now, without reading any. */
export async function entriesVersion(storage: Storage): Promise<string> {
  return versionOf(await storage.list(entriesPrefix));
}

function versionOf(files: readonly StoredFile[]): string {
  return files.map(({key, version}) => `${key} ${version}`).join("\n");
}

function newestFirst(a: SiteEntry, b: SiteEntry): number {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? 1 : -1;
  return a.page < b.page ? 1 : -1;
}

/** What it holds was checked when it was read the first time. */
async function readCache(storage: Storage): Promise<Map<string, Cached>> {
  const content = await storage.get(cacheKey);
  try {
    return new Map(content === undefined ? [] : JSON.parse(content.toString("utf8")));
  } catch {
    return new Map(); // made anew
  }
}

function parseEntry(content: Buffer): SiteEntry | undefined {
  try {
    return siteEntrySchema.parse(JSON.parse(content.toString("utf8")));
  } catch {
    return undefined; // told by its key
  }
}
