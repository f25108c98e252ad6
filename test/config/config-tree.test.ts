import {describe, expect, it} from "vitest";
import {formatConfig} from "../../src/config/config-tree.js";

describe("formatConfig", () => {
  it("indents sub-trees and texts of several lines, and names empty ones", () => {
    const text = formatConfig({a: {b: 1, note: "one\ntwo"}, empty: {}, list: [1, "x"], none: null});
    expect(text).toBe(
      'a: \n  b: 1\n  note: \n    one\n    two\nempty: \nlist: [1,"x"]\nnone: null',
    );
  });

  it("masks the password of a URL, in a list too", () => {
    const url = "postgres://desk:pw@host/db?sslmode=require&password=hidden";
    const masked = "postgres://desk:***@host/db?sslmode=require&password=***";
    expect(formatConfig({url, urls: [url]})).toBe(`url: ${masked}\nurls: ["${masked}"]`);
  });
});
