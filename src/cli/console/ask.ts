import process from "node:process";
import {createInterface} from "node:readline/promises";
import type {Readable, Writable} from "node:stream";
import {ReckonError} from "../../errors.js";

/** Where a person reads and answers. */
export interface Terminal {
  readonly input: Readable & {readonly isTTY?: boolean};
  readonly output: Writable;
}

/**
 * Puts a question to whoever is at the terminal; only `y` or `yes` means yes. An end of input is
 * no.
 *
 * @param flag the one that asks for questions, for the message
 * @throws ReckonError `misuse` where nobody can answer
 */
export function askerOf(
  flag: string,
  {input, output}: Terminal = {input: process.stdin, output: process.stdout},
): (question: string) => Promise<boolean> {
  if (input.isTTY !== true) {
    throw new ReckonError("misuse", {
      place: flag,
      expected: "a terminal with somebody who answers",
      found: "none",
      fix: "leave it out where a scheduler runs this",
    });
  }
  return async (question) => {
    const lines = createInterface({input, output});
    try {
      const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
      const answer = await Promise.race([lines.question(`${question} [y/n] `), ended]);
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      lines.close();
    }
  };
}
