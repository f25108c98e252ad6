import {readFileSync} from "node:fs";
import {join} from "node:path";
import {reconcileRuns} from "../../dist/src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../dist/src/runlog/reading/run-folder.js";

/** A live run against its replay, every layer with tolerance 0, and what the run met. */
export async function compareRuns(liveDir, replayDir) {
  const [live, replay] = [new RunFolder(liveDir), new RunFolder(replayDir)];
  const reconciliation = await reconcileRuns(live, replay, 0);
  const pnls = await Promise.all([pnlOf(live), pnlOf(replay)]);
  const [livePnl, replayPnl] = pnls;
  const differences = Array.from(livePnl, (pnl, i) => Math.abs(pnl - (replayPnl[i] ?? Number.NaN)));
  const record = JSON.parse(readFileSync(join(liveDir, "run.json"), "utf8"));
  const layers = reconciliation.layers.map(({name, status, fields}) => ({
    name,
    status,
    cells: fields.reduce((sum, {cells}) => sum + cells, 0),
    largest: Math.max(0, ...fields.map(({maxAbsolute}) => maxAbsolute)),
  }));
  return {
    record,
    layers,
    bars: reconciliation.prodBars,
    replayBars: reconciliation.simBars,
    orders: (await live.orders()).length,
    pnl: livePnl.reduce((sum, pnl) => sum + pnl, 0),
    pnlDifference: Math.max(0, ...differences),
    lags: await lagsOf(live, replay),
    lines: [
      ...layers.map(
        ({name, status, cells, largest}) =>
          `${name.padEnd(18)}${status.padEnd(18)}${cells} cells, largest difference ${largest}`,
      ),
      ...reconciliation.config.map(({path, values}) => `config ${path}: ${JSON.stringify(values)}`),
      ...(reconciliation.first === undefined
        ? []
        : [`first difference: ${JSON.stringify(reconciliation.first)}`]),
      `live data: ${JSON.stringify(record.market_counts)}`,
      `not traded: ${JSON.stringify(record.not_traded)}`,
    ],
  };
}

/** Whether the replay was exact and complete, in one line. */
export function verdictOf(found, plan) {
  const {record, layers, bars, replayBars, orders, pnl, pnlDifference, lags} = found;
  const isWhole = bars === plan.bars && replayBars === bars && orders > 0;
  const isExact =
    isWhole && pnlDifference === 0 && layers.every(({status}) => status === "identical");
  const largest = Math.max(...layers.map((layer) => layer.largest));
  const text = [
    isExact ? "EXACT" : "NOT EXACT",
    `${bars} of ${plan.bars} bars`,
    `${orders} orders`,
    `${record.market_counts.late_rows ?? 0} late rows`,
    `PnL ${pnl}`,
    `largest difference ${largest}`,
    `of PnL ${pnlDifference}`,
    `a bar handled within ${(share(lags, 0.99) / plan.speed).toFixed(0)} ms (p99) of its cut-off`,
  ].join(", ");
  return {isExact, text};
}

/** What the live process took longer than the replay, whose clock stands still as it works. */
async function lagsOf(live, replay) {
  const [a, b] = await Promise.all([live.portfolio(), replay.portfolio()]);
  return Array.from(a.wallClock, (wall, t) => wall - b.wallClock[t]).sort((x, y) => x - y);
}

function share(sorted, part) {
  return sorted[Math.ceil(part * sorted.length) - 1];
}

async function pnlOf(run) {
  const {pnl} = await run.portfolio();
  // The first bar has none: nothing was carried into it.
  return Array.from(pnl.index, (_, t) =>
    pnl.data.reduce((sum, column) => sum + (column[t] || 0), 0),
  );
}
