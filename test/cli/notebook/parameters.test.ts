import {describe, expect, it} from "vitest";
import {assignments} from "../../../src/cli/notebook/parameters.js";

describe("-p name=value", () => {
  it("keeps the value as it is, whatever the name", () => {
    const values = assignments(["a=1=2", "b=", "__proto__=x", "constructor=y"]);
    expect(Object.entries(values)).toEqual([
      ["a", "1=2"],
      ["b", ""],
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });

  it.each([["a"], ["=1"], ["a=1", "a=2"], ["__proto__=1", "__proto__=2"]])(
    "refuses %s",
    (...texts) => {
      expect(() => assignments(texts)).toThrow(/-p.*expected/);
    },
  );
});
