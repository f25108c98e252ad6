import type {ColumnTable} from "arquero";
import type {NodeTiming} from "../../runlog/reading/node-timing.js";
import {mean} from "../../stats/distribution/moments.js";
import {columnOf, type Frame} from "../../table/frame.js";
import {formatMinute} from "../../time/epoch.js";
import {type Figure, timeAxis, valueAxis} from "../figure.js";
import {formatNumber} from "../number-text.js";
import {plotPoints} from "../plot-points.js";
import type {NodeOutput, RecordedRun} from "../recorded-run.js";
import {note, type Sentence} from "../sentence.js";
import {makeTable} from "../table.js";

const ALL_NODES = "all nodes";

/** Seconds per node and for all nodes of a bar, in order of execution; or that none were timed. */
export function executionTimes({timings}: Pick<RecordedRun, "timings">): ColumnTable | Sentence {
  if (timings.length === 0) {
    return note("The run was not profiled: no execution times were recorded.");
  }
  const rows = [...secondsByNode(timings)];
  const ms = (f: (seconds: Float64Array) => number): string[] =>
    rows.map(([, series]) => formatNumber(f(series.seconds) * 1e3, 2));
  return makeTable({
    Node: rows.map(([id]) => id),
    Bars: rows.map(([, {seconds}]) => seconds.length),
    "Mean (ms)": ms(mean),
    "Longest (ms)": ms((seconds) => Math.max(...seconds)),
    "Total (ms)": ms((seconds) => seconds.reduce((sum, x) => sum + x, 0)),
  });
}

/** Milliseconds that each node took at each bar; or the sentence that none were timed. */
export function executionTimeFigure({timings}: Pick<RecordedRun, "timings">): Figure | Sentence {
  if (timings.length === 0) {
    return note("The run was not profiled: there are no execution times to draw.");
  }
  const rows = [...secondsByNode(timings)].filter(([id]) => id !== ALL_NODES);
  return {
    data: rows.map(([name, {index, seconds}]) => ({
      type: "scatter",
      mode: "lines",
      stackgroup: "nodes",
      name,
      ...plotPoints(
        index,
        seconds.map((x) => x * 1e3),
      ),
    })),
    layout: {
      title: {text: "Execution time per bar"},
      height: 360,
      xaxis: timeAxis(),
      yaxis: valueAxis("ms per bar"),
    },
  };
}

/**
 * How long after its bar's end a bar's orders were recorded, seconds: what lies between the last
 * price and the order.
 */
export function orderTimesTable(orderTimes: Frame): ColumnTable | Sentence {
  const seconds = orderTimes.columns.includes("execution_time")
    ? columnOf(orderTimes, "execution_time")
    : new Float64Array();
  if (seconds.length === 0) {
    return note("No order was recorded: there are no execution times of orders.");
  }
  const longest = Math.max(...seconds);
  return makeTable({
    "Bars with orders": [seconds.length],
    "Mean (s)": [formatNumber(mean(seconds), 1)],
    "Last (s)": [formatNumber(seconds.at(-1) as number, 1)],
    "Longest (s)": [formatNumber(longest, 1)],
    "Longest at (UTC)": [formatMinute(orderTimes.index[seconds.indexOf(longest)] as number)],
  });
}

/** How much each node recorded, and the peak memory of the run's process. */
export function outputSizes({outputs}: Pick<RecordedRun, "outputs">): ColumnTable | Sentence {
  if (outputs.length === 0) {
    return note("No node output was recorded.");
  }
  return makeTable({
    Node: outputs.map(({id}) => id),
    "Rows per bar": outputs.map(({rows}) => rows),
    Instruments: outputs.map(({instruments}) => instruments),
    Features: outputs.map(({features}) => features),
    "KiB per bar": outputs.map((output) => formatNumber(bytesOf(output) / 1024, 1)),
  });
}

/** `Peak memory of the process: 164 MiB.`, or that it is not known. */
export function peakMemory({facts}: Pick<RecordedRun, "facts">): Sentence {
  return Number.isNaN(facts.peakRssBytes)
    ? note("The run did not record its peak memory.")
    : note(`Peak memory of the process: ${formatNumber(facts.peakRssBytes / 2 ** 20)} MiB.`);
}

/** Numbers are 64 bit. */
function bytesOf({rows, instruments, features}: NodeOutput): number {
  return rows * instruments * features * 8;
}

interface TimeSeries {
  readonly index: Float64Array;
  readonly seconds: Float64Array;
}

/** Each node's times by bar, then the sums over all nodes. */
function secondsByNode(timings: readonly NodeTiming[]): Map<string, TimeSeries> {
  const byNode = new Map<string, Map<number, number>>();
  for (const {id, barEnd, seconds} of timings) {
    for (const name of [id, ALL_NODES]) {
      const bars = byNode.get(name) ?? new Map<number, number>();
      byNode.set(name, bars.set(barEnd, (bars.get(barEnd) ?? 0) + seconds));
    }
  }
  const names = [...byNode.keys()].filter((name) => name !== ALL_NODES);
  return new Map(
    [...names, ALL_NODES].map((name): [string, TimeSeries] => {
      const bars = [...(byNode.get(name) ?? [])].sort(([a], [b]) => a - b);
      return [
        name,
        {
          index: Float64Array.from(bars, ([time]) => time),
          seconds: Float64Array.from(bars, ([, seconds]) => seconds),
        },
      ];
    }),
  );
}
