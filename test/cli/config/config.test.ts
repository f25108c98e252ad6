import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import process from "node:process";
import {afterAll, beforeAll, describe, expect, it, vi} from "vitest";
import {inDeskSession} from "../../../src/cli/desk-session.js";
import {notebookPath} from "../../../src/flows/reconcile/steps/run-notebook.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {deskFolder, modelModule} from "../../config/desk-folder.js";
import {placeSimulatedMarket} from "../../market/simulated/simulated-data.js";
import {reckon} from "../command-line.js";

let dir: string;
let dataDir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "reckon-config-"));
  dataDir = join(dir, "data");
  await placeSimulatedMarket(dataDir);
}, 120_000);
afterAll(() => rmSync(dir, {recursive: true, force: true}));

const INTERVAL = ["--start-timestamp", "20250901_200000", "--end-timestamp", "20250901_201500"];
const FILE = "reckon.config.yaml";

/** Runs a command line in a desk's folder, with these variables. */
async function reckonAt(
  place: {readonly folder: string; readonly env?: Readonly<Record<string, string>>},
  ...args: readonly string[]
) {
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(place.folder);
  for (const [name, value] of Object.entries(place.env ?? {})) {
    vi.stubEnv(name, value);
  }
  try {
    return await reckon(...args);
  } finally {
    cwd.mockRestore();
    vi.unstubAllEnvs();
  }
}

/** A desk with one model, D1. */
function sampleDesk(): string {
  const text = [
    "models: [models/*.js]",
    "defaults:",
    "  portfolio_config: {initial_cash: 2500000}",
    "model_config:",
    "  D1:",
    "    dag_config: {forecast: {scale: 2}}",
  ].join("\n");
  return deskFolder({
    [FILE]: text,
    "package.json": '{"type": "module"}',
    "models/d1.js": modelModule("D1", 'aliases: ["Delta"]'),
  });
}

describe("reckon config show", () => {
  it("shows every leaf as a tree, with what decided it", async () => {
    const env = {RECKON_CONFIG__portfolio_config__broker_config__fee_bps: "2.5"};
    const override = 'process_forecasts_node_dict.price_col="vwap"';
    const flags = ["--model", "D1", "--set-config-value", override];
    const {exitCode, stdout} = await reckonAt(
      {folder: sampleDesk(), env},
      "config",
      "show",
      ...flags,
    );
    expect(exitCode).toBe(0);
    const rows = stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, "  "));
    expect(rows.slice(0, 4)).toEqual([
      "key  value  origin",
      "dag_builder_class  D1  the run",
      "run_mode  simulation  default; a run's --run-mode decides",
      "trading_period  5T  default",
    ]);
    expect(rows).toEqual(
      expect.arrayContaining([
        "dag_config",
        "  forecast",
        "  scale  2  reckon.config.yaml:6",
        "  initial_cash  2500000  reckon.config.yaml:3",
        `  fee_bps  2.5  environment ${Object.keys(env)[0]}`,
        "  price_col  vwap  flag",
        "  asset_ids  []  default; a run's --symbols decides",
      ]),
    );
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThan(160);
  });

  it("only what is not a default, as JSON too", async () => {
    const folder = sampleDesk();
    const {stdout} = await reckonAt({folder}, "config", "show", "--changed", "--json");
    expect(JSON.parse(stdout)).toEqual([
      {path: "portfolio_config.initial_cash", value: 2_500_000, origin: "reckon.config.yaml:3"},
    ]);
    const plain = await reckonAt({folder: deskFolder({})}, "config", "show", "--changed");
    expect(plain.stdout).toBe("every value is a default\n");
  });

  const refused: [what: string, env: Record<string, string>, args: string[], message: RegExp][] = [
    [
      "an unknown key of the environment",
      {RECKON_CONFIG__portfolio_confg__initial_cash: "1"},
      [],
      /^reckon: environment RECKON_CONFIG__portfolio_confg__initial_cash: .*"portfolio_config"\?/,
    ],
    [
      "a value of the wrong kind, with where it was written",
      {RECKON_CONFIG__portfolio_config__initial_cash: "rich"},
      [],
      /config portfolio_config\.initial_cash \(environment RECKON_\w+\): .* number, found "rich"/,
    ],
    ["an unknown model", {}, ["--model", "D3"], /unknown model "D3"; known: mock1, C1, D1/],
    ["a wrong override", {}, ["--set-config-value", "x=1"], /override "x=1": expected a known key/],
  ];
  it.each(refused)("refuses %s", async (_what, env, args, message) => {
    const told = await reckonAt({folder: sampleDesk(), env}, "config", "show", ...args);
    expect(told.stderr).toMatch(message);
    expect(told).toMatchObject({exitCode: 2, stdout: ""});
  });
});

