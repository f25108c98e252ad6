import {PublishError} from "../../errors.js";
import type {Site} from "../site.js";
import type {SiteEntry} from "../site-entry.js";
import {entriesVersion, readEntries} from "./read-entries.js";
import {indexMark, renderSiteIndex} from "./site-index.js";

const indexKey = "index.html";

/** Turns until nobody publishes in between; each takes less than a second. */
const mostTurns = 10;

export interface BuiltSite {
  readonly entries: readonly SiteEntry[];
  readonly unreadable: readonly string[];
}

/**
 * Writes the index of a site from its entries. Who publishes in the meantime is in it: the entries
 * are listed again once it stands.
 *
 * @throws PublishError `bad-parameter` when there is an index that somebody else made,
 *   `upload-failed`
 */
export async function buildSite({storage, config}: Site): Promise<BuiltSite> {
  await checkOwnIndex({storage, config});
  for (let turn = 1; ; ++turn) {
    const built = await readEntries(storage);
    await storage.put(indexKey, renderSiteIndex(built.entries, config));
    if (turn >= mostTurns || (await entriesVersion(storage)) === built.version) return built;
  }
}

async function checkOwnIndex({storage}: Site): Promise<void> {
  const page = await storage.get(indexKey);
  if (page === undefined || isSiteIndex(page)) return;
  const found = "found a page that somebody else made";
  const message = `${storage.address(indexKey)}: expected none or an index of runs, ${found}`;
  throw new PublishError("bad-parameter", `${message}; publish into another folder or move it`);
}

/** Whether a page is an index that this package made, and may be made anew. */
export function isSiteIndex(page: Buffer): boolean {
  return page.subarray(0, 4_096).includes(indexMark);
}
