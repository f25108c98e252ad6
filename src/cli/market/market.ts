import type {CommandModule} from "yargs";
import {checkCommand} from "./check.js";
import {collectCommand} from "./collect.js";
import {dumpCommand} from "./dump.js";
import {fetchCommand} from "./fetch.js";
import {importCommand} from "./import.js";
import {listCommand} from "./list.js";

/** `reckon market …`: the market store, into it and out of it. */
export const marketCommand: CommandModule = {
  builder: (flags) =>
    flags
      .command(importCommand)
      .command(fetchCommand)
      .command(collectCommand)
      .command(dumpCommand)
      .command(checkCommand)
      .command(listCommand)
      .demandCommand(1, "an action is needed: import, fetch, collect, dump, check or list"),
  handler: () => undefined,
};