describe("a desk's folder", () => {
  it("its model, config and data reach a run, and the saved input says so", async () => {
    const folder = sampleDesk();
    const at = join(folder, "run");
    const env = {
      RECKON_DATA_DIR: dataDir,
      RECKON_CONFIG__market_data_config__stale_after_bars: "7",
    };
    const {exitCode, stderr, stdout} = await reckonAt(
      {folder, env},
      ...["run", "--model", "Delta", ...INTERVAL, "--dst-dir", at],
      ...["--set-config-value", "portfolio_config.initial_cash=3000000"],
    );
    expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ""});
    expect(stdout).toMatch(/^D1 simulation on simulated market 5m: 3 bars/);
    const run = new RunFolder(at);
    const shared = {dag_config: {forecast: {scale: 2}}, market_data_config: {stale_after_bars: 7}};
    expect(run.config("input")).toMatchObject({
      ...shared,
      dag_builder_class: "D1",
      portfolio_config: {initial_cash: 2_500_000},
    });
    expect(run.config()).toMatchObject({...shared, portfolio_config: {initial_cash: 3_000_000}});
  });

  it("its models are listed with their source", async () => {
    const folder = sampleDesk();
    const {stdout} = await reckonAt({folder}, "model", "list");
    expect(stdout.split("\n").at(-2)).toMatch(/^D1 +Delta +\.\/models\/d1\.js +a model of/);
    const json = JSON.parse((await reckonAt({folder}, "model", "list", "--json")).stdout);
    expect(json.at(-1)).toMatchObject({id: "D1", aliases: ["Delta"], source: "./models/d1.js"});
  });

  it("--data-dir wins over the environment, which wins over the file", async () => {
    const folder = deskFolder({[FILE]: "data_dir: of-file"});
    const run = ["run", "--model", "C1", ...INTERVAL, "--dst-dir", join(folder, "run")];
    const told = async (env: Record<string, string>, ...args: string[]) =>
      (await reckonAt({folder, env}, ...run, ...args)).stderr;
    const env = {RECKON_DATA_DIR: "of-environment"};
    expect(await told({})).toContain(join(folder, "of-file"));
    expect(await told(env)).toContain(join(folder, "of-environment"));
    expect(await told(env, "--data-dir", join(folder, "of-flag"))).toContain("of-flag");
    expect(existsSync(join(folder, "run"))).toBe(false);
  });

  it("its notebooks are taken before those of this package with the same name", async () => {
    const folder = deskFolder({[FILE]: "notebooks: [books]", "books/pnl-observer.ipynb": "{}"});
    vi.stubEnv("RECKON_CONFIG_DIR", folder);
    const [own, ours] = [notebookPath("pnl-observer"), notebookPath("reconciliation-fast")];
    vi.unstubAllEnvs();
    expect(own).toBe(join(folder, "books", "pnl-observer.ipynb"));
    expect(readFileSync(ours, "utf8")).toContain("nbformat");
  });

  it("is told to child processes, and forgotten with the command", async () => {
    const folder = sampleDesk();
    const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
    const seen = inDeskSession(async () => process.env.RECKON_CONFIG_DIR);
    cwd.mockRestore();
    expect(await seen).toBe(folder);
    expect(process.env.RECKON_CONFIG_DIR).toBeUndefined();
    await expect(inDeskSession(() => Promise.reject(new Error("stop")))).rejects.toThrow("stop");
  });

  it("a broken file is refused before any command begins", async () => {
    const folder = deskFolder({[FILE]: "modles: []"});
    const told = await reckonAt({folder}, "model", "list");
    expect(told).toMatchObject({exitCode: 2, stdout: ""});
    expect(told.stderr).toMatch(/reckon\.config\.yaml:1: .*did you mean "models"\?/);
  });
});

describe("reckon config diff", () => {
  it("tells the values in which two configs differ, and a missing one", async () => {
    const url = "postgres://u:hidden@h/d";
    const files = deskFolder({
      "a.json": JSON.stringify({x: 1, y: {z: [1, 2], only: null}, same: "s"}),
      "b.json": JSON.stringify({x: 2, y: {z: [1, 2]}, same: "s", url}),
    });
    const [a, b] = [join(files, "a.json"), join(files, "b.json")];
    const {exitCode, stdout} = await reckon("config", "diff", a, b);
    expect(exitCode).toBe(0);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["key", a, b],
      ["x", "1", "2"],
      ["y.only", "null", "(none)"],
      ["url", "(none)", "postgres://u:***@h/d"],
      [""],
    ]);
    const json = await reckon("config", "diff", a, b, "--json");
    expect(JSON.parse(json.stdout)).toEqual({
      index: [a, b],
      columns: ["x", "y.only", "url"],
      data: [
        [1, null, null],
        [2, null, "postgres://u:***@h/d"],
      ],
    });
    expect((await reckon("config", "diff", a, a)).stdout).toBe("no difference in 4 values\n");
  });

  it("names what is no config", async () => {
    const folder = deskFolder({"list.json": "[1]"});
    for (const name of [folder, join(folder, "list.json"), join(folder, "gone")]) {
      const {exitCode, stderr} = await reckon("config", "diff", name, name);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/expected a run folder, or a JSON file with a config, found /);
    }
  });
});
