import process from "node:process";
import type {CommandModule} from "yargs";
import {parseNotebookText, toNotebookText} from "../../../publish/notebook/clean/notebook-text.js";
import {readNotebook, readNotebookText} from "../../../publish/notebook/file/read-notebook.js";
import {writeNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {writeWhole} from "../../../publish/whole-file.js";
import {ReckonError} from "../../errors.js";

const notebookEnding = /\.ipynb$/;
const textEnding = /\.nb\.ts$/;

/** `reckon notebook text FILE`. */
export const notebookTextCommand: CommandModule<object, {readonly file: string}> = {
  command: "text <file>",
  describe: "write NAME.ipynb as NAME.nb.ts, a TypeScript file to review; and back",
  builder: (argv) =>
    argv
      .positional("file", {
        type: "string",
        demandOption: true,
        describe: "NAME.ipynb or NAME.nb.ts",
      })
      .epilogue(
        [
          "A line `// %% [code] id {metadata}` begins each cell. Outputs are left out; all else",
          "comes back exactly as it was.",
        ].join(" "),
      ) as never,
  handler: async ({file}) => {
    if (notebookEnding.test(file)) {
      const path = file.replace(notebookEnding, ".nb.ts");
      await writeWhole(path, toNotebookText(await readNotebook(file)));
      process.stdout.write(`wrote ${path}\n`);
    } else if (textEnding.test(file)) {
      const path = file.replace(textEnding, ".ipynb");
      await writeNotebook(path, parseNotebookText(await readNotebookText(file), file));
      process.stdout.write(`wrote ${path}\n`);
    } else {
      const expected = "a file NAME.ipynb or NAME.nb.ts";
      throw new ReckonError("misuse", {place: "file", expected, found: file});
    }
  },
};
