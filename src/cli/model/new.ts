import {join, relative, resolve} from "node:path";
import process from "node:process";
import type {CommandModule} from "yargs";
import {newModel} from "../../flows/new-model.js";

interface NewFlags {
  readonly id: string;
  readonly dstDir: string;
}

/** `reckon model new`. */
export const modelNewCommand: CommandModule = {
  command: "new <id>",
  describe: "a model of your own, from the template, in your desk's folder",
  builder: (argv) =>
    argv
      .positional("id", {type: "string", demandOption: true, describe: "its id, for example R1"})
      .option("dst-dir", {
        type: "string",
        default: ".",
        describe: "the desk's folder; made when it is not there",
      }),
  handler: (parsed) => {
    const {id, dstDir} = parsed as unknown as NewFlags;
    const {written, lineToAdd, linkedTo} = newModel({id, dir: dstDir});
    for (const name of written) {
      process.stdout.write(`wrote ${join(dstDir, name)}\n`);
    }
    if (linkedTo !== undefined) {
      process.stdout.write(`linked ${join(dstDir, "node_modules", "reckon")} to ${linkedTo}\n`);
    }
    if (lineToAdd !== undefined) {
      const file = join(dstDir, "reckon.config.yaml");
      process.stdout.write(`add to ${file}, below \`models:\`\n${lineToAdd}\n`);
    }
    const isElsewhere = relative(process.cwd(), resolve(dstDir)) !== "";
    const first = isElsewhere ? [`export RECKON_CONFIG_DIR=${resolve(dstDir)}`] : [];
    process.stdout.write(`next:\n${[...first, `reckon model check ${id}`].join("\n")}\n`);
  },
};
