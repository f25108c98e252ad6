import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {columnOf} from "../../../src/table/frame.js";
import {placeSimulatedMarket} from "../../market/simulated/simulated-data.js";
import {reckon} from "../command-line.js";

let dir: string;
let dataDir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "reckon-cli-"));
  dataDir = join(dir, "data");
  await placeSimulatedMarket(dataDir);
}, 120_000);
afterAll(() => {
  rmSync(dir, {recursive: true, force: true});
});

const HOURS = "process_forecasts_node_dict.process_forecasts_dict";
const INTERVAL = ["--start-timestamp", "20250901_200000", "--end-timestamp", "20250901_210000"];

describe("reckon run", () => {
  it("leaves a run folder and says where", async () => {
    const at = join(dir, "run");
    const {exitCode, stdout} = await reckon(
      "run",
      "--model",
      "C1",
      ...INTERVAL,
      "--dst-dir",
      at,
      "--data-dir",
      dataDir,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      "C1 simulation on simulated market 5m: 12 bars, " +
        `2025-09-01 20:00 to 2025-09-01 21:00 UTC\n${at}\n`,
    );
    expect(new RunFolder(at).runRecord()).toMatchObject({
      exit_state: "done",
      market: "simulated market 5m",
    });
  });

  it("takes the reference's spellings, a builder pointer and both overrides", async () => {
    const at = join(dir, "reference");
    const {exitCode} = await reckon(
      "run",
      "--dag_builder_ctor_as_str",
      "a.b.C1_DagBuilder_tmp",
      "--run_mode",
      "paper_trading",
      "--start_timestamp_as_str",
      "20250901_200000",
      "--end_timestamp_as_str",
      "20250901_203000",
      "--dst_dir",
      at,
      "--data_dir",
      dataDir,
      "--set_config_value",
      '("portfolio_config","broker_config","fee_bps"),(float(2))',
      "--set_config_value",
      '("portfolio_config","initial_cash"),(int(2000000))',
      "--set-config-values",
      "dag_property_config.debug_mode_config.save_node_io=none; trading_period=5T",
    );
    expect(exitCode).toBe(0);
    const run = new RunFolder(at);
    const {statistics} = await run.portfolio();
    expect(columnOf(statistics, "net_wealth")[0]).toBe(2_000_000);
    expect(columnOf(statistics, "fees")[1]).toBeGreaterThan(0);
    expect(run.nodes()).toEqual([]);
    expect(readdirSync(join(at, "process_forecasts", "orders"))).toHaveLength(6);
  });

  it("prints the record as JSON, and names the folder it kept", async () => {
    const args = [
      "run",
      "--model",
      "C1",
      ...INTERVAL,
      "--dst-dir",
      join(dir, "json"),
      "--data-dir",
      dataDir,
      "--json",
    ];
    await reckon(...args);
    const {stdout} = await reckon(...args);
    expect(JSON.parse(stdout)).toMatchObject({
      preserved: expect.stringContaining("json."),
      record: {bars: 12},
    });
  });
});

