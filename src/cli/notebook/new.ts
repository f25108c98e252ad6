import process from "node:process";
import type {CommandModule} from "yargs";
import {newNotebook} from "../../../publish/notebook/file/new-notebook.js";

interface NewFlags {
  readonly name: string;
  readonly skeleton: string;
  readonly dstDir: string;
}

/** `reckon notebook new NAME`. */
export const notebookNewCommand: CommandModule<object, NewFlags> = {
  command: "new <name>",
  describe: "a notebook of your own, from a skeleton",
  builder: (argv) =>
    argv
      .positional("name", {type: "string", demandOption: true, describe: "for example funding"})
      .option("skeleton", {
        type: "string",
        default: "report",
        describe: "report: parameters, table, figure, results; run: of a run folder; blank",
      })
      .option("dst-dir", {type: "string", default: ".", describe: "where it goes"}) as never,
  handler: async ({name, skeleton, dstDir}) => {
    const path = await newNotebook({name, skeleton, dir: dstDir});
    process.stdout.write(`wrote ${path}\nnext:\nnpx reckon notebook run ${path}\n`);
  },
};
