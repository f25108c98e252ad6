import process from "node:process";
import type {CommandModule} from "yargs";
import {serveSite} from "../../publish/site/serve/serve-site.js";
import {requiredSite, type SiteFlags, siteOptions} from "./site-options.js";
import {untilInterrupted} from "./until-interrupted.js";

interface ServeFlags extends SiteFlags {
  readonly port: number;
}

/** `reckon site serve`. */
export const siteServeCommand: CommandModule<object, ServeFlags> = {
  command: "serve",
  describe: "show a site in a browser on this machine; open pages refresh themselves",
  builder: (argv) =>
    siteOptions(argv).option("port", {
      type: "number",
      default: 8765,
      describe: "on 127.0.0.1; 0 takes a free one",
    }) as never,
  handler: async (flags) => {
    const {place} = requiredSite(flags);
    await untilInterrupted((signal) =>
      serveSite({
        dir: place,
        port: flags.port,
        signal,
        onListening: (address) => process.stdout.write(`${address}\nCtrl-C ends it\n`),
      }),
    );
  },
};
