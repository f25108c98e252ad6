import {existsSync} from "node:fs";
import process from "node:process";
import type {Argv} from "yargs";
import type {SiteRequest} from "../../../publish/site/site.js";
import {ReckonError} from "../../errors.js";

/** The flags that say which site, and how it is reached. */
export interface SiteFlags {
  readonly site: string | undefined;
  readonly awsProfile: string | undefined;
  readonly baseUrl: string | undefined;
  readonly public: boolean;
}

/** Declares them, under a heading of their own. */
export function siteOptions(argv: Argv): Argv {
  return argv
    .option("site", {
      alias: ["target-dir", "s3-path"],
      type: "string",
      describe: "a folder or s3://bucket/prefix [default: RECKON_SITE]",
    })
    .option("aws-profile", {
      type: "string",
      describe: "profile of the AWS files; region, endpoint and keys come from there or AWS_*",
    })
    .option("base-url", {
      type: "string",
      describe: "where the site is on the web [default: RECKON_SITE_URL, else its site.json]",
    })
    .option("public", {
      type: "boolean",
      default: false,
      describe: "everybody may read what is put into the bucket; without it nothing is public",
    })
    .group(["site", "aws-profile", "base-url", "public"], "Site");
}

/** Declares what a page on the site is called. */
export function pageOptions(argv: Argv): Argv {
  return argv
    .option("tag", {type: "string", describe: "part of the page's name on the site"})
    .option("stable-name", {
      type: "string",
      array: true,
      nargs: 1,
      default: [],
      describe: "a name that shows the newest good page, for example C1.last_5minutes",
    })
    .group(["tag", "stable-name"], "Site");
}

/** The site that the flags or the environment name; undefined where neither does. */
export function siteOf(
  flags: SiteFlags,
  env: Readonly<Record<string, string | undefined>> = process.env,
): SiteRequest | undefined {
  const place = flags.site || env.RECKON_SITE || undefined;
  if (place === undefined) return undefined;
  const {awsProfile, baseUrl, public: isPublic} = flags;
  return {
    place,
    isPublic,
    ...(awsProfile !== undefined && {profile: awsProfile}),
    ...(baseUrl !== undefined && {baseUrl}),
  };
}

/** @throws ReckonError `misuse` where neither flags nor environment name a site */
export function requiredSite(flags: SiteFlags): SiteRequest {
  const site = siteOf(flags);
  if (site !== undefined) return site;
  const fix = "give a folder or s3://bucket/prefix, or set RECKON_SITE";
  throw new ReckonError("misuse", {place: "--site", expected: "a site", found: "none", fix});
}

/** @throws ReckonError `misuse` as above, and for a folder that is not there */
export function existingSite(flags: SiteFlags): SiteRequest {
  const site = requiredSite(flags);
  if (site.place.startsWith("s3://") || existsSync(site.place)) return site;
  const fix = "name its folder; `reckon notebook run N.ipynb --site FOLDER` makes one";
  const found = `no folder ${site.place}`;
  throw new ReckonError("misuse", {place: "--site", expected: "a site", found, fix});
}
