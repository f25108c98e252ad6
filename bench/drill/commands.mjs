import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const SERVE = fileURLToPath(new URL("../../test/exchange/serve.mjs", import.meta.url));

/** The command lines of a drill, each as an operator would write it. */
export function commandsOf(drill) {
  const {dir, root, replayDir, interval, scale, overrides, historyHours} = drill;
  const data = ["--data-dir", join(dir, "data")];
  const series = ["--exchange", "binanceusdm", "--timeframe", "1m"];
  const set = overrides.flatMap((text) => ["--set-config-value", text]);
  const paper = ["--model", "C1", "--run-mode", "paper_trading"];
  return {
    migrate: reckon("store", "migrate", ...data),
    exchange: exchange(drill),
    collect: (url, symbols) =>
      reckon(
        ...["market", "collect", ...series, ...data, "--clock", scale, "--api-url", url, "--json"],
        ...["--symbols", symbols.map((id) => id.replace(/USDT$/, "/USDT:USDT")).join()],
        ...["--backfill", `${historyHours}h`],
      ),
    run: (symbols) =>
      reckon(
        ...["run", ...paper, ...interval, ...series, ...data, ...set, "--root-dir", root],
        ...["--symbols", symbols.join(), "--clock", scale],
      ),
    dump: reckon(
      ...["market", "dump", "--from", "sql", ...interval, ...series, ...data],
      ...["--dst-dir", dir],
    ),
    replay: reckon(
      ...["run", "--model", "C1", ...interval, ...data, ...set, "--dst-dir", replayDir],
      ...["--market-data-file", join(dir, "test_data.csv.gz")],
    ),
    reconcile: reckon(
      ...["reconcile", "all", ...paper, "--mode", "manual", ...interval, ...data, ...set],
      ...["--prod-data-source-dir", join(root, "system_reconciliation")],
      ...["--dst-root-dir", join(dir, "reconciliation")],
    ),
  };
}

function reckon(...args) {
  return [process.execPath, MAIN, ...args];
}

/** It has candles from before what is asked for, and goes on after the end. */
function exchange({scale, assets, hours, historyHours}) {
  const length = ["--history", String(historyHours + 10), "--length", String(hours + 24)];
  return [process.execPath, SERVE, "--clock", scale, "--assets", String(assets), ...length];
}
