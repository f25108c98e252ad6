import type {CommandModule} from "yargs";
import {siteBuildCommand} from "./build.js";
import {sitePruneCommand} from "./prune.js";
import {siteServeCommand} from "./serve.js";

/** `reckon site …`. */
export const siteCommand: CommandModule = {
  builder: (argv) =>
    argv
      .command(siteBuildCommand)
      .command(siteServeCommand)
      .command(sitePruneCommand)
      .demandCommand(1, "an action is needed: build, serve, prune"),
  handler: () => {},
};
