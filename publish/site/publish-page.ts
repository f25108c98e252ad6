import {PublishError} from "../errors.js";
import type {Storage} from "../storage/storage.js";
import {nowMs} from "../timers.js";
import {checkTag, latestName, pageName, stableName} from "./page-names.js";
import {claimPointer} from "./pointer.js";
import {type Site, siteLink} from "./site.js";
import {entryKey, isNoFailure, isSuccess, type SiteEntry} from "./site-entry.js";

/** A file that pages share: its name says its content. */
export interface SharedFile {
  /** Below the site's root, for example `assets/0123456789abcdef.png`. */
  readonly key: string;
  readonly content: string | Uint8Array;
}

/** What the site is told of a page's run. */
export type PageFacts = Pick<
  SiteEntry,
  "notebook" | "title" | "status" | "failure" | "runId" | "durationMs" | "parameters"
> & {
  /** Epoch milliseconds. */
  readonly startedAt: number;
};

export interface PageToPublish {
  readonly html: string;
  readonly assets: readonly SharedFile[];
  /** Key of the asset that stands for the page in the index. */
  readonly thumbnail?: string | undefined;
  readonly facts: PageFacts;
  readonly tag?: string | undefined;
  /** Epoch milliseconds: names the page and orders the pages of a pointer. */
  readonly at: number;
  /** Further names under which the newest page shall stand. */
  readonly stableNames?: readonly string[] | undefined;
}

export interface PublishedPage {
  readonly page: string;
  readonly link: string;
  /** Links to the names that show this page now, or a newer one. */
  readonly pointers: readonly string[];
  /** Names that keep the page they show, since this one is of a run that did not go well. */
  readonly withheld: readonly string[];
}

/** What to tell whoever asked for the names that a page was not given; nothing otherwise. */
export function withheldNotes(published: PublishedPage | null): string[] {
  if (published === null || published.withheld.length === 0) return [];
  const names = published.withheld.join(", ");
  const found = "found one that failed, did not end or is not all shown; what they show stays";
  return [`${names}: expected the page of a run that went well, ${found}`];
}

/** A site that has this many pages of one notebook in one second is not one. */
const mostInOneSecond = 1_000;

/**
 * Puts a page on a site: first what it needs, then the page under a name of its own, then its
 * entry for the index, and last the names that stay. Whoever is stopped in between leaves nothing
 * that leads to a missing or half a page.
 *
 * `latest` and the stable names show the newest page whose run is not known to have failed,
 * `latest-success` the newest whose run is known to have gone well. A failed run replaces none.
 *
 * @throws PublishError `bad-parameter` before anything is written, `upload-failed`
 */
export async function publishPage(site: Site, page: PageToPublish): Promise<PublishedPage> {
  const {storage} = site;
  checkTag(page.tag);
  const names = (page.stableNames ?? []).map(stableName);
  await putMissing(storage, page.assets);
  const key = await putPage(storage, page);
  await storage.put(entryKey(key), `${JSON.stringify(toEntry(page, key))}\n`);
  await putMissing(storage, page.assets); // pruned since, by somebody who did not know the entry
  const {pointers, withheld} = pointersOf(page, names);
  for (const pointer of pointers) {
    await claimPointer(storage, {pointer, page: key, at: page.at});
  }
  return {
    page: key,
    link: siteLink(site, key),
    pointers: pointers.map((pointer) => siteLink(site, pointer)),
    withheld,
  };
}

/** The short names last: what people look at most changes when all else is there. */
function pointersOf(
  {facts: {notebook, status}, tag}: PageToPublish,
  stableNames: readonly string[],
): {readonly pointers: string[]; readonly withheld: string[]} {
  const newest = [latestName({notebook, tag}, "latest"), ...stableNames];
  if (!isNoFailure(status)) return {pointers: [], withheld: newest};
  const success = latestName({notebook, tag}, "latest-success");
  return {pointers: isSuccess(status) ? [success, ...newest] : newest, withheld: []};
}

async function putMissing(storage: Storage, files: readonly SharedFile[]): Promise<void> {
  await Promise.all(
    files.map(async ({key, content}) => {
      if (!(await storage.has(key))) await storage.put(key, content, {immutable: true});
    }),
  );
}

/** Under the first name that is free; the same run published again keeps its page. */
async function putPage(storage: Storage, {html, facts, tag, at}: PageToPublish): Promise<string> {
  const {notebook} = facts;
  for (let attempt = 1; attempt <= mostInOneSecond; ++attempt) {
    const key = pageName({notebook, tag, at}, attempt);
    if (await storage.create(key, html)) return key;
    if ((await storage.get(key))?.equals(Buffer.from(html)) === true) return key;
  }
  const message = `${storage.place}: expected a free name for a page of "${notebook}", found none`;
  throw new PublishError("upload-failed", `${message}; publish it in another second`);
}

/** Longest text of a parameter's value that the index keeps. */
const longestValue = 200;

function toEntry({html, assets, thumbnail, facts, tag}: PageToPublish, page: string): SiteEntry {
  const {startedAt, parameters, ...rest} = facts;
  return {
    schema: 1,
    page,
    ...rest,
    tag: tag === undefined || tag === "" ? null : tag,
    startedAt: new Date(startedAt).toISOString(),
    publishedAt: new Date(nowMs()).toISOString(),
    parameters: parameters.map(([name, value]) => [name, shortened(value)]),
    thumbnail: thumbnail ?? null,
    assets: assets.map(({key}) => key),
    bytes: Buffer.byteLength(html),
  };
}

function shortened(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}
