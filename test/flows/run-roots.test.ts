import {win32} from "node:path";
import {describe, expect, it, vi} from "vitest";

describe("rootPrefixes", () => {
  it("has the slashes of bucket keys on every system", async () => {
    vi.doMock("node:path", async (original) => ({
      ...(await original<typeof import("node:path")>()),
      join: win32.join,
    }));
    const {rootPrefixes} = await import("../../src/flows/run-roots.js");
    vi.doUnmock("node:path");
    expect(rootPrefixes("preprod")).toEqual([
      "",
      "system_reconciliation",
      "preprod",
      "preprod/system_reconciliation",
    ]);
    expect(rootPrefixes(undefined)).toEqual(["", "system_reconciliation"]);
  });
});
