import type {CommandModule} from "yargs";
import {notebookCheckCommand} from "./check.js";
import {notebookHelpCommand} from "./help.js";
import {notebookKernelCommand} from "./kernel.js";
import {notebookNewCommand} from "./new.js";
import {notebookRunCommand} from "./run.js";
import {notebookSchemaCommand} from "./schema.js";
import {notebookStripCommand} from "./strip.js";
import {notebookTextCommand} from "./text.js";

/** `reckon notebook …`. */
export const notebookCommand: CommandModule = {
  builder: (argv) =>
    argv
      .command(notebookNewCommand)
      .command(notebookRunCommand)
      .command(notebookHelpCommand)
      .command(notebookStripCommand)
      .command(notebookCheckCommand)
      .command(notebookTextCommand)
      .command(notebookSchemaCommand)
      .command(notebookKernelCommand)
      .epilogue(parametersHelp)
      .demandCommand(1, "an action is needed: new, run, help, strip, check, text, schema, kernel"),
  handler: () => {},
};

const parametersHelp = [
  'Parameters stand in the cell tagged "parameters", one declaration each, with the types that a',
  "value from outside must have: string, number, boolean, literals and their unions, arrays,",
  "tuples, records, objects, Date (given as ISO 8601 text), null. For what TypeScript has no type",
  'of, import or declare Integer, DateText and SecretText ("reckon" has them), or write @integer,',
  "@date or @secret into the comment above.",
].join(" ");
