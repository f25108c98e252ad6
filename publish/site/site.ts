import {openStorage, type StorageOptions} from "../storage/open-storage.js";
import type {Storage} from "../storage/storage.js";
import {readSiteConfig, type SiteConfig} from "./site-config.js";

/** Where published pages are collected. */
export interface Site {
  readonly storage: Storage;
  readonly config: SiteConfig;
}

/** Which site, and how it is reached. */
export interface SiteRequest extends StorageOptions {
  /** A folder or `s3://bucket/prefix`. */
  readonly place: string;
  /** Where the site is on the web; goes before what `site.json` says. */
  readonly baseUrl?: string;
}

/**
 * Opens a site for the time of `use`.
 *
 * @throws PublishError `bad-parameter` for a place or a `site.json` that makes no sense;
 *   `upload-failed` when the site cannot be read
 */
export async function withSite<T>(
  {place, baseUrl, ...options}: SiteRequest,
  use: (site: Site) => Promise<T>,
): Promise<T> {
  const storage = openStorage(place, options);
  try {
    return await use({storage, config: await readSiteConfig(storage, baseUrl)});
  } finally {
    storage.close();
  }
}

/** The link to a file of the site: on the web where the site says so, else where it lies. */
export function siteLink({storage, config}: Site, key: string): string {
  if (config.baseUrl === undefined) return storage.address(key);
  const path = key.split("/").map(encodeURIComponent).join("/");
  return `${config.baseUrl.replace(/\/*$/, "/")}${path}`;
}
