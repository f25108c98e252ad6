import * as fc from "fast-check";
import {describe, expect, it} from "vitest";
import {ProgressFold} from "../../../../publish/notebook/output/progress-fold.js";
import {StreamText} from "../../../../publish/notebook/output/stream-text.js";

function passed(pieces: readonly string[], stepMs: number): string[] {
  const fold = new ProgressFold();
  const told = pieces.map((piece, i) => fold.add(piece, i * stepMs));
  return [...told, fold.flush()].filter((text) => text !== "");
}

function shown(pieces: readonly string[]): string {
  const text = new StreamText();
  for (const piece of pieces) text.append(piece);
  return String(text);
}

describe("progress", () => {
  it("is told now and then, and in the end", () => {
    const bar = Array.from({length: 10_000}, (_, i) => `\r${i / 100} % done`);
    const told = passed([...bar, "\rall done\n", "next\n"], 0.1);
    expect(told.length).toBeLessThan(10);
    expect(told.at(-1)).toBe("next\n");
    expect(shown(told)).toBe(shown([...bar, "\rall done\n", "next\n"]));
  });

  it("is told so too where each text erases the line first", () => {
    const bar = Array.from({length: 10_000}, (_, i) => `\x1b[2K\x1b[1G${i % 100} of 100`);
    const told = passed([...bar, "\x1b[2K\x1b[1Gdone\n"], 0.1);
    expect(told.length).toBeLessThan(10);
    expect(shown(told)).toBe("done\n");
  });

  it("plain text passes at once, as it is", () => {
    const pieces = ["a", "b\nc", "\n\n", "d\n"];
    expect(passed(pieces, 0)).toEqual(pieces);
  });

  it("one piece that overwrites itself is folded", () => {
    expect(passed(["start\r10 %\r20 %\r30 %   \nend"], 0)).toEqual(["30 %   \nend"]);
  });

  it("leaves on a terminal what the whole text would", () => {
    const units = ["a", "b", "\r", "\n", " ", "\b", "\x1b[2K", "\x1b[K", "\x1b[G", "\x1b[2C"];
    const piece = fc.string({unit: fc.constantFrom(...units), maxLength: 6});
    const pieces = fc.array(piece, {maxLength: 12});
    const property = fc.property(pieces, fc.constantFrom(0, 70, 500), (texts, stepMs) => {
      expect(shown(passed(texts, stepMs))).toBe(shown(texts));
    });
    fc.assert(property, {seed: 4, numRuns: 2_000});
  });
});
