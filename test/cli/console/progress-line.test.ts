import {describe, expect, it} from "vitest";
import {ProgressLine} from "../../../src/cli/console/progress-line.js";

/** What a progress line writes to a terminal or a pipe. */
function written(isTTY: boolean, use: (line: ProgressLine) => void): string {
  let text = "";
  const write = (chunk: string | Uint8Array): boolean => {
    text += String(chunk);
    return true;
  };
  use(new ProgressLine({isTTY, write}));
  return text;
}

describe("ProgressLine", () => {
  it("draws one line anew on a terminal, and a new one for another title", () => {
    const text = written(true, (line) => {
      line.show({title: "A", share: 0.5, note: "5 bars"});
      line.show({title: "A", share: 1, note: "9 bars"});
      line.show({title: "B", share: 0, note: "0 bars"});
      line.end();
    });
    const clear = "\r\u001b[2K";
    expect(text).toBe(
      `${clear}A  ${"█".repeat(12)}${"░".repeat(12)}  50 %  5 bars` +
        `${clear}A  ${"█".repeat(24)} 100 %  9 bars\n` +
        `${clear}B  ${"░".repeat(24)}   0 %  0 bars\n`,
    );
  });

  it("prints a plain line per tenth in a pipe", () => {
    const text = written(false, (line) => {
      for (let i = 0; i <= 100; i++) {
        line.show({title: "A", share: i / 100, note: `${i} bars`});
      }
      line.say("asking again in 1 s");
    });
    const tenths = Array.from({length: 11}, (_, i) => i * 10);
    const lines = tenths.map((i) => `A ${`${i} %`.padStart(5)}  ${i} bars\n`);
    expect(text).toBe(`${lines.join("")}asking again in 1 s\n`);
  });
});
