import {expect, it} from "vitest";
import {openingFailure} from "../../../src/store/open/opening-failure.js";

it.each([
  ["as WebAssembly tells it", {name: "ErrnoError", errno: 51}],
  ["as Node tells it", Object.assign(new Error("write"), {code: "ENOSPC"})],
])("a full disk, %s, is no damage: nothing is to be moved away", (_how, cause) => {
  const {code, message} = openingFailure("/data/sql", cause);
  expect(code).toBe("failed");
  expect(message).toMatch(/^\/data\/sql: expected room on the disk .*, found none left; free some/);
});

it("anything else is damage, and told in words", () => {
  const {code, message} = openingFailure("/data/sql", {name: "ErrnoError", errno: 2});
  expect(code).toBe("bad-data");
  expect(message).toContain('found {"name":"ErrnoError","errno":2}; put a backup there');
});
