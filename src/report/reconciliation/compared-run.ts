import {accountPnl} from "../../finance/pnl/bar-pnl.js";
import {accountStreams} from "../../reconcile/record/account-streams.js";
import type {RecordedSide} from "../../reconcile/record/recorded-side.js";
import {STATISTICS_COLUMNS} from "../../runlog/layout.js";
import type {RunFolder, RunPortfolio} from "../../runlog/reading/run-folder.js";
import {type Frame, makeFrame, selectColumns, selectRows} from "../../table/frame.js";
import {SECOND_MS} from "../../time/epoch.js";
import {type RecordedRun, readableTimes} from "../recorded-run.js";

/** A run as pages show it, and when its orders were recorded. */
export interface ComparedRun extends RecordedRun {
  /** As `orderExecutionTimes` gives it. */
  readonly orderTimes: Frame;
}

/**
 * What pages show of a run that was read to be compared: only its timings and the sizes of its
 * nodes' outputs are read here. What could not be read is as if it had not been recorded; a
 * reconciliation says what that is.
 */
export async function comparedRun(run: RunFolder, side: RecordedSide): Promise<ComparedRun> {
  return {
    ...(await readableTimes(run)),
    portfolio: portfolioOf(side),
    targets: side.targets ?? {},
    orders: side.orders ?? [],
    orderTimes: orderTimesOf(side),
  };
}

/**
 * The account at the bars that all of its four streams tell of, over the instruments that any of
 * them names, and its metrics: NaN where these were not recorded. Without one of the four, the
 * metrics alone.
 */
function portfolioOf(side: RecordedSide): RunPortfolio {
  const metrics = side.portfolio.statistics ?? emptyFrame();
  const streams = accountStreams(side);
  const frames = streams === undefined ? [] : Object.values<Frame>({...streams});
  const index = streams === undefined ? metrics.index : barsOfAll(frames);
  const columns = [...new Set(frames.flatMap((frame) => frame.columns))];
  const onAxes = (frame: Frame | undefined): Frame =>
    frame === undefined ? emptyFrame() : selectColumns(selectRows(frame, index), columns);
  const account = {
    holdings_shares: onAxes(streams?.held),
    holdings_notional: onAxes(streams?.value),
    executed_trades_shares: onAxes(streams?.shares),
    executed_trades_notional: onAxes(streams?.traded),
  };
  const names = [...new Set([...STATISTICS_COLUMNS, ...metrics.columns])];
  return {
    ...account,
    statistics:
      index.length === 0 ? emptyFrame() : selectColumns(selectRows(metrics, index), names),
    pnl: accountPnl(
      account.holdings_notional,
      account.executed_trades_notional,
      account.holdings_shares,
    ),
    wallClock: index.map((bar) => side.wallClock.get(bar) ?? Number.NaN),
  };
}

/** Of bars with orders; the wall clock of a bar is that of its orders where it has any. */
function orderTimesOf({orders = [], wallClock}: RecordedSide): Frame {
  const bars = Float64Array.from(new Set(orders.map(({barEnd}) => barEnd))).sort();
  const clocks = bars.map((bar) => wallClock.get(bar) ?? Number.NaN);
  const delays = clocks.map((clock, t) => (clock - (bars[t] as number)) / SECOND_MS);
  return makeFrame(bars, ["wall_clock_time", "execution_time"], [clocks, delays]);
}

/** Bars of which each of the streams has a value. */
function barsOfAll(streams: readonly Frame[]): Float64Array {
  const told = streams.map(({index, data}) => {
    const bars = index.filter((_, t) => data.some((column) => !Number.isNaN(column[t])));
    return new Set(bars);
  });
  const [first] = streams as [Frame];
  return first.index.filter((bar) => told.every((bars) => bars.has(bar)));
}

function emptyFrame(): Frame {
  return makeFrame(new Float64Array(), [], []);
}