describe("wrong use ends with 2, one message, and nothing written", () => {
  const cases: [name: string, args: string[], message: RegExp][] = [
    [
      "an unknown model",
      ["--model", "C1x"],
      /reckon: unknown model "C1x"; known: mock1, C1; did you mean "C1"\?/,
    ],
    [
      "start after end",
      ["--start-timestamp", "20250902_000000"],
      /--end-timestamp: expected a time after the start/,
    ],
    [
      "a time that does not parse",
      ["--start-timestamp", "2025-09-01"],
      /--start-timestamp: expected a UTC time as YYYYMMDD_HHMMSS, found "2025-09-01"/,
    ],
    [
      "an unknown config key",
      ["--set-config-value", "portfolio_config.initial_cahs=5"],
      /unknown config key "initial_cahs"; did you mean "initial_cash"\?/,
    ],
    [
      "a value of the wrong kind",
      ["--set-config-value", "portfolio_config.initial_cash=lots"],
      /initial_cash: expected a number.*"lots"/,
    ],
    [
      "an override that is none",
      ["--set-config-value", "nonsense"],
      /override "nonsense": expected a\.b\.c=VALUE/,
    ],
    [
      "a missing store",
      ["--data-dir", "nowhere-at-all"],
      /--data-dir nowhere-at-all: expected the folder of a market store, found no such folder; /,
    ],
    ["an unknown exchange", ["--exchange", "binanc"], /binanc/],
    [
      "an unknown symbol",
      ["--symbols", "ALFAUSDT,NOPE"],
      /instruments: expected one of .*found NOPE/,
    ],
    ["an unknown flag", ["--modle", "C1"], /Unknown argument: modle; see --help/],
    [
      "one instrument, where the model compares",
      ["--symbols", "ALFAUSDT"],
      /at least 2 instruments/,
    ],
    [
      "an interval without data",
      ["--start-timestamp", "20300101_000000", "--end-timestamp", "20300102_000000"],
      /expected bars that end after 2030-01-01.*found none/,
    ],
    [
      "an override of what a flag decides",
      ["--set-config-value", "run_mode=prod"],
      /use --run-mode/,
    ],
    [
      "a delay longer than an order",
      ["--set-config-value", "market_data_config.delay_in_secs=400"],
      /delay_in_secs: expected less than/,
    ],
    [
      "a period that is no bar",
      ["--set-config-value", "trading_period=1h"],
      /trading_period: expected .*300 s, found 1h/,
    ],
    [
      "a column that is not there",
      ["--set-config-value", "process_forecasts_node_dict.prediction_col=x"],
      /prediction_col: expected a column of .* \(close, volatility, prediction\), found "x"/,
    ],
    [
      "a zone that is none",
      ["--set-config-value", `${HOURS}.timezone=Mars/X`],
      /timezone: expected a time zone/,
    ],
    [
      "prod, which has no broker",
      ["--run-mode", "prod"],
      /"prod", for which there is no broker yet/,
    ],
    ["an unknown run mode", ["--run-mode", "live"], /Invalid values.*run-mode.*see --help/s],
  ];
  it.each(cases)("%s", async (_name, args, message) => {
    const at = join(dir, "never");
    const given = new Set(args.filter((arg) => arg.startsWith("--")));
    const rest = Object.entries({
      "--model": "C1",
      "--start-timestamp": "20250901_200000",
      "--end-timestamp": "20250901_210000",
      "--data-dir": dataDir,
    }).flatMap(([flag, value]) => (given.has(flag) ? [] : [flag, value]));
    const {exitCode, stderr, stdout} = await reckon("run", ...rest, ...args, "--dst-dir", at);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({exitCode, stdout, isThere: existsSync(at)}).toEqual({
      exitCode: 2,
      stdout: "",
      isThere: false,
    });
  });

  it("no command, and an unknown one", async () => {
    expect(await reckon()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("a command is needed"),
    });
    expect(await reckon("rum")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Did you mean run?"),
    });
  });

  it("a folder that cannot be made, because a file stands there", async () => {
    writeFileSync(join(dir, "file"), "");
    const at = join(dir, "file", "run");
    const {exitCode, stderr} = await reckon(
      "run",
      "--model",
      "C1",
      ...INTERVAL,
      "--dst-dir",
      at,
      "--data-dir",
      dataDir,
    );
    expect({exitCode, stderr}).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(
        /--dst-dir: expected a folder of its own for the output, found .*: ENOTDIR/,
      ),
    });
  });

  it("a file, the folder one is in, and nothing, where the output should go", async () => {
    const file = join(dir, "a-file");
    writeFileSync(file, "precious");
    for (const at of [file, ".", "/", ""]) {
      const {exitCode, stderr} = await reckon(
        "run",
        "--model",
        "C1",
        ...INTERVAL,
        "--dst-dir",
        at,
        "--data-dir",
        dataDir,
      );
      expect({exitCode, stderr}).toEqual({
        exitCode: 2,
        stderr: expect.stringMatching(/--dst-dir: expected a folder of its own/),
      });
    }
    expect(readFileSync(file, "utf8")).toBe("precious");
  });

  it("a stack only under --verbose", async () => {
    const {stderr} = await reckon(
      "run",
      "--model",
      "C1x",
      ...INTERVAL,
      "--dst-dir",
      join(dir, "never"),
      "--verbose",
    );
    expect(stderr).toMatch(/unknown model "C1x"[\s\S]*\n\s+at /);
  });
});

describe("reckon model list", () => {
  it("lists the models, as text and JSON", async () => {
    expect((await reckon("model", "list")).stdout).toMatch(/^id .*\nmock1 .*\nC1 .*\n$/);
    expect(JSON.parse((await reckon("model", "list", "--json")).stdout)).toHaveLength(2);
  });
});
