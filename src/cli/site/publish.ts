import {join} from "node:path";
import process from "node:process";
import {pathToFileURL} from "node:url";
import type {CommandModule} from "yargs";
import {type PageOfFile, pageOfFile} from "../../../publish/result/publish-file.js";
import {storeLinks} from "../../../publish/result/record/record-beside.js";
import {buildSite} from "../../../publish/site/index/build-site.js";
import {pageName} from "../../../publish/site/page-names.js";
import {publishPage, withheldNotes} from "../../../publish/site/publish-page.js";
import {withSite} from "../../../publish/site/site.js";
import {isS3Place} from "../../../publish/storage/s3-storage.js";
import {writeWhole} from "../../../publish/whole-file.js";
import {systemClock} from "../../time/system-clock.js";
import {openInBrowser} from "../console/open-in-browser.js";
import {pageOptions, requiredSite, type SiteFlags, siteOf, siteOptions} from "./options.js";

interface PublishFlags extends SiteFlags {
  readonly file: string;
  readonly action: "convert" | "open" | "publish";
  readonly tag: string | undefined;
  readonly stableName: readonly string[];
  readonly index: boolean;
}

/** `reckon publish …`. */
export const publishCommand: CommandModule<object, PublishFlags> = {
  builder: (argv) =>
    siteOptions(pageOptions(argv))
      .option("file", {type: "string", demandOption: true, describe: "an executed .ipynb or .html"})
      .option("action", {
        choices: ["convert", "open", "publish"] as const,
        default: "convert" as const,
        describe: "convert: make the page, in the folder or here; open: and show it in a browser",
      })
      .option("index", {type: "boolean", default: true, describe: "make the site's index anew"})
      .example("$0 publish --file r/pnl.0.ipynb --action publish --site s3://desk/pages", "")
      .epilogue("Exit codes: 0 done; 2 misuse; 8 not all could be shown; 9 the upload failed.")
      .strict() as never,
  handler: async (flags) => {
    const page = await pageOfFile(flags.file, systemClock.now());
    for (const problem of page.problems) process.stderr.write(`${problem}\n`);
    const write = flags.action === "publish" ? publishIt : convertIt;
    await write(flags, page);
    if (page.problems.length > 0) process.exitCode = 8;
  },
};

/** As one file that can be sent: into the folder that is named, else into this one. */
async function convertIt(flags: PublishFlags, page: PageOfFile): Promise<void> {
  const named = {notebook: page.facts.notebook, tag: flags.tag, at: systemClock.now()};
  const place = siteOf(flags)?.place ?? ".";
  const path = join(isS3Place(place) ? "." : place, pageName(named));
  await writeWhole(path, page.html);
  process.stdout.write(`${path}\n`);
  if (flags.action === "open") openInBrowser(pathToFileURL(path).href);
}

async function publishIt(flags: PublishFlags, page: PageOfFile): Promise<void> {
  const lines = await withSite(requiredSite(flags), async (site) => {
    const published = await publishPage(site, {
      html: page.shared.html,
      assets: page.shared.files,
      thumbnail: page.thumbnail,
      facts: page.facts,
      tag: flags.tag,
      at: systemClock.now(),
      stableNames: flags.stableName,
    });
    if (flags.index) await buildSite(site);
    for (const note of withheldNotes(published)) process.stderr.write(`${note}\n`);
    return [published.link, ...published.pointers];
  });
  process.stdout.write(`${lines.join("\n")}\n`);
  await storeLinks(flags.file, lines);
}
