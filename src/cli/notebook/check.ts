import process from "node:process";
import type {CommandModule} from "yargs";
import {type Complaint, checkNotebookText} from "../../../publish/notebook/clean/check-notebook.js";
import {readNotebookText} from "../../../publish/notebook/file/read-notebook.js";

interface CheckFlags {
  readonly notebooks: readonly string[];
  readonly json: boolean;
}

/** `reckon notebook check NOTEBOOK…`. */
export const notebookCheckCommand: CommandModule<object, CheckFlags> = {
  command: "check <notebooks..>",
  describe: "say what keeps notebooks from being committed",
  builder: (argv) =>
    argv
      .positional("notebooks", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "files, which are only read",
      })
      .option("json", {type: "boolean", default: false, describe: "print a list of JSON objects"})
      .epilogue(
        [
          "It asks for a notebook of format 4.5 without outputs, paths of one machine, secrets and",
          "misspelt tags, with parameters that parse. Exit code 1 when there is anything to mend.",
        ].join(" "),
      ) as never,
  handler: async ({notebooks, json}) => {
    const found: (Complaint & {readonly path: string})[] = [];
    for (const path of notebooks) {
      const complaints = await checkNotebookText(await readNotebookText(path), path);
      found.push(...complaints.map((complaint) => ({path, ...complaint})));
    }
    const lines = found.map((one) => `${placeOf(one)}: ${one.message}\n`).join("");
    process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : lines);
    process.exitCode = found.length > 0 ? 1 : 0;
  },
};

function placeOf({path, cell, line}: Complaint & {readonly path: string}): string {
  if (cell === null) return path;
  return line === null ? `${path}: cell ${cell}` : `${path}: cell ${cell}, line ${line}`;
}
