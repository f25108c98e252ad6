import {describe, expect, it} from "vitest";
import {timeSpanMs} from "../../src/cli/time-span.js";

describe("timeSpanMs", () => {
  it.each([
    ["90", 90_000],
    ["0.25", 250],
    [".5", 500],
    ["2s", 2_000],
    ["30 s", 30_000],
    ["5m", 300_000],
    ["1.5h", 5_400_000],
  ])("%s", (text, wanted) => {
    expect(timeSpanMs("--every", text)).toBe(wanted);
  });

  it.each(["", "0", "0s", "-1", "soon", "5d", "1e3", "2s s", "NaN", "Infinity"])(
    "refuses %j as it was given",
    (text) => {
      expect(() => timeSpanMs("--every", text)).toThrow(
        `--every: expected a span above 0 like 30s, 5m or 1h, or a number of seconds, ` +
          `found "${text}"`,
      );
    },
  );
});
