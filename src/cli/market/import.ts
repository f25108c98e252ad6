import type {CommandModule, InferredOptionTypes} from "yargs";
import {ReckonError} from "../../errors.js";
import {print, SERIES, STORE, seriesOf} from "./options.js";
import {formatImport} from "./text.js";

const IMPORT = {
  ...STORE,
  ...SERIES,
  strict: {type: "boolean", default: false, describe: "store nothing when any row is bad"},
  instruments: {type: "string", describe: "JSON file with a list of instrument records"},
  kind: {
    choices: ["spot", "linear", "inverse"],
    default: "linear",
    describe: "kind of the instruments that have no record",
  },
} as const;

/** `reckon market import`: csv into the store. */
export const importCommand: CommandModule<
  object,
  {dir: string} & InferredOptionTypes<typeof IMPORT>
> = {
  command: "import <dir>",
  describe: "csv and csv.gz files of bars into the store",
  builder: (flags) => flags.positional("dir", {type: "string", demandOption: true}).options(IMPORT),
  async handler(args) {
    const {importCsv} = await import("../../market/csv/import-csv.js");
    const report = await importCsv({
      from: args.dir,
      ...seriesOf(args),
      isStrict: args.strict,
      kind: args.kind as "spot" | "linear" | "inverse",
      ...(args.instruments === undefined ? {} : {instrumentFile: args.instruments}),
    });
    print(args, report, formatImport);
    if (report.status === "refused") {
      throw new ReckonError("bad-data", {
        place: args.dir,
        expected: "no bad row, as --strict asks",
        found: "the rows listed above",
        fix: "mend the files, or import without --strict, which leaves bad rows out",
      });
    }
  },
};
