import * as fc from "fast-check";
import {describe, expect, it} from "vitest";
import {StreamText} from "../../../../publish/notebook/output/stream-text.js";

function fold(...pieces: string[]): string {
  const text = new StreamText();
  for (const piece of pieces) {
    text.append(piece);
  }
  return String(text);
}

describe("StreamText", () => {
  const cases: [name: string, pieces: string[], wanted: string][] = [
    ["plain lines", ["a\nb", "c\n"], "a\nbc\n"],
    ["a line written again", ["10 %\r", "20 %\r", "30 %"], "30 %"],
    ["a return at the end changes nothing yet", ["abc\r"], "abc"],
    ["a shorter line leaves the rest of the longer", ["abc\rX"], "Xbc"],
    ["a return before a line break", ["abc\r\ndef\r", "\n"], "abc\ndef\n"],
    ["split between return and text", ["abc", "\r", "de"], "dec"],
    ["many lines", ["1\r2\n3\r4\n"], "2\n4\n"],
    ["nothing", [], ""],
  ];
  it.each(cases)("folds %s", (_name, pieces, wanted) => {
    expect(fold(...pieces)).toBe(wanted);
  });

  it("does not depend on how the text was cut", () => {
    const piece = fc.string({unit: fc.constantFrom("a", "b", "\r", "\n", " "), maxLength: 8});
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(fold(...pieces)).toBe(fold(pieces.join("")));
      }),
      {seed: 4, numRuns: 500},
    );
  });
});
