import process from "node:process";
import type {CommandModule} from "yargs";
import {stripNotebookFile} from "../../../publish/notebook/clean/strip.js";

/** `reckon notebook strip NOTEBOOK…`. */
export const notebookStripCommand: CommandModule<object, {readonly notebooks: string[]}> = {
  command: "strip <notebooks..>",
  describe: "take outputs, counts and traces of runs out of notebooks",
  builder: (argv) =>
    argv.positional("notebooks", {
      type: "string",
      array: true,
      demandOption: true,
      describe: "files, changed in place",
    }) as never,
  handler: async ({notebooks}) => {
    for (const path of notebooks) {
      const isChanged = await stripNotebookFile(path);
      process.stdout.write(`${path}: ${isChanged ? "stripped" : "clean already"}\n`);
    }
  },
};
