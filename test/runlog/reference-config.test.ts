import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {ConfigTree} from "../../src/config/config-tree.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {parseReferenceConfig} from "../../src/runlog/reference-config.js";
import {findRunLayout} from "../../src/runlog/run-layout.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../oracles/shared.js";

/** A leaf of the verbose form. */
const leaf = (key: string, type: string, value: string) =>
  `${key} (marked_as_used=False, writer=None, val_type=${type}): ${value}`;
const CONFIG = "core.config.config_.Config";

describe("parseReferenceConfig", () => {
  it("reads the verbose form with its types", () => {
    const text = [
      leaf("market", CONFIG, ""),
      `  ${leaf("ids", "list", "[101, 202]")}`,
      `  ${leaf("groups", "tuple", "('close',)")}`,
      `  ${leaf("empty", CONFIG, "")}`,
      "",
      `  ${leaf("version", "str", "3")}`,
      leaf("bar", "int", "300"),
      leaf("gmv", "float", "100000.0"),
      leaf("is_on", "bool", "True"),
      leaf("spread", "NoneType", "None"),
      leaf("start", "datetime.time", "09:30:00"),
      leaf("error", "tuple", "(<class 'ValueError'>,)"),
      "writer (marked_as_used=True, writer=a/b.py::5::f, val_type=str): x: y",
    ].join("\n");
    expect(parseReferenceConfig(text, "t")).toEqual({
      market: {ids: [101, 202], groups: ["close"], empty: {}, version: "3"},
      bar: 300,
      gmv: 100_000,
      is_on: true,
      spread: null,
      start: "09:30:00",
      error: "(<class 'ValueError'>,)",
      writer: "x: y",
    });
  });

  it("keeps values of several lines as text, without addresses in memory", () => {
    const text = [
      leaf("node", CONFIG, ""),
      `  ${leaf("table", "pandas.core.frame.DataFrame", "")}`,
      "    columns=a,b",
      "       a  b",
      "    0  1  2",
      `  ${leaf("object", "x.Y", "<x.Y at 0x7f72960eb590>")}`,
    ].join("\n");
    expect(parseReferenceConfig(text, "t")).toEqual({
      node: {table: "columns=a,b\n   a  b\n0  1  2", object: "<x.Y at 0x>"},
    });
  });

  it("reads the form with values only; what reads as a number or None is one", () => {
    const text =
      "a:\n  b: 5\n  c: 5T\n  d:\n    e: None\nf: [1, 'x']\ng:\n  no config\n  at all: 1\nh:";
    expect(parseReferenceConfig(text, "t")).toEqual({
      a: {b: 5, c: "5T", d: {e: null}},
      f: [1, "x"],
      g: "no config\nat all: 1",
      h: "",
    });
  });

  it("names the line that fits neither form", () => {
    expect(() => parseReferenceConfig("a: 1\nnothing", "x/config.txt")).toThrow(
      /x\/config\.txt: expected lines "key: value".*found "nothing"/,
    );
  });

  it.skipIf(!HAS_SHARED)(`reads the real one whole${NEEDS_SHARED}`, () => {
    const run = new RunFolder(join(SHARED_DIR, "oracles/system/10_mock1_system_log_dir"));
    const config = run.config();
    const at = (...path: string[]) =>
      path.reduce<unknown>((node, key) => (node as ConfigTree)[key], config);
    expect(at("dag_builder_class")).toBe("Mock1_DagBuilder");
    expect(at("market_data_config", "asset_ids")).toEqual([101]);
    expect(at("dag_runner_config", "bar_duration_in_secs")).toBe(300);
    expect(at("dag_runner_config", "rt_timeout_in_secs_or_time")).toBe(2100);
    expect(at("portfolio_config", "broker_config")).toEqual({});
    const processing = at("process_forecasts_node_dict", "process_forecasts_dict") as ConfigTree;
    expect(processing.order_config).toEqual({
      order_type: "price@twap",
      passivity_factor: null,
      order_duration_in_mins: 5,
      execution_frequency: "1T",
    });
    expect(processing.share_quantization).toBe(9);
    expect(at("dag_config", "add_lags", "transformer_kwargs")).toEqual({
      lag_delay: 0,
      num_lags: 4,
      first_lag: 0,
      separator: ".",
    });
    const [before, after] = [run.config("input"), config];
    const own = ["dag_config", "portfolio_config", "market_data_config", "trading_period"];
    expect(own.map((key) => before[key])).toEqual(own.map((key) => after[key]));
  });
});

describe("findRunLayout", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "reckon-layout-"));
  });
  afterAll(() => {
    rmSync(dir, {recursive: true, force: true});
  });

  it("tells who wrote a folder by what it holds", () => {
    const add = (name: string) => writeFileSync(join(dir, name), "v2");
    expect(findRunLayout(dir)).toBeUndefined();
    expect(() => new RunFolder(dir)).toThrow(/expected a run folder/);
    add("config_version.txt");
    expect(findRunLayout(dir)).toBe("reference");
    add("system_config.output.txt");
    expect(findRunLayout(dir)).toBe("reference");
    add("system_config.output.json");
    expect(findRunLayout(dir)).toBe("reckon");
  });
});
