import type {Argv, MiddlewareFunction} from "yargs";
import {ReckonError} from "../errors.js";

/**
 * Refuses a flag that takes a number and was given something else, or nothing: of the one the
 * parser keeps NaN alone, of the other its default; of one that follows a number, one more than it.
 *
 * @param args the command line's
 * @param parser knows which flags take numbers
 * @returns a middleware that throws ReckonError `misuse`
 */
export function numberValues(args: readonly string[], parser: () => Argv): MiddlewareFunction {
  return (argv) => {
    for (const name of numberFlags(parser())) {
      const place = `${name.length === 1 ? "-" : "--"}${name}`;
      for (const given of valuesOf(place, args)) {
        const isNothing = given === undefined || given === "" || given.startsWith("--");
        if (isNothing || Number.isNaN(argv[name])) {
          const found = isNothing ? "nothing" : JSON.stringify(given);
          throw new ReckonError("misuse", {place, expected: "a number", found});
        }
      }
    }
  };
}

/** What stands behind a flag each time it is written. */
function valuesOf(place: string, args: readonly string[]): (string | undefined)[] {
  return args.flatMap((arg, at) =>
    arg === place
      ? [args[at + 1]]
      : arg.startsWith(`${place}=`)
        ? [arg.slice(place.length + 1)]
        : [],
  );
}

/** The names of the flags that are declared as numbers, aliases included; not in the typings. */
function numberFlags(parser: Argv): readonly string[] {
  return (parser as Argv & {getOptions(): {number: string[]}}).getOptions().number;
}
