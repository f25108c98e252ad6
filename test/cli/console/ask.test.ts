import {PassThrough} from "node:stream";
import {expect, it} from "vitest";
import {askerOf} from "../../../src/cli/console/ask.js";

function terminal(isTTY = true) {
  const [input, output] = [Object.assign(new PassThrough(), {isTTY}), new PassThrough()];
  return {input, output};
}

it.each<[answer: string, isYes: boolean]>([
  ["y", true],
  [" Yes ", true],
  ["n", false],
  ["", false],
  ["yet", false],
])("takes %j for an answer", async (answer, isYes) => {
  const at = terminal();
  const asked = askerOf("--interactive", at)("Is the file ok?");
  at.input.write(`${answer}\n`);
  expect(await asked).toBe(isYes);
  expect(String(at.output.read())).toContain("Is the file ok? [y/n] ");
});

it("takes the end of input for a no", async () => {
  const at = terminal();
  const asked = askerOf("--interactive", at)("Is the file ok?");
  at.input.end();
  expect(await asked).toBe(false);
});

it("asks nobody where there is no terminal", () => {
  expect(() => askerOf("--interactive", terminal(false))).toThrow(
    "--interactive: expected a terminal with somebody who answers, found none; leave it out",
  );
});
