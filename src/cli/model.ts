import process from "node:process";
import type {CommandModule} from "yargs";
import {MODELS} from "../models/registry.js";

const listCommand: CommandModule<object, {json: boolean}> = {
  command: "list",
  describe: "ids, aliases and what each model is",
  builder: (argv) => argv.option("json", {type: "boolean", default: false, describe: "print JSON"}),
  handler: ({json}) => {
    const rows = MODELS.map(({id, aliases = [], summary}) => ({id, aliases, summary}));
    const lines = rows.map(({id, aliases, summary}) =>
      [id.padEnd(8), aliases.join(", ").padEnd(10), summary].join("  "),
    );
    process.stdout.write(`${json ? JSON.stringify(rows, null, 2) : lines.join("\n")}\n`);
  },
};

/** `reckon model …`. */
export const modelCommand: CommandModule = {
  command: "model <action>",
  describe: "the trading models there are",
  builder: (argv) => argv.command(listCommand).demandCommand(1, "an action is needed: list"),
  handler: () => {},
};
