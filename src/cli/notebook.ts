import type {CommandModule} from "yargs";
import {notebookKernelCommand} from "./notebook-kernel.js";
import {notebookNewCommand} from "./notebook-new.js";
import {notebookRunCommand} from "./notebook-run.js";
import {notebookSchemaCommand} from "./notebook-schema.js";

/** `reckon notebook …`. */
export const notebookCommand: CommandModule = {
  command: "notebook <action>",
  describe: "run, publish and keep TypeScript notebooks",
  builder: (argv) =>
    argv
      .command(notebookNewCommand)
      .command(notebookRunCommand)
      .command(notebookSchemaCommand)
      .command(notebookKernelCommand)
      .demandCommand(1, "an action is needed: new, run, schema, kernel"),
  handler: () => {},
};
