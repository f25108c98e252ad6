import process from "node:process";
import type {CommandModule} from "yargs";
import {buildSite} from "../../../publish/site/index/build-site.js";
import {siteLink, withSite} from "../../../publish/site/site.js";
import {isNoFailure} from "../../../publish/site/site-entry.js";
import {formatCount} from "../../words.js";
import {existingSite, type SiteFlags, siteOptions} from "./options.js";

/** `reckon site build`. */
export const siteBuildCommand: CommandModule<object, SiteFlags> = {
  command: "build",
  describe: "make the index of a site anew",
  builder: (argv) => siteOptions(argv) as never,
  handler: async (flags) => {
    await withSite(existingSite(flags), async (site) => {
      const {entries, unreadable} = await buildSite(site);
      for (const key of unreadable) process.stderr.write(`${key}: no entry; left out\n`);
      const failed = entries.filter(({status}) => !isNoFailure(status)).length;
      process.stdout.write(`${formatCount(entries.length, "run")}, ${failed} failed\n`);
      process.stdout.write(`${siteLink(site, "index.html")}\n`);
    });
  },
};
