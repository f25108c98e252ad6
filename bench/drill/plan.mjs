import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const SERVE = fileURLToPath(new URL("../../test/exchange/serve.mjs", import.meta.url));

/** Midnight at which every drill's run starts, on the accelerated clock. */
const START = Date.UTC(2025, 8, 1);
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Machine time for three processes to start and for the history to be stored. */
const SET_UP_MS = 25_000;

/** C1 looks back 49 hours. */
const HISTORY_HOURS = 50;

/** Names, times and command lines of one drill. */
export function planOf({dir, hours, speed, assets, overrides}) {
  const realStart = Math.floor(Date.now() / 1_000) * 1_000;
  const clockStart = Math.floor((START - SET_UP_MS * speed) / MINUTE) * MINUTE;
  const scale = `${stamp(clockStart)}@${stamp(realStart)}x${speed}`;
  const end = START + hours * HOUR;
  const interval = ["--start-timestamp", stamp(START), "--end-timestamp", stamp(end)];
  const data = ["--data-dir", join(dir, "data")];
  const series = ["--exchange", "binanceusdm", "--timeframe", "1m"];
  const reckon = (...args) => [process.execPath, MAIN, ...args];
  const set = overrides.flatMap((text) => ["--set-config-value", text]);
  const model = ["--model", "C1"];
  const root = join(dir, "runs");
  const liveInterval = `${stamp(START)}.${stamp(end)}`;
  const replayDir = join(dir, "replay");
  return {
    start: stamp(START),
    startMs: START,
    endMs: end,
    bars: (hours * HOUR) / (5 * MINUTE),
    historyBars: HISTORY_HOURS * 60,
    /** A run that has not ended so long after it should have is stopped. */
    deadlineMs: SET_UP_MS + (end - START) / speed + 60_000,
    now: () => clockStart + (Date.now() - realStart) * speed,
    realMsUntil: (time) => realStart + (time - clockStart) / speed - Date.now(),
    data,
    reckon,
    liveDir: join(root, "system_reconciliation/C1/paper_trading/manual", liveInterval, "system_log_dir"),
    replayDir,
    exchange: [
      ...[process.execPath, SERVE, "--clock", scale, "--assets", String(assets)],
      ...["--history", String(HISTORY_HOURS + 10), "--length", String(hours + 24)],
    ],
    collect: (url, symbols) =>
      reckon(
        ...["market", "collect", ...series, ...data, "--clock", scale, "--api-url", url, "--json"],
        ...["--symbols", symbols.map((id) => id.replace(/USDT$/, "/USDT:USDT")).join()],
        ...["--backfill", `${HISTORY_HOURS}h`],
      ),
    run: (symbols) =>
      reckon(
        ...["run", ...model, "--run-mode", "paper_trading", ...interval, ...series, ...data],
        ...["--symbols", symbols.join(), "--clock", scale, "--root-dir", root, ...set],
      ),
    dump: reckon(
      ...["market", "dump", "--from", "sql", ...interval, ...series, ...data],
      ...["--dst-dir", dir],
    ),
    replay: reckon(
      ...["run", ...model, ...interval, ...data, "--dst-dir", replayDir, ...set],
      ...["--market-data-file", join(dir, "test_data.csv.gz")],
    ),
    reconcile: reckon(
      ...["reconcile", "all", ...model, "--run-mode", "paper_trading", "--mode", "manual"],
      ...[...interval, ...data, "--prod-data-source-dir", join(root, "system_reconciliation")],
      ...["--dst-root-dir", join(dir, "reconciliation"), ...set],
    ),
  };
}

/** `YYYYMMDD_HHMMSS`, UTC. */
function stamp(time) {
  return new Date(time).toISOString().slice(0, 19).replace("T", "_").replace(/[-:]/g, "");
}
