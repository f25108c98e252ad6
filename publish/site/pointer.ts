import {shortSha256} from "../sha256.js";
import type {Storage} from "../storage/storage.js";

/** Who wants a pointer for which page lies below, one file for each claim. */
const claimsPrefix = ".reckon/pointers/";

/** A page that is to stand under a name that stays. */
export interface Claim {
  /** Key of the pointer, for example `pnl.latest.html`. */
  readonly pointer: string;
  readonly page: string;
  /** Epoch milliseconds; the newest claim wins, in whatever order they come. */
  readonly at: number;
}

/** The copies that a pointer may need until nobody else comes in between. */
const longestContest = 20;

/**
 * Makes a pointer show the newest page that claims it. The claim is written first and read again
 * after the copy, so that of two publishers at once the newer one stands, whoever writes last; a
 * publisher that is killed leaves the older page, which is good too.
 */
export async function claimPointer(storage: Storage, claim: Claim): Promise<void> {
  await storage.put(claimKey(claim), `${JSON.stringify({page: claim.page})}\n`);
  await settlePointer(storage, claim.pointer);
}

async function settlePointer(storage: Storage, pointer: string): Promise<void> {
  const prefix = `${claimsPrefix}${pointer}/`;
  let shown: string | undefined;
  for (let i = 0; i < longestContest; ++i) {
    const keys = (await storage.list(prefix)).map(({key}) => key);
    const newest = keys.at(-1);
    if (newest === undefined || newest === shown) {
      await storage.remove(keys.slice(0, -1)); // they have lost for good
      return;
    }
    const page = await claimedPage(storage, newest);
    if (page !== undefined && (await storage.has(page))) {
      await storage.copy(page, pointer);
      shown = newest;
    } else {
      await storage.remove([newest]); // somebody took the page away
    }
  }
}

/** Which pages pointers show or are about to show, by pointer. */
export async function readClaims(storage: Storage): Promise<Map<string, string[]>> {
  const pages = new Map<string, string[]>();
  for (const {key} of await storage.list(claimsPrefix)) {
    const pointer = key.slice(claimsPrefix.length).split("/")[0] as string;
    const page = await claimedPage(storage, key);
    if (page !== undefined) pages.set(pointer, [...(pages.get(pointer) ?? []), page]);
  }
  return pages;
}

/** The time leads, so that keys in order are claims in order. */
function claimKey({pointer, page, at}: Claim): string {
  const id = shortSha256(page);
  return `${claimsPrefix}${pointer}/${String(Math.max(0, at)).padStart(15, "0")}-${id}.json`;
}

async function claimedPage(storage: Storage, key: string): Promise<string | undefined> {
  const content = await storage.get(key);
  if (content === undefined) return undefined; // settled by somebody else
  const {page} = JSON.parse(content.toString("utf8")) as {page?: unknown};
  return typeof page === "string" ? page : undefined;
}
