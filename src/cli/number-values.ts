import type {Argv, MiddlewareFunction} from "yargs";
import {ReckonError} from "../errors.js";

/**
 * Refuses a flag that takes a number and was given something else, or nothing: of the one the
 * parser keeps NaN alone, of the other its default.
 *
 * @param args the command line's
 * @param parser knows which flags take numbers
 * @returns a middleware that throws ReckonError `misuse`
 */
export function numberValues(args: readonly string[], parser: () => Argv): MiddlewareFunction {
  return (argv) => {
    for (const name of numberFlags(parser())) {
      const place = `${name.length === 1 ? "-" : "--"}${name}`;
      const at = args.findIndex((arg) => arg === place || arg.startsWith(`${place}=`));
      if (at < 0) {
        continue;
      }
      const given = args[at] === place ? args[at + 1] : args[at]?.slice(place.length + 1);
      const isNothing = given === undefined || given === "" || given.startsWith("--");
      if (isNothing || Number.isNaN(argv[name])) {
        const found = isNothing ? "nothing" : JSON.stringify(given);
        throw new ReckonError("misuse", {place, expected: "a number", found});
      }
    }
  };
}

/** The names of the flags that are declared as numbers, aliases included; not in the typings. */
function numberFlags(parser: Argv): readonly string[] {
  return (parser as Argv & {getOptions(): {number: string[]}}).getOptions().number;
}
