import {nowMs} from "../timers.js";
import {readEntries} from "./index/read-entries.js";
import {isPageName} from "./page-names.js";
import {assetsFolder} from "./picture-file.js";
import {readClaims} from "./pointer.js";
import type {Site} from "./site.js";
import {entryKey, type SiteEntry} from "./site-entry.js";

/** What is to stay; what no limit is given for stays. */
export interface PruneLimits {
  /** Pages of each notebook and tag, the newest. */
  readonly keep?: number | undefined;
  /** Pages of runs that began at most so many days ago. */
  readonly keepDays?: number | undefined;
  /** Only tell. */
  readonly dryRun?: boolean;
}

export interface PrunedSite {
  readonly pages: readonly string[];
  /** Shared files that no page needs any more. */
  readonly assets: readonly string[];
  /** What a publisher that was stopped left behind. */
  readonly leftOver: readonly string[];
  readonly keptPages: number;
  readonly freedBytes: number;
}

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Removes old pages: those beyond the newest `keep` of their notebook and tag, or older than
 * `keepDays`; where both are given a page stays that either keeps. What a name that stays shows,
 * or is about to show, is never removed, nor is a file that a page still needs.
 *
 * @throws PublishError `upload-failed`
 */
export async function pruneSite(
  {storage}: Site,
  limits: PruneLimits,
  now: number = nowMs(),
): Promise<PrunedSite> {
  const {entries} = await readEntries(storage);
  const claimed = new Set([...(await readClaims(storage)).values()].flat());
  const old = oldEntries(entries, {...limits, now}).filter(({page}) => !claimed.has(page));
  const pages = old.map(({page}) => page);
  const files = await storage.list("");
  const remove = async (keys: readonly string[]) => {
    if (limits.dryRun !== true) await storage.remove(keys);
  };
  await remove(pages.map(entryKey)); // the index leads to none of them before they are gone
  await remove(pages);
  const gone = new Set(pages);
  const current = limits.dryRun === true ? entries : (await readEntries(storage)).entries;
  const left = current.filter(({page}) => !gone.has(page));
  const needed = new Set(left.flatMap(({assets}) => assets));
  const known = new Set(left.map(({page}) => page));
  const isOld = ({modifiedAt}: {modifiedAt: number}) => now - modifiedAt > dayMs;
  const assets = files.filter(
    (file) => file.key.startsWith(assetsFolder) && !needed.has(file.key) && isOld(file),
  );
  const leftOver = files.filter(
    (file) =>
      isOld(file) &&
      (file.key.startsWith(".reckon/incoming/") ||
        (isPageName(file.key) && !known.has(file.key) && !gone.has(file.key))),
  );
  const keysOf = (some: typeof files) => some.map(({key}) => key);
  await remove([...keysOf(assets), ...keysOf(leftOver)]);
  const removed = new Set([...pages, ...keysOf(assets), ...keysOf(leftOver)]);
  return {
    pages,
    assets: keysOf(assets),
    leftOver: keysOf(leftOver),
    keptPages: left.length,
    freedBytes: files.reduce((sum, {key, bytes}) => sum + (removed.has(key) ? bytes : 0), 0),
  };
}

/** `entries` come with the newest first. */
function oldEntries(
  entries: readonly SiteEntry[],
  {keep, keepDays, now}: PruneLimits & {readonly now: number},
): SiteEntry[] {
  if (keep === undefined && keepDays === undefined) return [];
  const counts = new Map<string, number>();
  return entries.filter(({notebook, tag, startedAt}) => {
    const series = JSON.stringify([notebook, tag]);
    const rank = (counts.get(series) ?? 0) + 1;
    counts.set(series, rank);
    const isAmongNewest = keep !== undefined && rank <= keep;
    const isRecent = keepDays !== undefined && now - Date.parse(startedAt) <= keepDays * dayMs;
    return !isAmongNewest && !isRecent;
  });
}
