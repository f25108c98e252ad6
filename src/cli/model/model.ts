import process from "node:process";
import type {CommandModule} from "yargs";
import {knownModels} from "../../models/registry.js";
import {formatTextTable} from "../console/text-table.js";
import {modelCheckCommand} from "./check.js";
import {modelNewCommand} from "./new.js";

const listCommand: CommandModule<object, {json: boolean}> = {
  command: "list",
  describe: "ids, aliases, where each model comes from and what it is",
  builder: (argv) => argv.option("json", {type: "boolean", default: false, describe: "print JSON"}),
  handler: ({json}) => {
    const {known, broken} = knownModels();
    const rows = known.map(({model: {id, aliases = [], summary}, source}) => ({
      id,
      aliases,
      source,
      summary,
    }));
    const table = () =>
      formatTextTable(rows, [
        {title: "id", cell: ({id}) => id},
        {title: "aliases", cell: ({aliases}) => aliases.join(", ")},
        {title: "source", cell: ({source}) => source},
        {title: "summary", cell: ({summary}) => summary},
      ]);
    process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : table());
    for (const {message} of broken) {
      process.stderr.write(`does not load: ${message}\n`);
    }
    if (broken.length > 0) {
      process.exitCode = 2;
    }
  },
};

/** `reckon model …`. */
export const modelCommand: CommandModule = {
  builder: (argv) =>
    argv
      .command(listCommand)
      .command(modelNewCommand)
      .command(modelCheckCommand)
      .demandCommand(1, "an action is needed: list, new, check"),
  handler: () => {},
};
