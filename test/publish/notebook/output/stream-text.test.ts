import * as fc from "fast-check";
import {describe, expect, it} from "vitest";
import {StreamText} from "../../../../publish/notebook/output/stream-text.js";
import {TerminalLine} from "../../../../publish/notebook/output/terminal-line.js";

function fold(...pieces: string[]): string {
  const text = new StreamText();
  for (const piece of pieces) {
    text.append(piece);
  }
  return String(text);
}

/** A text without the colour codes that change nothing. */
function seen(text: string): string {
  return text
    .split("\n")
    .map((line) => String(new TerminalLine(line)))
    .join("\n");
}

/** The 9 and its sign are green; the sign of 10 % stays red. */
const nine = "\x1b[32m9%\x1b[0m\x1b[31m%\x1b[0m";

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
    ["erasing the rest of the line", ["abcdef\rXY\x1b[K"], "XY"],
    ["erasing the line, and going to its start", ["spin 10\x1b[2K\x1b[1Gspin 9\n"], "spin 9\n"],
    ["erasing what stands before", ["abcdef\b\b\x1b[1K!"], "    !f"],
    ["backspaces", ["10%\b\b\b20%", "\b\b\b30%"], "30%"],
    ["moves left and right", ["abc\x1b[2DX\x1b[CY"], "aXcY"],
    ["a jump that would fill the memory", ["a\x1b[999999999Gb"], `a${" ".repeat(9_999)}b`],
    ["a sequence that is cut", ["abc\r\x1b", "[", "K", "d\n"], "d\n"],
    ["colours, each with its character", ["\x1b[31m10%\x1b[39m\r\x1b[32m9%\x1b[39m"], nine],
    ["a character of two code units", ["\u{1f680}\u{1f680}\ra"], "a\u{1f680}"],
    ["nothing of colours alone", ["\x1b[31mred\x1b[39m\n"], "\x1b[31mred\x1b[39m\n"],
  ];
  it.each(cases)("folds %s", (_name, pieces, wanted) => {
    expect(fold(...pieces)).toBe(wanted);
  });

  it("does not depend on how the text was cut", () => {
    const units = [
      "a",
      "b",
      "\r",
      "\n",
      " ",
      "\b",
      "\x1b",
      "[",
      "2",
      "K",
      "G",
      "C",
      "31m",
      "\x1b[0m",
    ];
    const piece = fc.string({unit: fc.constantFrom(...units), maxLength: 8});
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(seen(fold(...pieces))).toBe(seen(fold(pieces.join(""))));
      }),
      {seed: 4, numRuns: 3_000},
    );
  });
});
