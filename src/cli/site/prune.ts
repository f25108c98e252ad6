import process from "node:process";
import type {CommandModule} from "yargs";
import {buildSite} from "../../../publish/site/index/build-site.js";
import {pruneSite} from "../../../publish/site/prune-site.js";
import {withSite} from "../../../publish/site/site.js";
import {ReckonError} from "../../errors.js";
import {existingSite, type SiteFlags, siteOptions} from "./options.js";

interface PruneFlags extends SiteFlags {
  readonly keep: number | undefined;
  readonly keepDays: number | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** `reckon site prune`. */
export const sitePruneCommand: CommandModule<object, PruneFlags> = {
  command: "prune",
  describe: "remove old pages, never one that a name that stays shows",
  builder: (argv) =>
    siteOptions(argv)
      .option("keep", {type: "number", describe: "pages of each notebook and tag that stay"})
      .option("keep-days", {type: "number", describe: "days that every page stays"})
      .option("dry-run", {type: "boolean", default: false, describe: "only tell what would go"})
      .option("json", {type: "boolean", default: false, describe: "as JSON"}) as never,
  handler: async (flags) => {
    const limits = {
      keep: wholeNumber("--keep", flags.keep),
      keepDays: wholeNumber("--keep-days", flags.keepDays),
      dryRun: flags.dryRun,
    };
    if (limits.keep === undefined && limits.keepDays === undefined) {
      const expected = "--keep N, --keep-days D or both";
      throw new ReckonError("misuse", {place: "site prune", expected, found: "neither"});
    }
    await withSite(existingSite(flags), async (site) => {
      const pruned = await pruneSite(site, limits);
      if (!flags.dryRun) await buildSite(site);
      const {assets, freedBytes, keptPages, leftOver, pages} = pruned;
      const keys = [...pages, ...assets, ...leftOver].map((key) => `${key}\n`).join("");
      const megabytes = (freedBytes / 1e6).toFixed(1);
      const verb = flags.dryRun ? "would remove" : "removed";
      const text =
        `${keys}${verb} ${pages.length} pages, ${assets.length} shared files and ` +
        `${leftOver.length} left over, ${megabytes} MB; ${keptPages} pages stay\n`;
      process.stdout.write(flags.json ? `${JSON.stringify(pruned)}\n` : text);
    });
  },
};

function wholeNumber(place: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= 0)) return value;
  throw new ReckonError("misuse", {place, expected: "a whole number from 0 on", found: `${value}`});
}
