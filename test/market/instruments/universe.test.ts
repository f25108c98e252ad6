import {mkdirSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {describe, expect, it} from "vitest";
import {
  findUniverse,
  parseUniverseName,
  parseUniverses,
  readUniverses,
  universesFile,
  universeVersion,
} from "../../../src/market/instruments/universe.js";
import {withFolder} from "../sample-bars.js";

describe("parseUniverseName", () => {
  const cases: [text: string, wanted: ReturnType<typeof parseUniverseName>][] = [
    ["crypto_top16", {name: "crypto_top16"}],
    ["crypto_top16.v1", {name: "crypto_top16", version: "v1"}],
    ["ccxt.v7.4", {name: "ccxt", version: "v7.4"}],
    ["crypto_top16.v1-top8", {name: "crypto_top16", version: "v1", top: 8}],
    ["crypto_top16-top8", {name: "crypto_top16", top: 8}],
    ["ccxt_v7_4-all", {name: "ccxt", version: "v7.4"}],
    ["ccxt_v8_1-top20", {name: "ccxt", version: "v8.1", top: 20}],
    ["ccxt_v8-top3", {name: "ccxt", version: "v8", top: 3}],
  ];
  it.each(cases)("%s", (text, wanted) => {
    expect(parseUniverseName(text)).toEqual(wanted);
  });

  it.each(["", ".v1", "ccxt.7", "ccxt.v", "ccxt-top", "ccxt-top0", "a b"])("refuses %j", (text) => {
    expect(() => parseUniverseName(text)).toThrow(/expected NAME, NAME\.vN or NAME\.vN-topK/);
  });
});

const list = [
  {name: "ccxt", version: "v7.10", asset_ids: ["A", "B", "C"]},
  {name: "ccxt", version: "v7.4", asset_ids: ["A", "B"]},
  {name: "other", version: "v1", asset_ids: ["Z"]},
];

describe("findUniverse", () => {
  const all = parseUniverses(list, "universes.json");

  const cases: [text: string, version: string, ids: string][] = [
    ["ccxt", "ccxt.v7.10", "ABC"],
    ["ccxt.v7.4", "ccxt.v7.4", "AB"],
    ["ccxt_v7_4-all", "ccxt.v7.4", "AB"],
    ["ccxt_v7_10-top2", "ccxt.v7.10", "AB"],
    ["other", "other.v1", "Z"],
  ];
  it.each(cases)("%s is %s", (text, version, ids) => {
    const found = findUniverse(all, text);
    expect([universeVersion(found), found.assetIds.join("")]).toEqual([version, ids]);
  });

  const wrong: [text: string, wanted: RegExp][] = [
    ["ccxt.v9", /one of ccxt\.v7\.4, ccxt\.v7\.10, found none/],
    ["cxxt", /one of ccxt\.v7\.10, ccxt\.v7\.4, other\.v1, found none/],
    ["other-top2", /at most its 1 instruments, found top2/],
  ];
  it.each(wrong)("refuses %s", (text, wanted) => {
    expect(() => findUniverse(all, text)).toThrow(wanted);
  });
});

describe("a file of universes", () => {
  const wrong: [name: string, value: unknown, wanted: RegExp][] = [
    ["no list", {}, /array/],
    ["an id twice", [{...list[0], asset_ids: ["A", "A"]}], /ccxt\.v7\.10: .*A twice/],
    ["a version twice", [list[0], list[0]], /ccxt\.v7\.10 twice/],
    ["a bare version", [{...list[0], version: "7"}], /0\.version/],
  ];
  it.each(wrong)("is refused with %s", (_name, value, wanted) => {
    expect(() => parseUniverses(value, "universes.json")).toThrow(wanted);
  });

  it("lies beside the instruments, and may be missing", async () => {
    await withFolder(async (dir) => {
      const path = universesFile({dataDir: dir, exchange: "binance"});
      expect(path).toMatch(/exchange=binance.universes\.json$/);
      expect(await readUniverses(path)).toEqual([]);
      mkdirSync(dirname(path), {recursive: true});
      writeFileSync(path, JSON.stringify(list));
      expect(findUniverse(await readUniverses(path), "other").assetIds).toEqual(["Z"]);
    });
  });
});
