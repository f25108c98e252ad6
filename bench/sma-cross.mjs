import {spawnSync} from "node:child_process";
import {existsSync, readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";

const folder = fileURLToPath(new URL("../../shared/oracles/benchmarks/", import.meta.url));
const peers = fileURLToPath(new URL("peers/sma_cross.py", import.meta.url));
const csv = `${folder}btc_1m_2019-06_regular.csv`;
const CASH = 100_000;
const FEE_BPS = 10;

/** What two other engines found: 623 fills, 91,568.188758 at the end. */
const WANTED = {fillCount: 623, netWealth: 91_568.18875837};

export const missing = () =>
  existsSync(csv) ? undefined : "needs ../shared/oracles, which is absent";

/** Simple moving averages of 20 and 100 minutes over a month, through orders, fills, positions. */
export async function prepareSmaCross({hasJournal}) {
  const {runEventBacktest} = await import("../dist/src/backtest/event-engine.js");
  const {smaCross} = await import("../dist/src/backtest/sma-cross.js");
  const {barsOf} = await import("../dist/src/market/bars.js");
  const columns = readColumns();
  const end = columns[0].map((start) => start + 60_000);
  const own = barsOf(end, end, columns.slice(1));
  const bars = {barMs: 60_000, symbols: ["BTCUSD"], bySymbol: new Map([["BTCUSD", own]])};
  const request = {bars, initialCash: CASH, feeBps: FEE_BPS, hasJournal};
  const run = () =>
    runEventBacktest({
      ...request,
      strategy: smaCross({instrumentId: "BTCUSD", fast: 20, slow: 100, size: 1}),
    });
  const cold = timed(run);
  for (let i = 0; i < 5; i += 1) {
    run();
  }
  const [, open, , , close] = columns;
  const bare = median(Array.from({length: 9}, () => timed(() => bareLoop(open, close)).ms));
  return {run, cold: cold.ms, bare, answers: [cold.answer], loop: bareLoop(open, close)};
}

export function checkSmaCross(answer, {answers, loop}) {
  for (const {fillCount, netWealth} of [answer, ...answers]) {
    if (fillCount !== WANTED.fillCount || !isNear(netWealth.at(-1), WANTED.netWealth)) {
      return `${fillCount} fills and ${netWealth.at(-1)} at the end`;
    }
  }
  return isNear(loop.netWealth, WANTED.netWealth) ? undefined : "the bare loop is wrong";
}

export function noteSmaCross(ms, {cold, bare}) {
  const bars = `${(43.2 / ms).toFixed(2)} M bars/s warm, cold ${cold.toFixed(1)} ms`;
  const ratio = `${(ms / bare).toFixed(0)} x a bare loop (${bare.toFixed(2)} ms)`;
  return [bars, ratio, ...["backtrader", "vectorbt"].map((name) => peerText(name, ms))].join("; ");
}

/** The same strategy as one loop over two arrays: the least this machine can take. */
function bareLoop(open, close) {
  let [fast, slow, side, held, cash, wanted, wealth] = [0, 0, 0, 0, CASH, 0, CASH];
  for (let t = 0; t < close.length; t += 1) {
    if (wanted !== held) {
      const size = wanted - held;
      cash -= size * open[t] + (Math.abs(size) * open[t] * FEE_BPS) / 10_000;
      held = wanted;
    }
    fast += close[t] - (t >= 20 ? close[t - 20] : 0);
    slow += close[t] - (t >= 100 ? close[t - 100] : 0);
    if (t >= 99) {
      // The sums are rounded: means this close are equal.
      const gap = fast / 20 - slow / 100;
      const now = Math.abs(gap) < 1e-9 ? side : Math.sign(gap);
      wanted = side !== 0 && now !== side ? now : wanted;
      side = now;
    }
    wealth = cash + held * close[t];
  }
  return {netWealth: wealth};
}

/** What a Python engine takes for it here, where it is installed and its answer is the same. */
function peerText(name, ms) {
  const found = spawnSync("python3", [peers, name, csv], {encoding: "utf8", timeout: 120_000});
  if (found.status !== 0) {
    return `${name}: peer not installed`;
  }
  const peer = JSON.parse(found.stdout);
  const isSame = peer.fills === WANTED.fillCount && isNear(peer.value, WANTED.netWealth);
  return isSame
    ? `${(peer.ms / ms).toFixed(1)} x as fast as ${name} (${peer.ms.toFixed(0)} ms)`
    : `${name}: another answer (${peer.fills} fills, ${peer.value})`;
}

function readColumns() {
  const lines = readFileSync(csv, "utf8").trimEnd().split("\n").slice(1);
  const rows = lines.map((line) => line.split(",").map(Number));
  return rows[0].map((_, j) => Float64Array.from(rows, (row) => row[j]));
}

function timed(task) {
  const start = performance.now();
  const answer = task();
  return {answer, ms: performance.now() - start};
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function isNear(found, wanted) {
  return Math.abs(found / wanted - 1) <= 1e-9;
}
