import type {CommandModule} from "yargs";
import {siteBuildCommand} from "./site-build.js";
import {sitePruneCommand} from "./site-prune.js";
import {siteServeCommand} from "./site-serve.js";

/** `reckon site …`. */
export const siteCommand: CommandModule = {
  command: "site <action>",
  describe: "index, serve and tidy up published pages",
  builder: (argv) =>
    argv
      .command(siteBuildCommand)
      .command(siteServeCommand)
      .command(sitePruneCommand)
      .demandCommand(1, "an action is needed: build, serve, prune"),
  handler: () => {},
};
