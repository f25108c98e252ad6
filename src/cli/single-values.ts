import type {Argv, MiddlewareFunction} from "yargs";
import {ReckonError} from "../errors.js";

/**
 * Refuses a flag that takes one value and was given more: which one was meant is not known.
 *
 * @param args the command line's, to name the flag as it was written
 * @param parser knows which flags may be repeated
 * @returns a middleware that throws ReckonError `misuse`
 */
export function singleValues(args: readonly string[], parser: () => Argv): MiddlewareFunction {
  return (argv) => {
    const repeatable = new Set(["_", "--", ...arrayFlags(parser())]);
    for (const [name, value] of Object.entries(argv)) {
      const flag = `${name.length === 1 ? "-" : "--"}${name}`;
      const isWritten = args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));
      if (Array.isArray(value) && isWritten && !repeatable.has(name)) {
        const times = value.length === 2 ? "twice" : `${value.length} times`;
        throw new ReckonError("misuse", {
          place: flag,
          expected: "one value",
          found: `it given ${times}: ${value.join(", ")}`,
          fix: "leave in the one that is meant",
        });
      }
    }
  };
}

/** The names of the flags that are declared as lists, aliases included; not in the typings. */
function arrayFlags(parser: Argv): readonly string[] {
  return (parser as Argv & {getOptions(): {array: string[]}}).getOptions().array;
}
