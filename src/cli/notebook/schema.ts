import process from "node:process";
import type {CommandModule} from "yargs";
import {runRecordJsonSchema} from "../../../publish/result/record/run-record-schema.js";

/** `reckon notebook schema`. */
export const notebookSchemaCommand: CommandModule = {
  command: "schema",
  describe: "print the JSON Schema of run.json, the record of a run",
  handler: () => {
    process.stdout.write(`${JSON.stringify(runRecordJsonSchema(), null, 2)}\n`);
  },
};
