import type {CommandModule, InferredOptionTypes} from "yargs";
import {print, STORE} from "./options.js";
import {formatSeries} from "./text.js";

/** `reckon market list`: what the store holds. */
export const listCommand: CommandModule<object, InferredOptionTypes<typeof STORE>> = {
  command: "list",
  describe: "what the store holds",
  builder: (flags) => flags.options(STORE),
  async handler(args) {
    const {listMarket} = await import("../../market/parquet/list-market.js");
    print(args, await listMarket(args["data-dir"]), formatSeries);
  },
};
