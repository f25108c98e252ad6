import type {ColumnTable} from "arquero";
import type {NodeTiming} from "../../runlog/reading/node-timing.js";
import {formatMinute} from "../../time/epoch.js";
import {type Figure, timeAxis, valueAxis} from "../figure.js";
import {plotPoints} from "../plot-points.js";
import type {RecordedRun} from "../recorded-run.js";
import {note, type Sentence} from "../sentence.js";
import {makeTable} from "../table.js";

const MIB = 2 ** 20;

/** Memory that the process held after each node, over the bars; or that it was not recorded. */
export function nodeMemory({timings}: Pick<RecordedRun, "timings">): ColumnTable | Sentence {
  const nodes = [...byNode(timings)];
  if (nodes.length === 0) {
    return note("The run was not profiled: no memory was recorded.");
  }
  return makeTable({
    Node: nodes.map(([id]) => id),
    Bars: nodes.map(([, rows]) => rows.length),
    "Mean (MiB)": nodes.map(([, rows]) => sumOf(rows) / rows.length / MIB),
    "Most (MiB)": nodes.map(([, rows]) => mostOf(rows).rssBytes / MIB),
    "Most at bar (UTC)": nodes.map(([, rows]) => formatMinute(mostOf(rows).barEnd)),
  });
}

/** The same over time: the most that was held at each bar; or that it was not recorded. */
export function nodeMemoryFigure({timings}: Pick<RecordedRun, "timings">): Figure | Sentence {
  const nodes = [...byNode(timings)];
  if (nodes.length === 0) {
    return note("The run was not profiled: there is no memory to draw.");
  }
  return {
    data: nodes.map(([name, rows]) => ({
      type: "scatter",
      mode: "lines",
      name,
      ...plotPoints(
        Float64Array.from(rows, ({barEnd}) => barEnd),
        Float64Array.from(rows, ({rssBytes}) => rssBytes / MIB),
      ),
    })),
    layout: {
      title: {text: "Memory of the process after each node"},
      height: 360,
      xaxis: timeAxis(),
      yaxis: valueAxis("MiB"),
    },
  };
}

function byNode(timings: readonly NodeTiming[]): Map<string, NodeTiming[]> {
  const nodes = new Map<string, NodeTiming[]>();
  for (const timing of timings.filter(({rssBytes}) => !Number.isNaN(rssBytes))) {
    const rows = nodes.get(timing.id) ?? [];
    rows.push(timing);
    nodes.set(timing.id, rows);
  }
  return nodes;
}

function sumOf(rows: readonly NodeTiming[]): number {
  return rows.reduce((sum, {rssBytes}) => sum + rssBytes, 0);
}

function mostOf(rows: readonly NodeTiming[]): NodeTiming {
  return rows.reduce((most, row) => (row.rssBytes > most.rssBytes ? row : most));
}
