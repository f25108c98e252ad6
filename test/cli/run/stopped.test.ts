import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {fileURLToPath} from "node:url";
import {expect, it} from "vitest";
import {barTableRows} from "../../../src/market/replay-file/bar-table-rows.js";
import {writeReplayFile} from "../../../src/market/replay-file/write-replay-file.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {freePort} from "../../store/own-server.js";
import {sampleBars, secondBars} from "../../system/sample-run.js";

const MAIN = fileURLToPath(new URL("../../../dist/src/cli/main.js", import.meta.url));
const FORECASTS = "process_forecasts_node_dict.process_forecasts_dict";

/** One-second bars, a minute of them to come, decided each second as they were recorded. */
function runCommand(file: string, dir: string): string[] {
  const set = [
    "trading_period=1S",
    "dag_runner_config.bar_duration_in_secs=1",
    "market_data_config.history_lookback=20S",
    "market_data_config.delay_in_secs=0.2",
    "dag_config.signals.reversal=2S",
    "dag_config.signals.momentum_fast=5S",
    "dag_config.signals.momentum_slow=9S",
    "dag_config.signals.volume_surprise=4S",
    "dag_config.volatility.period=8S",
    `${FORECASTS}.order_config.order_duration_in_mins=${1 / 60}`,
  ];
  return [
    ...["run", "--model", "C1", "--run-mode", "paper_trading", "--feed", "recorded"],
    ...["--market-data-file", file, "--pace", "real-time", "-v", "DEBUG", "--dst-dir", dir],
    ...["--start-timestamp", "19700101_000030", "--end-timestamp", "19700101_000130"],
    ...set.flatMap((text) => ["--set-config-value", text]),
  ];
}

it("SIGTERM ends the wait for a store server that does not answer", async () => {
  const root = mkdtempSync(join(tmpdir(), "reckon-waiting-"));
  try {
    const [file, dir] = [join(root, "test_data.csv.gz"), join(root, "run")];
    const bars = secondBars(sampleBars().symbols.slice(0, 3), 90);
    await writeReplayFile(file, barTableRows(bars), {barMs: bars.barMs, names: new Map()});
    const database = ["--set-config-value", "portfolio_config.broker_config.type=database"];
    const env = {
      ...process.env,
      RECKON_DATABASE_URL: `postgresql://u@127.0.0.1:${await freePort()}/b`,
    };
    const args = [MAIN, ...runCommand(file, dir), ...database];
    const child = spawn(process.execPath, args, {env, timeout: 50_000});
    const told: string[] = [];
    createInterface({input: child.stderr}).on("line", (line) => {
      told.push(line);
      if (line.includes("waiting for it, 60 s at most")) {
        child.kill("SIGTERM");
      }
    });
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(130);
    expect(told).toHaveLength(2);
    expect(told[1]).toBe("reckon: interrupted by SIGTERM");
    expect(existsSync(dir)).toBe(false);
  } finally {
    rmSync(root, {recursive: true, force: true});
  }
}, 60_000);

it("SIGTERM stops a running process at a bar border, with what it did on record", async () => {
  const root = mkdtempSync(join(tmpdir(), "reckon-stopped-"));
  try {
    const [file, dir] = [join(root, "test_data.csv.gz"), join(root, "run")];
    const bars = secondBars(sampleBars().symbols.slice(0, 3), 90);
    await writeReplayFile(file, barTableRows(bars), {barMs: bars.barMs, names: new Map()});
    const child = spawn(process.execPath, [MAIN, ...runCommand(file, dir)], {timeout: 60_000});
    let printed = 0;
    createInterface({input: child.stderr}).on("line", (line) => {
      if (/ traded /.test(line) && ++printed === 2) {
        child.kill("SIGTERM");
      }
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(code).toBe(130);
    const run = new RunFolder(dir);
    const record = run.runRecord();
    expect(record).toMatchObject({exit_state: "interrupted", error: "interrupted by SIGTERM"});
    expect(record?.bars).toBeGreaterThanOrEqual(2);
    expect((await run.portfolio()).statistics.index.length).toBe(record?.bars);
  } finally {
    rmSync(root, {recursive: true, force: true});
  }
}, 90_000);
