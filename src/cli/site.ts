import type {CommandModule} from "yargs";
import {siteBuildCommand} from "./site-build.js";
import {sitePruneCommand} from "./site-prune.js";

/** `reckon site …`. */
export const siteCommand: CommandModule = {
  command: "site <action>",
  describe: "index, serve and tidy up published pages",
  builder: (argv) =>
    argv
      .command(siteBuildCommand)
      .command(sitePruneCommand)
      .demandCommand(1, "an action is needed: build, prune"),
  handler: () => {},
};
